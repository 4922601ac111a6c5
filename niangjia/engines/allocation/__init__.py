"""Allocation: who gets one of a few places, and how a number of places is split among unions.

Places go by priority group, within it by rank, then by a stated tie-break, then by a draw that
nobody can steer and everybody can run again. Whose group or rank is unknown waits in a list of
their own and hold no place. Quotas go down a tree of unions so that children add up to the parent.

>>> few = [Entrant("a", group=1, rank=0), Entrant("b", group=2, rank=0), Entrant("c", group=None, rank=0)]
>>> found = allocate(few, places=1)
>>> found.placed, found.waiting, found.unknown
(('a',), ('b',), ('c',))
>>> shares(10, [Claim("x", 2), Claim("y", 1)])
{'x': 7, 'y': 3}

Not here: who meets a rule (`engines.rules`), people, and anything that is kept. This package
thinks and never stores.
"""

from __future__ import annotations

from niangjia.engines.allocation.cascade import Quotas, Unit, cascade, give_back
from niangjia.engines.allocation.draw import Draw, Seed, ticket
from niangjia.engines.allocation.drawfile import DrawFileInvalid, Finding, read_draw, recheck, write_draw
from niangjia.engines.allocation.errors import AllocationError
from niangjia.engines.allocation.places import Allocation, Entrant, allocate
from niangjia.engines.allocation.shares import Claim, shares

__all__ = [
    "Allocation",
    "AllocationError",
    "Claim",
    "Draw",
    "DrawFileInvalid",
    "Entrant",
    "Finding",
    "Quotas",
    "Seed",
    "Unit",
    "allocate",
    "cascade",
    "give_back",
    "read_draw",
    "recheck",
    "shares",
    "ticket",
    "write_draw",
]
