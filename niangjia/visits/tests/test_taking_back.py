"""A visit recorded on the wrong household is taken back: what was known before stands again, and nothing else moved."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from niangjia.core import clock
from niangjia.core.facts import facts
from niangjia.people.models import Household
from niangjia.people.services.households import open_hardship_file, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World
from niangjia.visits.models import HomeVisit
from niangjia.visits.services.taking_back import take_visit_back
from niangjia.visits.services.visits import Answer, Table, record_visit

INCOME = "income_per_head"


@pytest.fixture
def home(world: World) -> Household:
    """A household of town A with an open file."""
    su, union = world.user("su"), world.union("town-a").pk
    head = register_person(union_id=union, name="麦芒种", acting_user=su)
    home = register_household(
        union_id=union, head_id=head.pk, address="某街1号", registered_on=date(2020, 1, 1), acting_user=su
    )
    open_hardship_file(
        household_id=home.pk, grade="deep", cause="病", entered_on=date(2020, 1, 1), review_due_on=date(2030, 1, 1),
        acting_user=su,
    )  # fmt: skip
    return home


def visit(world: World, home: Household, fen: int, verdict: str = "still", on: date | None = None) -> HomeVisit:
    """Somebody was there and asked for the income."""
    on = on or clock.today()
    since = on - timedelta(days=200) if verdict == "better" else None
    table = Table("recheck", on, verdict, since, answers=(Answer("household", home.pk, INCOME, fen),))
    return record_visit(
        household_id=home.pk, table=table, photos=[], request_id=f"v{fen}", acting_user=world.user("su")
    )


def income(home: Household, on: date) -> object:
    """What is known of the income by the end of a day."""
    reading = facts.get(f"household.{INCOME}").read([home.pk], on).get(home.pk)
    return reading and reading.value


def test_the_value_before_it_stands_again_and_past_days_read_what_was_known(world: World, home: Household) -> None:
    day = clock.today()
    visit(world, home, 90_000)
    with clock.frozen(day + timedelta(days=1)):
        wrong = visit(world, home, 331_000)
    with clock.frozen(day + timedelta(days=3)):
        take_visit_back(public_id=wrong.public_id, reason="记到了别家", acting_user=world.user("jiang"))
    read = [income(home, day + timedelta(days=after)) for after in range(5)]
    assert read == [90_000, 331_000, 331_000, 90_000, 90_000]
