"""Under which name a row stands: at the desk, and on a paper that leaves it (never a minor's)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from niangjia.federation.queries import towns_of, union_names
from niangjia.federation.scopes import Scope
from niangjia.people import queries as people


class Named(Protocol):
    """Anything that points at a subject: a standing, a row of a list, a candidate."""

    @property
    def subject_kind(self) -> str:
        """person, household, employer or union."""

    @property
    def subject_id(self) -> int:
        """The subject's id in its own room."""

    @property
    def union_id(self) -> int:
        """The union that owns it."""

    @property
    def household_id(self) -> int | None:
        """The household behind it."""


@dataclass(frozen=True)
class RowName:
    """The names of one row; numbers are masked."""

    kind: str
    name: str
    head: str
    number: str
    town: str
    is_minor: bool
    # As on a paper that leaves the desk: a minor stands under the head of the household.
    outside: str
    outside_number: str

    @property
    def noticed(self) -> str:
        """The name as a public notice prints it: 艾*青; a body is named in full."""
        return people.mask_name(self.outside) if self.kind in {"person", "household"} else self.outside

    @property
    def head_beside(self) -> str:
        """The head of the household, where that is somebody else."""
        return self.head if self.kind == "person" and self.head != self.name else ""


@dataclass(frozen=True)
class _Cards:
    subjects: dict[tuple[str, int], people.SubjectCard]
    households: dict[int, people.SubjectCard]
    towns: dict[int, str]
    unions: dict[int, str]


def names_of(
    rows: Iterable[Named], *, today: date, numbers: bool = False, scope: Scope | None = None
) -> dict[tuple[str, int], RowName]:
    """Names of many rows that are already known to lie in scope; a fixed number of queries.

    With numbers, a `scope` that reaches a head's own union is told his too.
    """
    rows = list(rows)
    cards = _cards(rows, today, numbers, scope)
    return {(row.subject_kind, row.subject_id): _name(row, cards) for row in rows}


def _cards(rows: list[Named], today: date, numbers: bool, scope: Scope | None) -> _Cards:
    wanted: dict[str, set[int]] = defaultdict(set)
    told: dict[str, Any] = {"today": today, "numbers": numbers, "scope": scope}
    for row in rows:
        wanted[row.subject_kind].add(row.subject_id)
    subjects = {
        (kind, pk): card for kind, ids in wanted.items() for pk, card in people.subject_cards(kind, ids, **told).items()
    }
    homes = {row.household_id for row in rows if row.subject_kind == "person" and row.household_id}
    households = people.subject_cards("household", homes, **told) if homes else {}
    union_ids = {row.union_id for row in rows}
    towns = {pk: union.name for pk, union in towns_of(union_ids).items()}
    return _Cards(subjects, households, towns, union_names(union_ids - towns.keys()))


def place_name(union_name: str) -> str:
    """The place a union is named after: 小满镇总工会 stands in a column of towns as 小满镇."""
    for ending in ("总工会", "工会"):
        if union_name.endswith(ending) and len(union_name) > len(ending):
            return union_name.removesuffix(ending)
    return union_name


def _name(row: Named, cards: _Cards) -> RowName:
    card = cards.subjects[row.subject_kind, row.subject_id]
    home = cards.households.get(row.household_id or 0)
    minor = row.subject_kind == "person" and card.is_minor
    return RowName(
        kind=row.subject_kind,
        name=card.name,
        head=home.head_name if home else card.head_name,
        number=card.masked_number,
        town=place_name(cards.towns.get(row.union_id) or cards.unions.get(row.union_id, "")),
        is_minor=minor,
        outside=(home.head_name if home else "") if minor else card.name,
        outside_number=(home.masked_number if home else "") if minor else card.masked_number,
    )
