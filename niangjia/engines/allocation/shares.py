"""Splitting a whole number of places in proportion: largest remainder, with a least and a most for each.

Exact: fractions, no floating point. Equal remainders go to the larger weight, then to the smaller id.
The method can give somebody fewer places although there are more in all (the Alabama paradox): who
adds places to what was promised gives what was promised as the `least`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from niangjia.engines.allocation.errors import AllocationError


@dataclass(frozen=True)
class Claim:
    """One that takes part: its weight (members, say), the fewest places it must get, the most it can use."""

    id: str
    weight: int
    least: int = 0
    most: int | None = None


def shares(places: int, claims: Iterable[Claim]) -> dict[str, int]:
    """Places by id. They add up to `places`, unless nobody can use the rest: weight nought, or `most` reached.

    Raises `AllocationError` where an id comes twice, a number is negative, or the least cannot be given.
    """
    found = sorted(claims, key=lambda one: one.id)
    _check(places, found)
    exact = _exact(places, found)
    whole = {one.id: int(exact[one.id]) for one in found}
    # With somebody unable to take all, the exact shares may add up to less; they always add up to a whole number.
    rest = int(sum(exact.values(), Fraction())) - sum(whole.values())
    by_remainder = sorted(found, key=lambda one: (whole[one.id] - exact[one.id], -one.weight, one.id))
    for one in by_remainder[:rest]:
        whole[one.id] += 1
    return whole


def _exact(places: int, claims: Collection[Claim]) -> dict[str, Fraction]:
    """Proportional shares within everybody's least and most, as fractions.

    Who would fall below the least, or rise above the most, is fixed there, and the others share what
    is left. Only one side is fixed in each round, the one that is off by more in all: fixing it can
    only make the other side better.
    """
    fixed: dict[str, int] = {}
    while True:
        free = [one for one in claims if one.id not in fixed]
        weight = sum(one.weight for one in free)
        left = places - sum(fixed.values())
        share = {one.id: Fraction(left * one.weight, weight) if weight else Fraction(0) for one in free}
        low = {one.id: one.least for one in free if share[one.id] < one.least}
        high = {one.id: one.most for one in free if one.most is not None and share[one.id] > one.most}
        if not low and not high:
            return {id: Fraction(fixed[id]) for id in fixed} | share
        lacking = sum((least - share[id] for id, least in low.items()), Fraction())
        beyond = sum((share[id] - most for id, most in high.items()), Fraction())
        fixed |= high if beyond >= lacking else low


def _check(places: int, claims: Collection[Claim]) -> None:
    if len({one.id for one in claims}) != len(claims):
        raise AllocationError("unit-twice", "同一个单位列了两次。", "A unit is listed twice.")
    for one in claims:
        if one.weight < 0 or one.least < 0 or (one.most is not None and one.most < one.least):
            raise AllocationError(
                "claim-invalid",
                f"{one.id}的权数、最少或最多名额不对。",
                f"The weight, the least or the most of {one.id} is wrong.",
            )
    least = sum(one.least for one in claims)
    if places < least:
        raise AllocationError(
            "least-too-much",
            f"最少名额合计{least}，只有{places}个名额。",
            f"The fewest places come to {least}, and there are only {places}.",
        )
