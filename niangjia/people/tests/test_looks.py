"""One reason for a task: so many households, so long, each look kept; and the measure of a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.federation.models import AuditRow, LookDay, LookTask
from niangjia.federation.models.look import MOST_IN_A_DAY
from niangjia.federation.services import looks
from niangjia.people.models import Person
from niangjia.people.services.households import add_member, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, build_world, identity_number

pytestmark = pytest.mark.django_db
LOOK = "people.identity:look"


@pytest.fixture
def world(settings: LazySettings) -> World:
    settings.DEMO_NUMBERS = True
    return build_world()


def person(world: World, order: int) -> Person:
    return register_person(
        union_id=world.union("town-a").pk, name=f"葵{order}", phone=f"138000000{order:02d}",
        id_number=identity_number(date(1980, 3, 4), order), acting_user=world.user("jiang"),
    )  # fmt: skip


def reader(world: World, name: str = "jiang") -> Client:
    client = Client()
    client.cookies["language"] = "en"
    client.force_login(world.user(name))
    return client


def look(client: Client, found: Person, reason: str = "") -> tuple[int, str]:
    answer = client.post(reverse("person_reveal", args=[found.public_id]), {"reason": reason})
    return answer.status_code, answer.content.decode()


def task(world: World, *, most: int = 2, hours: int = 2, reason: str = "录全国系统") -> LookTask:
    return looks.open_task(reason=reason, most=most, hours=hours, acting_user=world.user("jiang"))


def test_without_a_reason_or_a_task_nothing_is_shown_and_nothing_is_written(world: World) -> None:
    found = person(world, 1)
    status, page = look(reader(world), found)
    assert status == 422
    assert found.id_number not in page
    assert not AuditRow.objects.filter(action=LOOK).exists()


def test_within_a_task_one_click_shows_and_each_look_is_kept_with_the_reason(world: World) -> None:
    client, some = reader(world), [person(world, order) for order in (1, 2, 3)]
    task(world, most=2)
    assert "0 of 2 households" in client.get(reverse("person_file", args=[some[0].public_id])).content.decode()
    for found in (some[0], some[1], some[0]):  # once more the same: it uses up nothing
        status, page = look(client, found)
        assert (status, found.id_number in page) == (200, True)
    status, page = look(client, some[2])
    assert status == 409
    assert some[2].id_number not in page
    assert "used up" in page
    rows = AuditRow.objects.filter(action=LOOK).order_by("pk")
    assert [(row.object_id, row.reason) for row in rows] == [
        (found.pk, "录全国系统") for found in (some[0], some[1], some[0])
    ]
    assert LookTask.objects.get().used == 2
    assert LookDay.objects.get().used == 3, "a refused look is not counted"
    status, page = look(client, some[2], "来电核对")  # outside the task, with a reason of its own
    assert some[2].id_number in page
    assert AuditRow.objects.filter(action=LOOK).latest("pk").reason == "来电核对"


def test_a_household_counts_once_however_many_live_in_it(world: World) -> None:
    head, spouse = person(world, 1), person(world, 2)
    home = register_household(
        union_id=world.union("town-a").pk, head_id=head.pk, address="巷1号", registered_on=date(2020, 1, 1),
        acting_user=world.user("jiang"),
    )  # fmt: skip
    add_member(
        household_id=home.pk, person_id=spouse.pk, relation="spouse", valid_from=date(2020, 1, 1),
        acting_user=world.user("jiang"),
    )  # fmt: skip
    task(world, most=1)
    assert [look(reader(world), found)[0] for found in (head, spouse)] == [200, 200]


def test_a_task_ends_by_time_by_hand_and_when_another_is_opened(world: World) -> None:
    client, found = reader(world), person(world, 1)
    first = task(world, hours=1)
    with clock.frozen(first.expires_at + timedelta(seconds=1)):
        assert look(reader(world), found)[0] == 422
    second = task(world, reason="配合审计")
    first.refresh_from_db()
    assert first.closed_at is not None
    assert look(client, found)[0] == 200
    with pytest.raises(NotFoundHere):
        looks.close_task(public_id=second.public_id, acting_user=world.user("bai"))
    client.post(reverse("look_task_close", args=[second.public_id]))
    assert look(client, found)[0] == 422
    assert AuditRow.objects.filter(action="federation.look:close_task").count() == 1


def test_the_page_opens_a_task_and_leads_back_to_the_file(world: World) -> None:
    client, found = reader(world), person(world, 1)
    back = reverse("person_file", args=[found.public_id])
    sent = {"reason": "录全国系统", "most": 8, "hours": 2, "next": back}
    assert client.post(reverse("look_tasks"), sent).headers["Location"] == back
    evil = client.post(reverse("look_tasks"), {**sent, "next": "https://example.com/"})
    assert evil.headers["Location"] == reverse("look_tasks")
    for wrong in ({"most": 101}, {"most": 0}, {"hours": 9}, {"hours": "x"}, {"reason": " "}):
        assert client.post(reverse("look_tasks"), {**sent, **wrong}).status_code == 422
    assert LookTask.objects.count() == 2


def test_who_has_no_right_to_it_opens_no_task(world: World) -> None:
    with pytest.raises(RightMissing):
        looks.open_task(reason="x", most=1, hours=1, acting_user=world.user("lian"))


def test_a_day_has_its_measure(world: World) -> None:
    client, found = reader(world), person(world, 1)
    LookDay.objects.create(user=world.user("jiang"), day=clock.today(), used=MOST_IN_A_DAY - 1)
    assert look(client, found, "来电核对")[0] == 200
    status, page = look(client, found, "来电核对")
    assert status == 409
    assert found.id_number not in page
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert look(reader(world), found, "来电核对")[0] == 200


def test_the_auditor_sees_who_looked_at_how_many_and_opens_the_rows(world: World) -> None:
    client, some = reader(world), [person(world, order) for order in (1, 2)]
    task(world)
    for found in (*some, some[0]):
        look(client, found)
    auditor = reader(world, "yuan")
    page = auditor.get(reverse("lookers")).content.decode()
    assert "jiang·葵" in page
    assert ">3 times</a>" in page
    assert "2 files" in page
    assert "录全国系统" in page
    rows = auditor.get(reverse("audit_trail"), {"looks": "on", "actor": "jiang·葵"}).content.decode()
    assert rows.split("<tbody>")[1].count("looked at an identity or telephone number") == 3
    assert "registered a person" not in rows.split("<tbody>")[1]
    assert reader(world, "su").get(reverse("lookers")).status_code == 404
