"""An officer enters a household, a person, a job and a fact by hand, and reads them again."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from niangjia.federation.models import AuditRow
from niangjia.people.models import EmploymentSpell, HardshipFile, Household, Person, RecordedFact
from niangjia.people.tests.world import World, credit_code, identity_number

pytestmark = pytest.mark.one_database

BORN = date(1978, 5, 14)
NUMBER = identity_number(BORN, 11)


def client_of(world: World, name: str) -> Client:
    """A browser logged in as somebody."""
    client = Client()
    client.force_login(world.user(name))
    return client


def send(client: Client, page: str, /, **values: object) -> str:
    """Send a form and return the page it leads to; a form that comes back fails the test."""
    response = client.post(page, values, follow=True)
    assert response.status_code == 200, re.findall(r'class="error".*?</p>', response.content.decode(), re.S)
    return response.content.decode()


@pytest.fixture
def household(world: World) -> Household:
    """A household in town A, entered through the form by the town's officer."""
    send(
        client_of(world, "jiang"),
        reverse("household_new"),
        union=world.union("town-a").public_id,
        name="麦芒种",
        id_number=NUMBER,
        phone="138 0000 0001",
        address="小满镇1号",
        registered_on="2026-03-02",
    )
    return Household.objects.get()


def test_a_household_entered_by_form_stands_in_the_list_and_has_a_file(world: World, household: Household) -> None:
    client = client_of(world, "su")
    assert "麦芒种" in client.get(reverse("household_list")).content.decode()
    page = client.get(reverse("household_file", args=[household.public_id])).content.decode()
    assert "麦芒种" in page
    assert "小满镇1号" in page
    assert NUMBER not in page
    assert f"{NUMBER[:3]}*************{NUMBER[-2:]}" in page


def test_the_identity_number_tells_birthday_and_sex(household: Household) -> None:
    person = Person.objects.get()
    assert (person.born_on, person.sex) == (BORN, "male")


def test_opening_a_file_is_written_down(world: World, household: Household) -> None:
    client_of(world, "su").get(reverse("household_file", args=[household.public_id]))
    look = AuditRow.objects.filter(action="people.file:look", actor=world.user("su")).get()
    assert (look.object_kind, look.object_id) == ("household", household.pk)


def test_a_number_is_shown_only_with_a_reason_that_is_kept(world: World, household: Household) -> None:
    person = Person.objects.get()
    client, address = client_of(world, "su"), reverse("person_reveal", args=[person.public_id])
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 422
    assert NUMBER not in refused.content.decode()
    assert not AuditRow.objects.filter(action="people.identity:look").exists()
    shown = client.post(address, {"reason": "录全国系统"})
    assert NUMBER in shown.content.decode()
    assert AuditRow.objects.get(action="people.identity:look").reason == "录全国系统"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (NUMBER[:17], "身份证号少一位：填了17位，应为18位。"),
        (NUMBER + "1", "身份证号多一位：填了19位，应为18位。"),
        (NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1"), "身份证号最后一位和前面对不上"),
        ("00" + NUMBER[2:], "身份证号前两位不是任何省份"),
        (NUMBER[:6] + "19781340" + NUMBER[14:], "第7到14位（19781340）不是日期"),
    ],
)
def test_a_wrong_number_is_answered_in_words_and_nothing_is_saved(world: World, number: str, sentence: str) -> None:
    response = client_of(world, "jiang").post(
        reverse("household_new"),
        {
            "union": world.union("town-a").public_id,
            "name": "麦芒种",
            "id_number": number,
            "registered_on": "2026-03-02",
        },
    )
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Person.objects.exists()
    assert not Household.objects.exists()


def test_a_number_of_another_town_says_nothing_of_that_file(world: World, household: Household) -> None:
    response = client_of(world, "bai").post(
        reverse("person_new"), {"union": world.union("town-b").public_id, "name": "麦芒种二", "id_number": NUMBER}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "不归您管" in page
    assert "town-a" not in page
    assert household.public_id not in page


def test_search_finds_by_name_number_tail_and_phone_in_scope_only(world: World, household: Household) -> None:
    for text in ("麦芒", "麦·芒种", NUMBER, NUMBER.lower(), NUMBER[-4:], "13800000001", "+86 138-0000-0001"):
        assert "麦芒种" in client_of(world, "jiang").get(reverse("desk_search"), {"q": text}).content.decode(), text
        foreign = client_of(world, "bai").get(reverse("desk_search"), {"q": text}).content.decode()
        assert household.public_id not in foreign
        assert "没有找到，或不归您管。" in foreign


def test_a_member_a_job_a_file_and_a_fact_are_entered_by_form(world: World, household: Household) -> None:
    client, person = client_of(world, "jiang"), Person.objects.get()
    page = send(
        client,
        reverse("member_new", args=[household.public_id]),
        relation="child",
        name="麦冬冬",
        id_number=identity_number(date(2008, 2, 29), 24),
        valid_from="2026-03-02",
    )
    assert "麦冬冬" in page
    send(
        client,
        reverse("hardship_open", args=[household.public_id]),
        grade="deep",
        cause="因病",
        entered_on="2026-03-02",
        review_due_on="2026-12-31",
    )
    assert HardshipFile.objects.get().cause == "因病"
    send(
        client,
        reverse("employer_new"),
        union=world.union("town-a").public_id,
        name="榴红食品",
        credit_code=credit_code(7),
    )
    send(
        client,
        reverse("job_new", args=[person.public_id]),
        credit_code=credit_code(7),
        form="contract",
        started_on="2026-03-02",
        monthly_wage="3,200.50",
        source="劳动合同",
    )
    spell = EmploymentSpell.objects.get()
    assert spell.monthly_wage_fen == 320050
    page = send(client, reverse("job_end", args=[person.public_id, spell.pk]), ended_on="2026-06-30")
    assert "2026-06-30" in page
    page = send(
        client,
        reverse("fact_new", args=["household", household.public_id, "income_per_head"]),
        value="1180",
        proof="4",
        true_on="2026-05-20",
        source="5月入户",
    )
    assert "1,180.00元" in page
    assert RecordedFact.objects.get().value == "118000"


def test_a_town_officer_cannot_move_anybody_and_the_county_can(world: World, household: Household) -> None:
    person = Person.objects.get()
    address = reverse("person_move", args=[person.public_id])
    values = {"to_union": world.union("town-b").public_id, "on": "2026-06-15"}
    assert client_of(world, "jiang").post(address, values).status_code == 404
    send(client_of(world, "su"), address, **values)
    assert client_of(world, "jiang").get(reverse("household_file", args=[household.public_id])).status_code == 404
    assert client_of(world, "bai").get(reverse("household_file", args=[household.public_id])).status_code == 200
