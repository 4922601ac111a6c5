"""Quotas down a tree of unions: children add up to the parent; unused places go back up and out again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from niangjia.engines.allocation.errors import AllocationError
from niangjia.engines.allocation.shares import Claim, shares


@dataclass(frozen=True)
class Unit:
    """One union of the tree; `parent` is None at the top.

    The weight of who has children is the sum of theirs unless it is given. `least` and `most` bound
    what it gets in all.
    """

    id: str
    parent: str | None
    weight: int | None = None
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Quotas:
    """Places by unit: `of` holds what each was given in all, `kept` what it did not pass on."""

    of: Mapping[str, int]
    kept: Mapping[str, int]

    @property
    def total(self) -> int:
        """All places of the tree: what is kept at every unit, added up."""
        return sum(self.kept.values())


class _Tree:
    """The tree with what follows from below: weights, fewest and most places that can be passed on."""

    def __init__(self, units: Iterable[Unit]) -> None:
        found = sorted(units, key=lambda one: one.id)
        self.units = {one.id: one for one in found}
        self.children: dict[str | None, list[str]] = defaultdict(list)
        for one in found:
            self.children[one.parent].append(one.id)
        self._check(found)
        self.claims: dict[str, Claim] = {}
        for id in reversed(self.downwards()):
            self.claims[id] = self._claim(self.units[id])

    def downwards(self) -> list[str]:
        """Ids, each parent before its children."""
        order = list(self.children[None])
        for id in order:
            order.extend(self.children.get(id, ()))
        return order

    @property
    def top(self) -> str:
        """The root."""
        return self.children[None][0]

    def below(self, id: str) -> list[Claim]:
        """The claims of a unit's children."""
        return [self.claims[child] for child in self.children.get(id, ())]

    def _claim(self, unit: Unit) -> Claim:
        below = self.below(unit.id)
        weight = sum(one.weight for one in below) if unit.weight is None else unit.weight
        least = max(unit.least, sum(one.least for one in below))
        tops = [one.most for one in below]
        inner = None if not below or None in tops else sum(top or 0 for top in tops)
        # Without weight nothing comes beyond the least.
        bounds = (unit.most, inner, None if weight else least)
        most = min((bound for bound in bounds if bound is not None), default=None)
        if most is not None and most < least:
            raise AllocationError(
                "claim-invalid",
                f"{unit.id}最少要{least}个，最多只能用{most}个。",
                f"{unit.id} must get {least} places and can use only {most}.",
            )
        return Claim(unit.id, weight, least, most)

    def _check(self, found: list[Unit]) -> None:
        if len(self.units) != len(found):
            raise AllocationError("unit-twice", "同一个单位列了两次。", "A unit is listed twice.")
        if len(self.children[None]) != 1 or len(self.downwards()) != len(found):
            raise AllocationError("tree-broken", "单位没有连成一棵树。", "The units do not make one tree with one top.")


def cascade(places: int, units: Iterable[Unit]) -> Quotas:
    """Split places from the top to the last union, level by level, each by largest remainder.

    Nobody is given more than all below it can use; what nobody can use stays at the top. Raises
    `AllocationError` where the units are no tree or somebody's fewest places cannot be given.
    """
    tree = _Tree(units)
    top = tree.claims[tree.top]
    if places < top.least:
        shares(places, [top])  # says what is wrong
    given = {tree.top: places}
    kept: dict[str, int] = {}
    for id in tree.downwards():
        below = tree.below(id)
        room = given[id] if tree.claims[id].most is None else min(given[id], tree.claims[id].most or 0)
        passed = shares(room, below) if below else {}
        given |= passed
        kept[id] = given[id] - sum(passed.values())
    return Quotas(given, kept)


def give_back(quotas: Quotas, units: Iterable[Unit], used: Mapping[str, int], wanted: Mapping[str, int]) -> Quotas:
    """Return unused places upward and give them out again where more are wanted.

    `used` are places that were taken, by unit; `wanted` how many more each could use. A place goes
    first to whoever wants one under the same parent, then one level up, and so on; among them by
    largest remainder of what they want. What nobody wants stays with the highest it came to. Nobody
    loses a place that is used. Raises `AllocationError` where more is used than was given.
    """
    tree = _Tree(units)
    for id, number in used.items():
        if not 0 <= number <= quotas.kept.get(id, 0):
            raise AllocationError(
                "used-too-much", f"{id}用了{number}个，超过了名额。", f"{id} used {number}, more than it was given."
            )
    kept = {id: used.get(id, 0) for id in tree.units}
    spare = {id: quotas.kept[id] - kept[id] for id in tree.units}
    wants = {id: max(0, wanted.get(id, 0)) for id in tree.units}
    for id in reversed(tree.downwards()):
        inside = _below(tree, id)
        pool = sum(spare[one] for one in inside)
        claims = [Claim(one, wants[one], most=wants[one]) for one in inside]
        for one, more in shares(pool, claims).items():
            kept[one] += more
            wants[one] -= more
            pool -= more
        for one in inside:
            spare[one] = 0
        spare[id] = pool
    kept[tree.top] += spare[tree.top]
    return Quotas(_in_all(tree, kept), kept)


def _below(tree: _Tree, id: str) -> list[str]:
    """A unit and everybody below it."""
    found = [id]
    for one in found:
        found.extend(tree.children.get(one, ()))
    return found


def _in_all(tree: _Tree, kept: Mapping[str, int]) -> dict[str, int]:
    given = dict(kept)
    for id in reversed(tree.downwards()):
        parent = tree.units[id].parent
        if parent is not None:
            given[parent] += given[id]
    return given
