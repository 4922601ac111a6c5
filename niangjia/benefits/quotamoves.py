"""Places on the move: what was given back, why, and who got it; every union that has places sees it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from niangjia.benefits.models import QuotaReallotment, QuotaReturn
from niangjia.benefits.periods import period_of
from niangjia.benefits.quotas import QuotaTable, Subject, quotas_now
from niangjia.core import clock
from niangjia.federation.scopes import Scope
from niangjia.people import queries as people
from niangjia.policy import queries as policy


def waiting(card: policy.VersionCard) -> QuerySet[QuotaReturn]:
    """What was given back and waits."""
    period = period_of(card, clock.today())
    return QuotaReturn.objects.filter(
        version_id=card.id, period=period, undone_at__isnull=True, reallotment__isnull=True
    ).order_by("pk")


def seen_of(card: policy.VersionCard) -> str:
    """What the officer saw; sent back with the button and compared."""
    return "-".join(f"{pk}:{places}" for pk, places in waiting(card).values_list("pk", "places"))


def moves(before: QuotaTable, after: QuotaTable) -> Mapping[Subject, int]:
    """Who gets how many more."""
    return {one: after.own[one] - own for one, own in before.own.items() if after.own[one] != own}


@dataclass(frozen=True)
class Returned:
    """Places somebody gave back."""

    public_id: str
    name: str
    places: int
    reason: str
    by: str
    at: datetime
    may_undo: bool


@dataclass(frozen=True)
class Moved:
    """One time that places were given out again: how many, from whom, to whom."""

    at: datetime
    by: str
    places: int
    returns: list[Returned]
    to: list[tuple[str, int]]
    left: int  # what nobody could use


@dataclass(frozen=True)
class Own:
    """One union or employer of the reader's, with the places it could give back."""

    kind: str
    id: int
    name: str
    places: int


@dataclass(frozen=True)
class MovesPage:
    """The page of places on the move."""

    card: policy.VersionCard
    table: QuotaTable
    own: list[Own]
    waiting: list[Returned]
    preview: list[tuple[str, int]]
    preview_left: int
    moved: list[Moved]
    seen: str


def moves_page(card: policy.VersionCard, reading: Scope, returning: Scope) -> MovesPage | None:
    """The page; None where places are not shared down the tree. Bodies out of scope appear as their union."""
    table = quotas_now(card)
    if table is None:
        return None
    after = quotas_now(card, given_out=True) if table.pending else None
    preview = moves(table, after) if after is not None else {}
    period = period_of(card, clock.today())
    rows = list(
        QuotaReturn.objects.filter(version_id=card.id, period=period, undone_at__isnull=True)
        .select_related("returned_by").order_by("pk")
    )  # fmt: skip
    done = list(
        QuotaReallotment.objects.filter(version_id=card.id, period=period).select_related("done_by").order_by("-pk")
    )
    given = {one.pk: {(kind, pk): more for kind, pk, more in json.loads(one.moved)} for one in done}
    subjects = {
        *table.own,
        *((row.subject_kind, row.subject_id) for row in rows),
        *(s for one in given.values() for s in one),
    }
    names = _Names(subjects, reading)

    def returned(row: QuotaReturn) -> Returned:
        may_undo = row.reallotment_id is None and returning.reaches_union(row.union_id)
        name = names.of((row.subject_kind, row.subject_id))
        return Returned(row.public_id, name, row.places, row.reason, str(row.returned_by), row.returned_at, may_undo)

    moved = []
    for one in done:
        back = [returned(row) for row in rows if row.reallotment_id == one.pk]
        total = sum(row.places for row in back)
        to = names.added(given[one.pk])
        moved.append(Moved(one.done_at, str(one.done_by), total, back, to, total - sum(more for _name, more in to)))
    own = [
        Own(*subject, names.of(subject), places) for subject, places in table.own.items()
        if places and returning.reaches_union(names.unions[subject])
    ]  # fmt: skip
    pending = [returned(row) for row in rows if row.reallotment_id is None]
    return MovesPage(
        card, table, sorted(own, key=lambda one: one.name), pending,
        names.added(preview), table.pending - sum(preview.values()), moved, seen_of(card),
    )  # fmt: skip


class _Names:
    """Names of unions and employers; a body whose union the reader does not reach stands under that union's name."""

    def __init__(self, subjects: Iterable[Subject], reading: Scope) -> None:
        by_kind: dict[str, list[int]] = {}
        for kind, pk in subjects:
            by_kind.setdefault(kind, []).append(pk)
        self.names: dict[Subject, str] = {}
        self.unions: dict[Subject, int] = {}
        reached: dict[int, bool] = {}
        for kind, ids in by_kind.items():
            for pk, card in people.subject_cards(kind, ids, today=clock.today()).items():
                self.unions[kind, pk] = card.union_id
                inside = reached.setdefault(card.union_id, reading.reaches_union(card.union_id))
                self.names[kind, pk] = card.name if inside or kind == "union" else card.union_name

    def of(self, subject: Subject) -> str:
        """One name."""
        return self.names.get(subject, "")

    def added(self, places: Mapping[Subject, int]) -> list[tuple[str, int]]:
        """Places by name, several bodies of one name added up, the most first."""
        found: dict[str, int] = {}
        for subject, more in places.items():
            found[self.of(subject)] = found.get(self.of(subject), 0) + more
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))
