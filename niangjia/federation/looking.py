"""Reads about looks: one's own tasks, and for the auditor who looked at how many, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.actions import actions
from niangjia.federation.listing.kinds import list_url
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
class LookedAt:
    """One object, and between which moments a look at it counts."""

    kind: str
    id: int
    since: datetime | None = None
    until: datetime | None = None

    def condition(self) -> Q:
        """The rows about it."""
        rows = Q(object_kind=self.kind, object_id=self.id)
        if self.since is not None:
            rows &= Q(at__gte=self.since)
        return rows if self.until is None else rows & Q(at__lt=self.until)


def looks_at(objects: Collection[LookedAt]) -> list[AuditRow]:
    """Every look at these objects that was written down, whatever room wrote it; the newest first."""
    if not objects:
        return []
    about = Q()
    for one in objects:
        about |= one.condition()
    # Sorted here: asked to sort by the key, a database would walk the whole trail for it.
    rows = AuditRow.objects.filter(about, action__in=look_codes()).select_related("actor").order_by()
    return sorted(rows, key=lambda row: row.pk, reverse=True)


@dataclass(frozen=True)
class Looker:
    """One officer's looks in the period."""

    name: str
    looks: int
    objects: int
    last_at: datetime

    @property
    def looks_url(self) -> str:
        """The rows of the trail that these are."""
        return list_url("federation.trail", looks="on", actor=self.name, since=_since().isoformat())


def _since() -> date:
    """The first of the thirty days: whole days, as the trail is narrowed by."""
    return clock.today() - PERIOD


def lookers(scope: Scope) -> list[Looker]:
    """Who looked at sensitive values of the unions in scope in the last thirty days, the most first."""
    rows = (
        AuditRow.objects.filter(
            scope.unions(), action__in=look_codes(), at__gte=clock.end_of(_since() - timedelta(days=1))
        )
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
