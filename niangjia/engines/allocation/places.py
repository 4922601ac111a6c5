"""Limited places: by group, then rank, then tie-break, then the draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from niangjia.engines.allocation.errors import AllocationError

# The smaller stands before the larger; ISO dates are text.
Key = int | str
Ticket = Callable[[str], str]


@dataclass(frozen=True)
class Entrant:
    """Somebody who asks for a place.

    `group` and `rank` are None where they are unknown; a programme without groups gives everybody
    the same. `tie` is what settles equal ranks, in its order, before the draw does.
    """

    id: str
    group: int | None = 0
    rank: Key | None = 0
    tie: tuple[Key, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is known where it stands."""
        return self.group is not None and self.rank is not None


@dataclass(frozen=True)
class Allocation:
    """Who stands where; each tuple is in order, and nobody is in two of them.

    `placed` holds a place; those who held one before come first. `drawn` are equals among whom only
    the draw can settle the last `left` places, while there is no seed yet. `waiting` is the queue.
    `unknown` wait without a place in the queue. `declined` gave their place or their turn back.
    """

    places: int
    placed: tuple[str, ...]
    drawn: tuple[str, ...]
    left: int
    waiting: tuple[str, ...]
    unknown: tuple[str, ...]
    declined: tuple[str, ...]

    # How many stand equal where each waits, while only a draw can tell them apart; by the first of them.
    equals: tuple[tuple[str, int], ...] = ()

    def position(self, id: str) -> int | None:
        """The place number of who is placed, from 1; None for everybody else."""
        return self.placed.index(id) + 1 if id in self.placed else None

    def turn(self, id: str) -> tuple[int, int] | None:
        """The place in the queue of who waits, from 1, and how many share it; None for everybody else.

        Equals share the first of their places until a draw has told them apart.
        """
        if id not in self.waiting:
            return None
        at = self.waiting.index(id)
        for first, many in self.equals:
            start = self.waiting.index(first)
            if start <= at < start + many:
                return start + 1, many
        return at + 1, 1


def allocate(
    entrants: Iterable[Entrant],
    places: int,
    *,
    ticket: Ticket | None = None,
    held: Collection[str] = (),
    declined: Collection[str] = (),
) -> Allocation:
    """Give places out, or say who waits for the draw; the order of what is given does not matter.

    Who holds a place (`held`, in the order in which it was given) keeps it, whatever has become of
    his group or rank; who declined is out. Raises `AllocationError` where an id comes twice, a
    holder is not on the list, or ranks cannot be compared.
    """
    known = list(entrants)
    _check(known, places, held, declined)
    out = set(declined)
    keeping = [one for one in held if one not in out]
    free = max(0, places - len(keeping))
    rest = [one for one in known if one.id not in out and one.id not in set(keeping)]
    ranked = sorted((one for one in rest if one.is_known), key=_standing)
    placed: list[str] = []
    drawn: list[str] = []
    waiting: list[str] = []
    shared: list[tuple[str, int]] = []
    for _equal, members in groupby(ranked, key=_standing):
        equals = _in_order([one.id for one in members], ticket)
        room = free - len(placed)
        if drawn or ticket is not None or room <= 0 or len(equals) <= room:
            # While the draw is open everybody behind it waits: its places are spoken for.
            take = 0 if drawn else max(0, room)
            placed += equals[:take]
            waiting += equals[take:]
            if ticket is None and len(equals) - take > 1:
                shared.append((equals[take], len(equals) - take))
        else:
            drawn = equals
    unknown = sorted(one.id for one in rest if not one.is_known)
    return Allocation(
        places=places,
        placed=(*keeping, *placed),
        drawn=tuple(drawn),
        left=free - len(placed) if drawn else 0,
        waiting=tuple(waiting),
        unknown=tuple(unknown),
        declined=tuple(sorted(one.id for one in known if one.id in out)),
        equals=tuple(shared),
    )


def _standing(one: Entrant) -> tuple[object, ...]:
    return (one.group, one.rank, *one.tie)


def _in_order(ids: Sequence[str], ticket: Ticket | None) -> list[str]:
    # Without a draw equals stand by their id, so that a page shows them in one order each time.
    return sorted(ids) if ticket is None else sorted(ids, key=lambda id: (ticket(id), id))


def _check(entrants: Sequence[Entrant], places: int, held: Collection[str], declined: Collection[str]) -> None:
    if places < 0:
        raise AllocationError("places-negative", f"名额不能是{places}。", f"There cannot be {places} places.")
    ids = Counter(one.id for one in entrants)
    twice = sorted(id for id, times in ids.items() if times > 1)
    twice += sorted(id for id, times in Counter(held).items() if times > 1)
    if twice:
        raise AllocationError("entrant-twice", f"{twice[0]}在名单上有两次。", f"{twice[0]} is on the list twice.")
    strangers = sorted({*held, *declined} - ids.keys())
    if strangers:
        raise AllocationError("entrant-unknown", f"名单上没有{strangers[0]}。", f"{strangers[0]} is not on the list.")
    kinds = {tuple(type(key) for key in (one.rank, *one.tie)) for one in entrants if one.is_known}
    if len(kinds) > 1:
        raise AllocationError(
            "ranks-differ", "排序依据的类型不一致，没法比较。", "Ranks are of different kinds and cannot be compared."
        )
