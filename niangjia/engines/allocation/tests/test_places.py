"""Limited places: the laws hold of ours, and each catches a way that is wrong."""

from __future__ import annotations

import doctest
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

import niangjia.engines.allocation
from niangjia.engines.allocation import Allocation, AllocationError, Entrant, allocate
from niangjia.engines.allocation.tests import laws
from niangjia.engines.allocation.tests.laws import LAWS, cases, keeps


def test_the_page_of_the_package_tells_the_truth() -> None:
    found = doctest.testmod(niangjia.engines.allocation)
    assert (found.failed, found.attempted) == (0, 4)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_ours_keeps(law: Callable[..., None]) -> None:
    assert keeps(law, allocate, cases())


@pytest.mark.nightly
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_ours_keeps_in_many_cases(law: Callable[..., None]) -> None:
    assert keeps(law, allocate, cases(), examples=1_000)


def _oversold(entrants: Iterable[Entrant], places: int, **more: Any) -> Allocation:
    return allocate(entrants, places + 1, **more)


def _forgetful(entrants: Iterable[Entrant], places: int, **more: Any) -> Allocation:
    return replace(allocate(entrants, places, **more), waiting=())


def _as_they_came(entrants: Iterable[Entrant], places: int, **more: Any) -> Allocation:
    """Equals stand in the order in which the file had them."""
    known = list(entrants)
    numbers = {one.id: f"{at:03d}" for at, one in enumerate(known)}
    return allocate(known, places, **{**more, "ticket": numbers.__getitem__})


def _shuffled_for(places: int, ids: Iterable[str]) -> Callable[[str], str]:
    order = sorted(ids)
    random.Random(places).shuffle(order)
    numbers = {id: f"{at:03d}" for at, id in enumerate(order)}
    return lambda id: numbers[id]


def _drawn_anew_for_each_number(entrants: Iterable[Entrant], places: int, **more: Any) -> Allocation:
    """The order depends on how many places there are."""
    known = list(entrants)
    return allocate(known, places, **{**more, "ticket": _shuffled_for(places, [one.id for one in known])})


def _drawn_anew_after_a_decline(entrants: Iterable[Entrant], places: int, **more: Any) -> Allocation:
    """The order depends on who is left: the usual shuffle of a list."""
    known = list(entrants)
    left = [one.id for one in known if one.id not in more.get("declined", ())]
    out = dict.fromkeys(more.get("declined", ()), "")
    order = _shuffled_for(len(left), left)
    return allocate(known, places, **{**more, "ticket": lambda id: out[id] if id in out else order(id)})


def _unknown_is_last(entrants: Iterable[Entrant], places: int, **more: Any) -> Allocation:
    known = [one if one.is_known else replace(one, group=9, rank=0) for one in entrants]
    return allocate(known, places, **more)


def _without_ranks(entrants: Iterable[Entrant], places: int, **more: Any) -> Allocation:
    return allocate([replace(one, rank=one.rank and 0) for one in entrants], places, **more)


def _without_holders(entrants: Iterable[Entrant], places: int, **more: Any) -> Allocation:
    return allocate(entrants, places, **{**more, "held": ()})


@pytest.mark.parametrize(
    ("law", "wrong"),
    [
        (laws.everybody_is_in_one_list, _forgetful),
        (laws.places_add_up, _oversold),
        (laws.the_order_given_does_not_matter, _as_they_came),
        (laws.more_places_take_none_away, _drawn_anew_for_each_number),
        (laws.a_decline_keeps_the_others, _drawn_anew_after_a_decline),
        (laws.unknown_hold_no_place, _unknown_is_last),
        (laws.nobody_waits_behind_a_worse_one, _without_ranks),
        (laws.holders_keep_their_places, _without_holders),
    ],
)
def test_control_each_law_catches_a_way_that_is_wrong(law: Callable[..., None], wrong: Callable[..., Any]) -> None:
    assert not keeps(law, wrong, cases(), examples=1_000)  # stops at the first case that breaks it


FEW = (Entrant("a", 1, 5), Entrant("b", 1, 5), Entrant("c", 1, 9), Entrant("d", 2, 0), Entrant("e", None, 0))


def test_while_the_draw_is_open_equals_at_the_border_hold_nothing_and_those_behind_wait() -> None:
    found = allocate(FEW, 1)
    assert (found.placed, found.drawn, found.left) == ((), ("a", "b"), 1)
    assert (found.waiting, found.unknown) == (("c", "d"), ("e",))


def test_equals_who_all_fit_need_no_draw() -> None:
    found = allocate(FEW, 2)
    assert (found.placed, found.drawn, found.waiting) == (("a", "b"), (), ("c", "d"))


def test_places_and_turns_are_counted_from_one() -> None:
    found = allocate(FEW, 3)
    assert [found.position(id) for id in "abcde"] == [1, 2, 3, None, None]
    assert [found.turn(id) for id in "abcde"] == [None, None, None, (1, 1), None]


def test_equals_share_a_turn_until_lots_are_drawn() -> None:
    assert [allocate(FEW, 0).turn(id) for id in "abcd"] == [(1, 2), (1, 2), (3, 1), (4, 1)]
    drawn = allocate(FEW, 0, ticket={"a": "2", "b": "1", "c": "1", "d": "1"}.__getitem__)
    assert [drawn.turn(id) for id in "abcd"] == [(2, 1), (1, 1), (3, 1), (4, 1)]


@pytest.mark.parametrize(
    ("code", "entrants", "more"),
    [
        ("entrant-twice", [Entrant("a"), Entrant("a")], {"places": 1}),
        ("entrant-twice", [Entrant("a")], {"places": 1, "held": ["a", "a"]}),
        ("entrant-unknown", [Entrant("a")], {"places": 1, "held": ["b"]}),
        ("entrant-unknown", [Entrant("a")], {"places": 1, "declined": ["b"]}),
        ("places-negative", [], {"places": -1}),
        ("ranks-differ", [Entrant("a", 1, 1), Entrant("b", 1, "2026-08-03")], {"places": 1}),
    ],
)
def test_what_contradicts_itself_is_refused_by_name(code: str, entrants: list[Entrant], more: dict[str, Any]) -> None:
    with pytest.raises(AllocationError) as refused:
        allocate(entrants, **more)
    assert refused.value.code == code
    assert refused.value.zh
