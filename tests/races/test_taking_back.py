"""A visit taken back while the file is left upon it: one of the two is first, and the other reads a sentence."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from niangjia.core import clock
from niangjia.people.services import households
from niangjia.visits import queries
from niangjia.visits.services import leaving, taking_back
from niangjia.visits.services.visits import Answer, Table, record_visit
from tests.races.test_lists import WAIT, _race

if TYPE_CHECKING:
    from tests.demo_stage import DemoCounty

pytestmark = pytest.mark.nightly


@pytest.fixture
def upon(own_county: DemoCounty) -> tuple[str, int]:
    """A check upon which a household may leave its file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT household_id FROM people_hardshipfile WHERE exited_on IS NULL ORDER BY id DESC LIMIT 1")
        home = int(cursor.fetchone()[0])
    today = clock.today()
    table = Table(
        "review", today, "better", today - timedelta(days=200),
        answers=(Answer("household", home, "income_per_head", 999_900),),
    )  # fmt: skip
    visit = record_visit(
        household_id=home, table=table, photos=[], request_id="race", acting_user=own_county.user("苏木")
    )
    return visit.public_id, home


def _both_at_once(county: DemoCounty, upon: tuple[str, int], patch: pytest.MonkeyPatch) -> tuple[Counter[str], int]:
    """Both have looked before either writes, if let; how each ended, and how many left upon what was taken back."""
    both, (visit, home), su = threading.Barrier(2), upon, county.user("苏木")

    def after(look: Callable[..., Any]) -> Callable[..., Any]:
        def looked(*given: Any) -> Any:
            found = look(*given)
            with suppress(threading.BrokenBarrierError):
                both.wait(WAIT)
            return found

        return looked

    patch.setattr(leaving.queries, "newest_check", after(queries.newest_check))
    patch.setattr(taking_back, "what_rests_upon", after(taking_back.what_rests_upon))
    acts: list[Callable[[], Any]] = [
        lambda: households.close_hardship_file(
            household_id=home, exited_on=clock.today(), reason="收入稳定", acting_user=su
        ),
        lambda: taking_back.take_visit_back(public_id=visit, reason="记到了别家", acting_user=su),
    ]
    ends = _race(lambda number: acts[number](), 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM visits_departure d JOIN visits_visittakenback t ON t.visit_id = d.visit_id"
        )
        return ends, int(cursor.fetchone()[0])


def test_one_of_the_two_is_first(
    own_county: DemoCounty, upon: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends, torn = _both_at_once(own_county, upon, monkeypatch)
    assert ends["done"] == 1, ends
    assert set(ends) - {"done"} <= {"LeftUponIt", "NoFreshCheck", "IncomeNotSeen", "CheckSaysStill", "OneGoodMonth"}
    assert torn == 0


def test_control_without_the_lock_on_the_household_a_file_is_left_upon_what_was_taken_back(
    own_county: DemoCounty, upon: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(household_id: int) -> Any:
        return households.Household.objects.get(pk=household_id)

    for module in (households, taking_back):
        monkeypatch.setattr(module, "locked", unlocked)
    ends, torn = _both_at_once(own_county, upon, monkeypatch)
    # SQLite lets one writer in at a time, so there even this guard holds.
    together = connection.vendor == "postgresql"
    assert ends["done"] == (2 if together else 1), ends
    assert torn == (1 if together else 0)
