"""Reads about looks: one's own tasks, and for the auditor who looked at how many, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, QuerySet

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.actions import actions
from niangjia.federation.models import AuditRow, LookTask
from niangjia.federation.scopes import Scope

SHOWN_TASKS = 20
PERIOD = timedelta(days=30)


def tasks_of(user: User) -> list[LookTask]:
    """One's own tasks, the newest first."""
    return list(LookTask.objects.filter(user=user).order_by("-pk")[:SHOWN_TASKS])


def look_codes() -> list[str]:
    """The audit actions that are looks."""
    return [action.code for action in actions.all() if action.look]


@dataclass(frozen=True)
class Looker:
    """One officer's looks in the period."""

    name: str
    looks: int
    objects: int
    last_at: datetime


def lookers(scope: Scope) -> list[Looker]:
    """Who looked at sensitive values of the unions in scope in the last thirty days, the most first."""
    rows = (
        AuditRow.objects.filter(scope.unions(), action__in=look_codes(), at__gte=clock.now() - PERIOD)
        .values("actor__display_name")
        .annotate(looks=Count("pk"), objects=Count("object_id", distinct=True), last_at=Max("at"))
        .order_by("-looks", "actor__display_name")
    )
    return [Looker(row["actor__display_name"] or "", row["looks"], row["objects"], row["last_at"]) for row in rows]


def tasks_in(scope: Scope) -> QuerySet[LookTask]:
    """Tasks of officers whose looks fall in scope, in the last thirty days, the newest first."""
    actors = AuditRow.objects.filter(scope.unions(), action__in=look_codes(), at__gte=clock.now() - PERIOD).values(
        "actor_id"
    )
    return (
        LookTask.objects.filter(user_id__in=actors, opened_at__gte=clock.now() - PERIOD)
        .select_related("user")
        .order_by("-pk")[:100]
    )
