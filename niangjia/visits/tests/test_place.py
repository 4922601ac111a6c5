"""Where a visit was recorded: sealed, shown behind a press that is written down, and to whoever may see evidence."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from niangjia.core import clock
from niangjia.federation.models import AuditRow
from niangjia.people.models import Household
from niangjia.people.services.households import register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World
from niangjia.visits.models import HomeVisit
from niangjia.visits.services.visits import Table, record_visit

PLACE = "30.12345,120.54321 ±14m"


@pytest.fixture
def home(world: World) -> Household:
    """A household of one in town A."""
    su, union = world.user("su"), world.union("town-a").pk
    head = register_person(union_id=union, name="麦芒种", acting_user=su)
    return register_household(
        union_id=union, head_id=head.pk, address="惊蛰巷1号", registered_on=date(2020, 1, 1), acting_user=su
    )


def record(world: World, home: Household, request_id: str, place: str) -> HomeVisit:
    table = Table("survey", clock.today(), note="屋里漏雨", place=place)
    return record_visit(
        household_id=home.pk, table=table, photos=[], request_id=request_id, acting_user=world.user("jiang")
    )


def browser(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.user(name))
    return client


def test_where_it_was_lies_sealed_and_is_shown_behind_a_press_that_is_written_down(
    world: World, home: Household
) -> None:
    client = browser(world, "jiang")
    visit = record(world, home, "with", PLACE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT place FROM visits_homevisit")
        assert "30.12" not in cursor.fetchone()[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        HomeVisit.objects.update(place="")
    page = client.get(f"/desk/visits/{visit.public_id}/").content.decode()
    assert "30.12345" not in page
    assert f"/desk/visits/{visit.public_id}/place/" in page
    shown = client.get(f"/desk/visits/{visit.public_id}/place/").content.decode()
    assert [one for one in ("30.12345", "120.54321", "14") if one not in shown] == []
    assert AuditRow.objects.filter(action="visits.place:look", object_id=home.pk).count() == 1
    # The deputy chair reads the visit, and no evidence.
    lian = browser(world, "lian")
    page = lian.get(f"/desk/visits/{visit.public_id}/").content.decode()
    assert "屋里漏雨" in page
    assert "/place/" not in page
    assert lian.get(f"/desk/visits/{visit.public_id}/place/").status_code == 404
    # Visited without a file of difficulty: there is no grade to decide, and no button that leads nowhere.
    assert "/grade/" not in client.get(f"/desk/households/{home.public_id}/").content.decode()
    without = record(world, home, "without", "")
    assert client.get(f"/desk/visits/{without.public_id}/place/").status_code == 404
