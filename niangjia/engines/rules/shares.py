"""Cost shares: who pays which part of an amount, so that the parts add to the whole, to the fen.

The parts follow the ratios by largest remainder: each gets the whole fen below its exact part, and the
fen that are left go one by one to the largest remainders, the one written first where two are equal.
"""

from __future__ import annotations

from collections.abc import Sequence

from niangjia.engines.rules.dates import whole
from niangjia.engines.rules.errors import RuleOverflow


def split(total: int, ratios: Sequence[int]) -> tuple[int, ...]:
    """Return the parts of an amount in fen; the ratios need not come to one, only to more than nothing."""
    base = sum(ratios)
    if base <= 0 or min(ratios) < 0:
        raise RuleOverflow(f"part({total}, {', '.join(map(str, ratios))}): no ratio is above nothing")
    exact = [divmod(total * ratio, base) for ratio in ratios]
    left = total - sum(part for part, _rest in exact)
    order = sorted(range(len(ratios)), key=lambda place: (-exact[place][1], place))
    lucky = set(order[:left])
    return tuple(whole(part + (place in lucky)) for place, (part, _rest) in enumerate(exact))


def part(total: int, place: int, *ratios: int) -> int:
    """Return the part at a place, counted from 1."""
    return split(total, ratios)[place - 1]
