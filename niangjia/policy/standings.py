"""Who stands where under a version: rows and counts, all from a scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from niangjia.federation.scopes import Scope
from niangjia.policy.catalogue import label, supplier
from niangjia.policy.models import Standing
from niangjia.policy.readiness import language_code


@dataclass(frozen=True)
class StandingRow:
    """One subject's current decision under one version; `supplier` is who can answer what is asked."""

    id: int
    version_id: int
    decision_id: int
    decision_public_id: str
    subject_kind: str
    subject_id: int
    union_id: int
    household_id: int | None
    outcome: str
    tab: str
    ask: str
    ask_label: str
    supplier: str
    amount_fen: int | None
    per_key: str
    first_time: bool
    decided_at: datetime
    changed_at: datetime
    next_change_on: date | None


_COLUMNS = (
    "id", "version_id", "decision_id", "decision__public_id", "subject_kind", "subject_id", "union_id", "household_id",
    "outcome", "tab", "ask", "amount_fen", "per_key", "first_time", "decision__decided_at", "changed_at",
    "next_change_on",
)  # fmt: skip


def standings(
    scope: Scope,
    version_id: int,
    tab: str | None = None,
    *,
    ask: str | None = None,
    subjects: Mapping[str, Collection[int]] | None = None,
) -> list[StandingRow]:
    """Standings of a version in scope, by owning union and subject; one query."""
    wanted = Q(version_id=version_id) & scope.unions()
    if tab is not None:
        wanted &= Q(tab=tab)
    if ask is not None:
        wanted &= Q(ask=ask)
    if subjects is not None:
        wanted &= about(subjects)
    return rows_of(wanted)


def about(subjects: Mapping[str, Collection[int]]) -> Q:
    """The condition that a row is about one of these subjects; none of them matches nothing."""
    found = Q(pk__in=[])
    for kind, ids in subjects.items():
        found |= Q(subject_kind=kind, subject_id__in=list(ids))
    return found


def rows_of(wanted: Q) -> list[StandingRow]:
    """Standing rows under a condition that already says whose they are."""
    language = language_code()
    rows = Standing.objects.filter(wanted).order_by("union_id", "subject_kind", "subject_id").values_list(*_COLUMNS)
    return [_row(values, language) for values in rows]


def _row(values: tuple[object, ...], language: str) -> StandingRow:
    found = dict(zip(_COLUMNS, values, strict=True))
    ask = str(found["ask"])
    found["decision_public_id"] = found.pop("decision__public_id")
    found["decided_at"] = found.pop("decision__decided_at")
    return StandingRow(
        **found,
        ask_label=label(ask, language) if ask else "",
        supplier=supplier(ask) if ask else "",  # type: ignore[arg-type]
    )


@dataclass(frozen=True)
class TabCount:
    """What one tab comes to: subjects, their households, those never served before, and fen once per key."""

    subjects: int
    households: int
    first_time: int
    fen: int


def standing_counts(scope: Scope, version_id: int) -> dict[str, TabCount]:
    """Counts by tab of one version in scope; a tab nobody is in is not there."""
    return counts_of(scope, [version_id]).get(version_id, {})


def counts_of(scope: Scope, version_ids: Collection[int]) -> dict[int, dict[str, TabCount]]:
    """Counts by version and tab in scope; one query."""
    rows = Standing.objects.filter(scope.unions(), version_id__in=version_ids).values_list(
        "version_id", "tab", "subject_kind", "subject_id", "household_id", "first_time", "per_key", "amount_fen"
    )
    gathered: dict[int, dict[str, _Sums]] = defaultdict(lambda: defaultdict(_Sums))
    for version_id, tab, *rest in rows:
        gathered[version_id][tab].add(*rest)
    return {pk: {tab: sums.count() for tab, sums in tabs.items()} for pk, tabs in gathered.items()}


class _Sums:
    """Collects one tab."""

    def __init__(self) -> None:
        self.subjects = 0
        self.homes: set[int] = set()
        self.first: set[tuple[str, int]] = set()
        self.fen: dict[str, int] = {}

    def add(self, kind: str, pk: int, home: int | None, first: bool, key: str, fen: int | None) -> None:
        self.subjects += 1
        if home is not None:
            self.homes.add(home)
        if first:
            self.first.add(("household", home) if home is not None else (kind, pk))
        if fen is not None:
            self.fen[key] = max(fen, self.fen.get(key, 0))

    def count(self) -> TabCount:
        return TabCount(self.subjects, len(self.homes), len(self.first), sum(self.fen.values()))
