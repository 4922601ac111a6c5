"""Quotas: shares by largest remainder, down the tree and back up; each law catches a way that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import strategies as st

from niangjia.engines.allocation import AllocationError, Claim, Quotas, Unit, cascade, give_back, shares
from niangjia.engines.allocation.tests.laws import keeps

Numbers = Mapping[str, int]
Split = Callable[[int, Iterable[Claim]], Numbers]


@st.composite
def splits(draw: st.DrawFn) -> tuple[int, list[Claim]]:
    """A few unions with weights from nought to huge, some with a least or a most, and places enough for the least."""
    claims = []
    for id in draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=5)):
        least = draw(st.sampled_from((0, 0, 0, 1, 3)))
        most = draw(st.sampled_from((None, None, 0, 2, 9)))
        weight = draw(st.one_of(st.integers(0, 5), st.integers(10**17, 10**18)))
        claims.append(Claim(id, weight, least, None if most is None else max(most, least)))
    return sum(one.least for one in claims) + draw(st.integers(0, 30)), claims


def shares_add_up(split: Split, case: tuple[int, list[Claim]]) -> None:
    """Every place goes to somebody, unless all who count are full; nobody is outside his bounds."""
    places, claims = case
    found = split(places, claims)
    assert found.keys() == {one.id for one in claims}
    for one in claims:
        assert one.least <= found[one.id] <= (places if one.most is None else one.most)
        assert one.weight or found[one.id] == one.least
    if any(one.weight and (one.most is None or found[one.id] < one.most) for one in claims):
        assert sum(found.values()) == places
    assert sum(found.values()) <= places


def the_order_of_unions_does_not_matter(split: Split, case: tuple[int, list[Claim]]) -> None:
    """Turned round, the same."""
    places, claims = case
    assert split(places, claims) == split(places, list(reversed(claims)))


def free_shares_are_within_one(split: Split, case: tuple[int, list[Claim]]) -> None:
    """Without bounds each gets its exact share rounded down or up, and the heavier never less than the lighter."""
    places, claims = case[0], [replace(one, least=0, most=None) for one in case[1]]
    found, weight = split(places, claims), sum(one.weight for one in claims)
    for one in claims:
        assert not weight or abs(found[one.id] - Fraction(places * one.weight, weight)) < 1
        assert all(found[one.id] >= found[other.id] for other in claims if one.weight > other.weight)


def what_was_promised_stays(split: Split, case: tuple[int, list[Claim]]) -> None:
    """With what was given as the least, more places take none away."""
    places, claims = case
    before = split(places, claims)
    if all(one.most is None or before[one.id] <= one.most for one in claims) and sum(before.values()) <= places + 1:
        after = split(places + 1, [replace(one, least=before[one.id]) for one in claims])
        assert all(after[id] >= before[id] for id in before)


SHARE_LAWS = (
    shares_add_up,
    the_order_of_unions_does_not_matter,
    free_shares_are_within_one,
    what_was_promised_stays,
)


def _rounded(places: int, claims: Iterable[Claim]) -> Mapping[str, int]:
    """Each share rounded by itself, in floating point."""
    known = list(claims)
    weight = sum(one.weight for one in known) or 1
    return {one.id: max(one.least, round(places * one.weight / weight)) for one in known}


def _first_come(places: int, claims: Iterable[Claim]) -> Mapping[str, int]:
    """What is left over goes to whoever is written first."""
    known = list(claims)
    weight = sum(one.weight for one in known)
    found = {one.id: places * one.weight // weight if weight else 0 for one in known}
    for one in known[: places - sum(found.values())]:
        found[one.id] += 1
    return found


def _one_takes_all(places: int, claims: Iterable[Claim]) -> Mapping[str, int]:
    known = sorted(claims, key=lambda one: (-one.weight, one.id))
    return {one.id: places if at == 0 else 0 for at, one in enumerate(known)}


@pytest.mark.parametrize("law", SHARE_LAWS, ids=lambda law: law.__name__)
def test_our_shares_keep(law: Callable[..., None]) -> None:
    assert keeps(law, shares, splits())


@pytest.mark.nightly
@pytest.mark.parametrize("law", SHARE_LAWS, ids=lambda law: law.__name__)
def test_our_shares_keep_in_many_cases(law: Callable[..., None]) -> None:
    assert keeps(law, shares, splits(), examples=1_000)


@pytest.mark.parametrize(
    ("law", "wrong"),
    [
        (shares_add_up, _rounded),
        (the_order_of_unions_does_not_matter, _first_come),
        (free_shares_are_within_one, _one_takes_all),
        (what_was_promised_stays, lambda places, claims: shares(places, [replace(one, least=0) for one in claims])),
    ],
)
def test_control_each_law_of_shares_catches_a_way_that_is_wrong(law: Callable[..., None], wrong: Split) -> None:
    assert not keeps(law, wrong, splits(), examples=2_000)


def test_equal_remainders_go_to_the_heavier_then_to_the_smaller_id() -> None:
    # 3.5, 1.5, 0.5 and 0.5 of 6.
    claims = [Claim("d", 1), Claim("c", 1), Claim("b", 3), Claim("a", 7)]
    assert shares(6, claims) == {"a": 4, "b": 2, "c": 0, "d": 0}
    assert shares(1, [Claim("y", 2), Claim("x", 2)]) == {"x": 1, "y": 0}


def test_one_place_more_can_cost_somebody_one_and_the_least_mends_it() -> None:
    """The Alabama paradox, told so that nobody claims otherwise: 10 and 11 places for weights 6, 6 and 2."""
    claims = [Claim("a", 6), Claim("b", 6), Claim("c", 2)]
    ten = shares(10, claims)
    assert ten == {"a": 4, "b": 4, "c": 2}
    assert shares(11, claims) == {"a": 5, "b": 5, "c": 1}
    assert shares(11, [replace(one, least=ten[one.id]) for one in claims]) == {"a": 5, "b": 4, "c": 2}


@st.composite
def trees(draw: st.DrawFn) -> tuple[int, list[Unit]]:
    """A small federation of up to four levels: weights, a least or a most here and there."""
    units = [Unit("u0", None, most=draw(st.sampled_from((None, None, 6))))]
    for at in range(1, draw(st.integers(1, 9))):
        parent = draw(st.integers(max(0, at - 4), at - 1))
        least = draw(st.sampled_from((0, 0, 0, 1)))
        units.append(
            Unit(f"u{at}", f"u{parent}", draw(st.integers(0, 4)), least, draw(st.sampled_from((None, None, 3))))
        )
    parents = {one.parent for one in units}
    # Who has children weighs what they weigh, and is bounded by what they can use.
    units = [replace(one, weight=None, least=0, most=None) if one.id in parents else one for one in units]
    return len(units) + draw(st.integers(0, 30)), units


def children_add_up(down: Callable[..., Quotas], case: tuple[int, list[Unit]]) -> None:
    """What a union was given is what its children were given and what it kept; all together are all places."""
    places, units = case
    found = down(places, units)
    assert found.total == places
    assert found.of["u0"] == places
    for one in units:
        below = [other for other in units if other.parent == one.id]
        assert found.kept[one.id] >= 0
        assert found.of[one.id] == found.kept[one.id] + sum(found.of[other.id] for other in below)
        assert found.of[one.id] >= one.least
        if one.parent is not None:
            assert one.most is None or found.of[one.id] <= one.most
            assert not below or found.kept[one.id] == 0, "only the top keeps what nobody can use"


def what_comes_back_goes_where_it_is_wanted(back: Callable[..., Quotas], case: tuple[int, list[Unit]]) -> None:
    """No place is lost, none that is used is taken, and none stays unused while somebody wants one."""
    places, units = case
    given = cascade(places, units)
    used = {id: number // 2 for id, number in given.kept.items()}
    wanted = {one.id: at % 3 for at, one in enumerate(units)}
    found = back(given, units, used, wanted)
    assert found.total == places
    for one in units:
        more = found.kept[one.id] - used[one.id]
        assert more >= 0
        assert one.parent is None or more <= wanted[one.id]
    unused = found.kept["u0"] - used["u0"] - wanted["u0"]
    if unused > 0:
        assert all(found.kept[id] - used[id] == wanted[id] for id in wanted if id != "u0")


def _level_by_level_rounded(places: int, units: Iterable[Unit]) -> Quotas:
    known = list(units)
    leaves = [one for one in known if all(other.parent != one.id for other in known)]
    kept = dict.fromkeys((one.id for one in known), 0)
    kept |= _rounded(places, [Claim(one.id, one.weight or 0) for one in leaves])
    return Quotas({**kept, "u0": places}, kept)


def _lost_on_the_way(
    quotas: Quotas, units: Iterable[Unit], used: Mapping[str, int], wanted: Mapping[str, int]
) -> Quotas:
    return Quotas(quotas.of, {**quotas.kept, **used})


def _kept_by_the_top(
    quotas: Quotas, units: Iterable[Unit], used: Mapping[str, int], wanted: Mapping[str, int]
) -> Quotas:
    return give_back(quotas, units, used, {})


def test_our_quotas_keep() -> None:
    assert keeps(children_add_up, cascade, trees())
    assert keeps(what_comes_back_goes_where_it_is_wanted, give_back, trees())


@pytest.mark.nightly
def test_our_quotas_keep_in_many_cases() -> None:
    assert keeps(children_add_up, cascade, trees(), examples=1_000)
    assert keeps(what_comes_back_goes_where_it_is_wanted, give_back, trees(), examples=1_000)


@pytest.mark.parametrize(
    ("law", "wrong"),
    [
        (children_add_up, _level_by_level_rounded),
        (what_comes_back_goes_where_it_is_wanted, _lost_on_the_way),
        (what_comes_back_goes_where_it_is_wanted, _kept_by_the_top),
    ],
)
def test_control_each_law_of_quotas_catches_a_way_that_is_wrong(law: Callable[..., None], wrong: Any) -> None:
    assert not keeps(law, wrong, trees(), examples=1_000)


# Two cities; the first has two counties, one of them with two enterprises.
FEDERATION = (
    Unit("province", None),
    Unit("city-1", "province"),
    Unit("city-2", "province", 300),
    Unit("county-1", "city-1"),
    Unit("county-2", "city-1", 100),
    Unit("mill", "county-1", 60),
    Unit("dyer", "county-1", 40),
)


def test_four_levels_by_hand() -> None:
    found = cascade(101, FEDERATION)
    assert found.of == {
        "province": 101, "city-1": 40, "city-2": 61, "county-1": 20, "county-2": 20, "mill": 12, "dyer": 8,
    }  # fmt: skip
    assert found.kept == {
        "province": 0,
        "city-1": 0,
        "city-2": 61,
        "county-1": 0,
        "county-2": 20,
        "mill": 12,
        "dyer": 8,
    }


def test_an_unused_place_goes_to_the_nearest_who_wants_one() -> None:
    given = cascade(101, FEDERATION)
    used = {"city-2": 61, "county-2": 20, "mill": 12, "dyer": 3}
    near = give_back(given, FEDERATION, used, {"mill": 4, "county-2": 9})
    assert (near.kept["mill"], near.kept["dyer"], near.kept["county-2"], near.total) == (16, 3, 21, 101)
    far = give_back(given, FEDERATION, used, {"city-2": 2})
    assert (far.kept["city-2"], far.kept["province"], far.total) == (63, 3, 101)


@pytest.mark.parametrize(
    ("code", "places", "units"),
    [
        ("tree-broken", 1, [Unit("a", None), Unit("b", None)]),
        ("tree-broken", 1, [Unit("a", None), Unit("b", "c")]),
        ("tree-broken", 1, [Unit("a", None), Unit("b", "c"), Unit("c", "b")]),
        ("unit-twice", 1, [Unit("a", None), Unit("a", None)]),
        ("least-too-much", 1, [Unit("a", None), Unit("b", "a", 1, least=2)]),
        ("claim-invalid", 9, [Unit("a", None), Unit("b", "a", 1, least=2, most=1)]),
    ],
)
def test_a_tree_that_cannot_be_is_refused_by_name(code: str, places: int, units: list[Unit]) -> None:
    with pytest.raises(AllocationError) as refused:
        cascade(places, units)
    assert refused.value.code == code


def test_more_used_than_given_is_refused() -> None:
    with pytest.raises(AllocationError, match="more than it was given"):
        give_back(cascade(101, FEDERATION), FEDERATION, {"mill": 13}, {})
