"""Places that go down the tree of unions: each level's places add up to those of the level above.

A programme whose places are shared decides about unions or employers; the `rank_key` of its rule is the
weight of each, such as its front-line workers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from niangjia.benefits.candidates import Candidate, candidates
from niangjia.benefits.models import QuotaReturn
from niangjia.benefits.periods import period_of
from niangjia.benefits.placesection import places_of
from niangjia.core import clock
from niangjia.engines import allocation
from niangjia.federation.queries import tree_above, union_names
from niangjia.federation.scopes import system_scope
from niangjia.policy import queries as policy

FORMAT = "niangjia-quotas/1"
Subject = tuple[str, int]


@dataclass(frozen=True)
class QuotaLine:
    """One union of the tree: how deep it stands, its weight and its places, with all below it."""

    union_id: int
    name: str
    depth: int
    weight: int
    places: int

    @property
    def weight_words(self) -> str:
        """The weight with thousands apart."""
        return f"{self.weight:,}"

    @property
    def places_words(self) -> str:
        """The places with thousands apart."""
        return f"{self.places:,}"


@dataclass(frozen=True)
class QuotaTable:
    """How the places of one version go down the tree now."""

    card: policy.VersionCard
    number: int
    unions: tuple[QuotaLine, ...]
    of: Mapping[Subject, int]  # places of each union or employer that meets the rule
    left: int  # what nobody could be given
    own: Mapping[Subject, int] = field(default_factory=dict)  # of these, what it does not pass on
    pending: int = 0  # given back, and not given out again yet

    def file(self) -> str:
        """The table as it is kept with a frozen list."""
        units = [
            {"union": one.name, "depth": one.depth, "weight": one.weight, "places": one.places} for one in self.unions
        ]
        whole = {"format": FORMAT, "title": self.card.name, "places": self.number, "left": self.left, "units": units}
        return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def quotas_now(card: policy.VersionCard, *, given_out: bool = False) -> QuotaTable | None:
    """The quotas of a version today; None where its places are not shared down the tree.

    What was given back lies with the whole until it is `given_out` again.
    """
    rule = places_of(card)
    if rule is None or not rule.share:
        return None
    found = candidates(system_scope(), card)
    ranks = policy.ranks([one.decision_id for one in found])
    weights = {(one.subject_kind, one.subject_id): _weight(ranks[one.decision_id].key) for one in found}
    parents = tree_above({one.union_id for one in found}, card.area_id)
    units = _units(found, weights, parents)
    split, pending = _after_returns(card, allocation.cascade(rule.number, units), units, weights, given_out)
    of = {subject: split.of[_id(*subject)] for subject in weights}
    own = {subject: split.kept[_id(*subject)] for subject in weights}
    left = split.kept[_id("union", card.area_id)] - (0 if given_out else pending)
    return QuotaTable(card, rule.number, _lines(card, parents, units, split), of, left, own, pending)


def _after_returns(
    card: policy.VersionCard, split: allocation.Quotas, units: Sequence[allocation.Unit],
    weights: Mapping[Subject, int], given_out: bool,
) -> tuple[allocation.Quotas, int]:  # fmt: skip
    """What was given back goes out again by weight, nearest first; nobody else loses a place, and who gave gets none.

    Each time it is given out is worked out by itself, so that a later one takes nothing from an earlier one.
    """
    rows = QuotaReturn.objects.filter(
        version_id=card.id, period=period_of(card, clock.today()), undone_at__isnull=True
    ).order_by("pk")
    batches: dict[int | None, Counter[str]] = {}
    for row in rows:
        id = _id(row.subject_kind, row.subject_id)
        if id in split.kept:
            batches.setdefault(row.reallotment_id, Counter())[id] += row.places
    pending, gone = sum(batches.get(None, Counter()).values()), set[str]()
    for key in (*sorted(key for key in batches if key is not None), *([None] if None in batches else [])):
        back = batches[key]
        gone |= back.keys()
        used = {id: max(0, kept - back[id]) for id, kept in split.kept.items()}
        wanted = {_id(*subject): weight for subject, weight in weights.items() if _id(*subject) not in gone}
        split = allocation.give_back(split, units, used, wanted if key is not None or given_out else {})
    return split, pending


def _weight(key: int | str | None) -> int:
    return max(0, key) if isinstance(key, int) else 0


def _id(kind: str, pk: int) -> str:
    return f"{kind}:{pk}"


def _units(
    found: Sequence[Candidate], weights: Mapping[Subject, int], parents: Mapping[int, int | None]
) -> list[allocation.Unit]:
    units = [
        allocation.Unit(_id("union", pk), None if parent is None else _id("union", parent), weights.get(("union", pk)))
        for pk, parent in parents.items()
    ]
    return units + [
        allocation.Unit(
            _id(one.subject_kind, one.subject_id), _id("union", one.union_id), weights["employer", one.subject_id]
        )
        for one in found
        if one.subject_kind == "employer" and one.union_id in parents
    ]


def _lines(
    card: policy.VersionCard, parents: Mapping[int, int | None], units: Sequence[allocation.Unit],
    split: allocation.Quotas,
) -> tuple[QuotaLine, ...]:  # fmt: skip
    below: dict[int | None, list[int]] = {}
    for pk, parent in parents.items():
        below.setdefault(parent, []).append(pk)
    names, own = union_names(parents), {unit.id: unit for unit in units}
    children: dict[str | None, list[allocation.Unit]] = {}
    for unit in units:
        children.setdefault(unit.parent, []).append(unit)

    def weight(id: str) -> int:
        given = own[id].weight
        return sum(weight(unit.id) for unit in children.get(id, ())) if given is None else given

    def walk(pk: int, depth: int) -> list[QuotaLine]:
        id = _id("union", pk)
        line = QuotaLine(pk, names[pk], depth, weight(id), split.of[id])
        return [line, *(one for child in sorted(below.get(pk, ())) for one in walk(child, depth + 1))]

    return tuple(walk(card.area_id, 0))
