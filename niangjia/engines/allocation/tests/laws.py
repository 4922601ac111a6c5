"""What every way of giving out places must keep, as checks that take the way to be judged.

`keeps` runs a check over many cases; a test asserts it of ours, and that a deliberately wrong
variant breaks it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from niangjia.engines.allocation import Allocation, Entrant, ticket

Allocate = Callable[..., Allocation]
HASH = "0" * 64
# Group, rank and tie-break.
Stand = tuple[int | None, int | None, int]
EQUALS: list[Stand] = [(1, 0, 0)]
KINDS: list[Stand] = [(1, 0, 0), (1, 0, 1), (1, 1, 0), (2, 0, 0), (2, 0, 0), (None, 0, 0), (2, None, 0)]


@dataclass(frozen=True)
class Case:
    """One list with its places, a seed, and a way of shuffling it."""

    entrants: tuple[Entrant, ...]
    places: int
    seed: str
    shuffled: tuple[Entrant, ...]

    def ticket(self, id: str) -> str:
        """The ticket of this case's draw."""
        return ticket(HASH, self.seed, id)

    @property
    def known(self) -> list[Entrant]:
        """Entrants of whom it is known where they stand."""
        return [one for one in self.entrants if one.is_known]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Small lists with many equals, some unknown, and places from none to more than enough."""
    ids = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=7))
    # In some lists all are equals, so that the draw has something to do.
    kinds = draw(st.sampled_from((EQUALS, [*EQUALS, (None, 0, 0), (1, None, 0)], KINDS, KINDS)))
    stands = draw(st.lists(st.sampled_from(kinds), min_size=len(ids), max_size=len(ids)))
    entrants = tuple(Entrant(id, group, rank, (tie,)) for id, (group, rank, tie) in zip(ids, stands, strict=True))
    places = draw(st.integers(0, len(ids) + 2))
    return Case(
        entrants, places, draw(st.text("0123456789", min_size=1, max_size=4)), tuple(draw(st.permutations(entrants)))
    )


def keeps(check: Callable[..., None], way: Any, values: st.SearchStrategy[Any], examples: int = 100) -> bool:
    """Whether a way passes a check in every case tried."""

    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    @given(values)
    def run(value: Any) -> None:
        check(way, value)

    try:
        run()
    except AssertionError:
        return False
    return True


def everybody_is_in_one_list(allocate: Allocate, case: Case) -> None:
    """Nobody is lost, nobody stands twice."""
    for seen in (allocate(case.entrants, case.places, ticket=case.ticket), allocate(case.entrants, case.places)):
        lists = [*seen.placed, *seen.drawn, *seen.waiting, *seen.unknown, *seen.declined]
        assert sorted(lists) == sorted(one.id for one in case.entrants)


def places_add_up(allocate: Allocate, case: Case) -> None:
    """Every place is given while somebody known wants one, and none twice; an open draw holds its places back."""
    wanted = min(case.places, len(case.known))
    assert len(allocate(case.entrants, case.places, ticket=case.ticket).placed) == wanted
    open_ = allocate(case.entrants, case.places)
    assert len(open_.placed) + open_.left == wanted
    assert (open_.left > 0) == bool(open_.drawn)
    assert len(open_.drawn) > open_.left or not open_.drawn


def the_order_given_does_not_matter(allocate: Allocate, case: Case) -> None:
    """The same list in another order gives the same answer."""
    assert allocate(case.entrants, case.places, ticket=case.ticket) == allocate(
        case.shuffled, case.places, ticket=case.ticket
    )
    assert allocate(case.entrants, case.places) == allocate(case.shuffled, case.places)


def more_places_take_none_away(allocate: Allocate, case: Case) -> None:
    """With one place more, whoever had one still has it, at the same number."""
    fewer = allocate(case.entrants, case.places, ticket=case.ticket)
    more = allocate(case.entrants, case.places + 1, ticket=case.ticket)
    assert more.placed[: len(fewer.placed)] == fewer.placed


def a_decline_keeps_the_others(allocate: Allocate, case: Case) -> None:
    """Everybody may decline in turn: the others keep their places, the first of the queue moves up."""
    declined: list[str] = []
    before = allocate(case.entrants, case.places, ticket=case.ticket)
    for one in case.shuffled:
        declined.append(one.id)
        after = allocate(case.entrants, case.places, ticket=case.ticket, declined=declined)
        assert set(before.placed) - {one.id} <= set(after.placed)
        freed = one.id in before.placed and before.waiting
        assert set(after.placed) - set(before.placed) == ({before.waiting[0]} if freed else set())
        before = after


def unknown_hold_no_place(allocate: Allocate, case: Case) -> None:
    """Whoever is not known to stand anywhere holds no place, however many there are."""
    found = allocate(case.entrants, case.places, ticket=case.ticket)
    assert set(found.unknown) == {one.id for one in case.entrants if not one.is_known}


def nobody_waits_behind_a_worse_one(allocate: Allocate, case: Case) -> None:
    """Group before rank before tie-break, with a draw and without one."""
    by_id = {one.id: (one.group, one.rank, one.tie) for one in case.entrants}
    for found in (allocate(case.entrants, case.places, ticket=case.ticket), allocate(case.entrants, case.places)):
        order: Sequence[str] = [*found.placed, *found.drawn, *found.waiting]
        stands = [by_id[id] for id in order]
        assert stands == sorted(stands, key=lambda key: tuple(map(str, key)))


def holders_keep_their_places(allocate: Allocate, case: Case) -> None:
    """Half of the list holds a place, known or not: all keep it, in their order, though there be fewer now."""
    held = [one.id for one in case.shuffled[::2]]
    found = allocate(case.entrants, case.places, ticket=case.ticket, held=held)
    assert list(found.placed[: len(held)]) == held
    others = [one for one in case.known if one.id not in held]
    assert len(found.placed) == max(len(held), min(case.places, len(held) + len(others)))


LAWS = (
    everybody_is_in_one_list,
    places_add_up,
    the_order_given_does_not_matter,
    more_places_take_none_away,
    a_decline_keeps_the_others,
    unknown_hold_no_place,
    nobody_waits_behind_a_worse_one,
    holders_keep_their_places,
)
