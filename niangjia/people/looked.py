"""Who looked at somebody, and what he saw, in words of the person it was about: the one place that says so."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.facts import facts
from niangjia.federation.looking import LookedAt, looks_at
from niangjia.people import merged
from niangjia.people.models import HouseholdMember, OwnRequest, Statement
from niangjia.people.paperwork import kind_name
from niangjia.people.shown import label_of

# What was seen, where the action does not say it all.
_SEEN = {
    "people.identity:look": gettext_lazy("identity number, telephone"),
    "people.identity:export": gettext_lazy("identity number, telephone or address in full, on a list"),
    "people.file:look": gettext_lazy("household, jobs and facts; numbers covered"),
    "people.household:print": gettext_lazy("household, jobs and facts; numbers covered"),
    "visits.sample:look": gettext_lazy("household, jobs and facts; numbers covered"),
}  # fmt: skip


def files_of(person_ids: Collection[int]) -> set[int]:
    """These persons' files, and those that went into them."""
    return {*person_ids, *merged.led_into(person_ids)}


def who_looked_at(person_ids: Collection[int]) -> list[Any]:
    """Every look at these persons, at files that went into theirs, and at their households while they belonged there.

    Which looks there are is not listed here: each registered action that is a look counts. Newest first.
    """
    files = files_of(person_ids)
    places = HouseholdMember.objects.filter(person_id__in=files)
    spans = places.values_list("household_id", "valid_from", "valid_to")
    homes = [
        LookedAt("household", pk, _midnight(since), None if until is None else _midnight(until))
        for pk, since, until in spans
    ]
    return looks_at([*(LookedAt("person", pk) for pk in sorted(files)), *homes])


def _midnight(day: date) -> datetime:
    return clock.end_of(day) - timedelta(days=1)


def looks_at_sent(user: User) -> list[Any]:
    """Who looked at the papers a user handed in, also where they are filed under somebody else."""
    sent = Statement.objects.filter(stated_by=user, evidence__isnull=False)
    statements = {
        public_id: (kind, pk) for public_id, kind, pk in sent.values_list("public_id", "subject_kind", "subject_id")
    }
    rows = looks_at([LookedAt(kind, pk) for kind, pk in set(statements.values())])
    return [row for row in rows if row.after and json.loads(row.after).get("statement") in statements]


def seen_in(action: str, after: str) -> str:
    """Which values or which paper a look opened; empty where the action says it all."""
    told: dict[str, str] = json.loads(after) if after else {}
    if action in _SEEN:
        return str(_SEEN[action])
    if action == "people.evidence:look":
        return _paper(told)
    return _stated(told.get("statement", "")) if action == "people.statement:look" else ""


def _paper(named: dict[str, str]) -> str:
    if "paper" in named:
        return kind_name(named["paper"])
    stated = _stated(named.get("statement", ""))
    if stated:
        return stated
    return _("the paper of a request") if OwnRequest.objects.filter(public_id=named.get("request", "")).exists() else ""


def _stated(public_id: str) -> str:
    """What a statement is about."""
    statement = Statement.objects.filter(public_id=public_id).first() if public_id else None
    if statement is None or f"{statement.subject_kind}.{statement.code}" not in facts:
        return ""
    return label_of(facts.get(f"{statement.subject_kind}.{statement.code}"))
