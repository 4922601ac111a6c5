"""Trying a version before anybody is asked: figures, moved numbers, who gains and loses, how far the money reaches."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niangjia.people.services.households import add_member
from niangjia.policy.comparing import Line
from niangjia.policy.models import Decision, Standing, Sweep
from niangjia.policy.services import refusals
from niangjia.policy.services.drafts import copy_recipe, fill_in
from niangjia.policy.tests.world import NUMBERS, STUDENTS, Place, add_single, add_students, drafted, published
from niangjia.policy.trials import Missing, Price, try_out

pytestmark = pytest.mark.one_database


def test_a_trial_counts_and_keeps_nothing(place: Place) -> None:
    trial = try_out(version=drafted(place))
    assert (trial.asked, trial.subjects, trial.households, trial.first_time) == (6, 1, 1, 1)
    assert (trial.fen, trial.left_fen, trial.near) == (500_000, 500_000, 1)
    assert trial.one_missing == 2
    assert set(trial.missing) == {Missing("person.admission_letter", 1), Missing("household.income_per_head", 1)}
    assert trial.beside.by_town == (Line("town-a工会", 1, 1, 500_000),)
    assert [model.objects.count() for model in (Decision, Standing, Sweep)] == [0, 0, 0]


def test_nothing_can_be_tried_while_a_number_is_missing(place: Place) -> None:
    version = copy_recipe(recipe="aid", acting_user=place.user("su"))
    with pytest.raises(refusals.NothingToTry):
        try_out(version=version)
    assert try_out(version=version, moved=NUMBERS).subjects == 1


def test_moving_the_line_tells_who_gains_and_what_it_costs(place: Place) -> None:
    trial = try_out(version=drafted(place), moved={"income_line": 300_000})
    assert trial.unmoved is not None
    assert set(trial.unmoved.gained) == {place.persons["金银花"], place.persons["石榴红"]}
    assert (trial.unmoved.lost, trial.unmoved.fen) == ((), 1_000_000)


def test_moving_the_line_down_tells_who_loses(place: Place) -> None:
    trial = try_out(version=drafted(place), moved={"income_line": 100_000})
    assert trial.unmoved is not None
    assert (trial.unmoved.gained, trial.unmoved.lost) == ((), (place.persons["向日葵"],))


def test_the_place_at_which_the_fund_is_empty_is_the_first_it_does_not_reach(place: Place) -> None:
    version = drafted(place, budget_fen=1_000_000)
    assert try_out(version=version).empty_at is None
    assert try_out(version=version, moved={"income_line": 151_000}).empty_at is None  # two grants, to the last fen
    trial = try_out(version=version, moved={"income_line": 300_000})
    assert (trial.grants, trial.empty_at, trial.left_fen) == (3, 3, -500_000)


def test_an_edition_to_come_is_compared_with_the_one_in_force(place: Place) -> None:
    published(place)
    draft = copy_recipe(recipe="aid", acting_user=place.user("su"))
    draft = fill_in(
        version_public_id=draft.public_id, numbers={"aid_per_student": 600_000, "income_line": 160_000},
        acting_user=place.user("su"),
    )  # fmt: skip
    trial = try_out(version=draft)
    assert trial.in_force is not None
    assert trial.in_force.gained == (place.persons["金银花"],)
    assert trial.in_force.fen == 2 * 600_000 - 500_000


def test_each_reading_of_the_paper_has_its_price(place: Place) -> None:
    # A second worker in the household of 向日葵: two grants per person, one per household.
    add_member(
        household_id=place.homes["向日葵"], person_id=add_single(place, "桑果红", "town-a"), relation="spouse",
        valid_from=date(2026, 1, 1), acting_user=place.user("su"),
    )  # fmt: skip
    trial = try_out(version=drafted(place, "gift", choices={"per": ["household"]}))
    assert trial.prices == (Price(("person",), 3, 600_000, False), Price(("household",), 2, 400_000, True))
    assert (trial.grants, trial.fen) == (2, 400_000)


def test_an_open_choice_shows_both_prices_and_counts_by_the_first(place: Place) -> None:
    trial = try_out(version=drafted(place, "gift", choices={}))
    assert [price.is_chosen for price in trial.prices] == [False, False]
    assert trial.fen == trial.prices[0].fen


def test_queries_of_a_trial_do_not_grow_with_the_number_of_people(place: Place) -> None:
    version = drafted(place)
    with CaptureQueriesContext(connection) as few:
        try_out(version=version, moved={"income_line": 151_000})
    more = {f"{name}{number}": row for number in range(20) for name, row in STUDENTS.items()}
    add_students(place, more)
    with CaptureQueriesContext(connection) as many:
        try_out(version=version, moved={"income_line": 151_000})
    assert len(many) == len(few)
