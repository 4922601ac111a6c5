"""Survey forms taken along: who may, what goes along, what comes back, once, and over nothing that is not told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.models import AuditRow, Grant
from niangjia.files.tests.pictures import png
from niangjia.people.models import Household, Person
from niangjia.people.services.homes import leave_household
from niangjia.people.services.households import add_member, open_hardship_file, register_household
from niangjia.people.services.officer_persons import say_person
from niangjia.people.services.own_matters import OwnMatter
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, identity_number
from niangjia.visits.models import HomeVisit, Standard
from niangjia.visits.services import away
from niangjia.visits.services.visits import Table, record_visit
from niangjia.visits.standards import MINIMUM

NUMBER, PHONE, PLACE = identity_number(date(1982, 5, 20), 7), "+8613800001234", "30.12345,120.54321 ±14m"
SENT = {
    "purpose": "survey", "visited_on": "2026-08-03", "verdict": "still", "note": "屋里漏雨",
    "household-income_per_head": "1180.50", "latitude": "30.12345", "longitude": "120.54321", "accuracy": "14",
}  # fmt: skip


@pytest.fixture
def home(world: World) -> Household:
    """A couple of town A in file, with numbers and telephones."""
    su, union = world.user("su"), world.union("town-a").pk
    head = register_person(union_id=union, name="麦芒种", id_number=NUMBER, phone=PHONE, acting_user=su)
    found = register_household(
        union_id=union, head_id=head.pk, address="惊蛰巷1号", registered_on=date(2020, 1, 1), acting_user=su
    )
    wife = register_person(union_id=union, name="桑葚子", acting_user=su)
    add_member(household_id=found.pk, person_id=wife.pk, relation="spouse", valid_from=date(2020, 1, 1), acting_user=su)
    open_hardship_file(
        household_id=found.pk, grade="deep", cause="病", entered_on=date(2020, 1, 1), review_due_on=date(2030, 1, 1),
        acting_user=su,
    )  # fmt: skip
    return found


def browser(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.user(name))
    return client


def taken(client: Client, home: Household) -> dict[str, str]:
    answer = client.post("/desk/visits/away/take/", {"household": [home.public_id]})
    assert answer.status_code == 200, answer.content
    (form,) = answer.json()["homes"]
    return dict(form)


def sent(client: Client, form: dict[str, str], **more: object) -> HttpResponse:
    data = {**SENT, "ticket": form["ticket"], **more}
    return client.post("/desk/visits/away/send/", {name: value for name, value in data.items() if value is not None})


def told(answer: HttpResponse) -> dict[str, list[str]]:
    assert answer.status_code == 422, answer.content
    return dict(json.loads(answer.content)["errors"])


def test_only_what_the_table_needs_goes_along_and_each_household_is_looked_at(world: World, home: Household) -> None:
    client = browser(world, "jiang")
    before = AuditRow.objects.count()
    answer = client.post("/desk/visits/away/take/", {"household": [home.public_id]})
    text = answer.content.decode() + json.dumps(answer.json(), ensure_ascii=False)
    assert [one for one in ("麦芒种", "桑葚子", "惊蛰巷1号", "income_per_head") if one not in text] == []
    assert [one for one in (NUMBER, NUMBER[-4:], PHONE[3:], PHONE[-4:]) if one in text] == []
    assert answer["Cache-Control"] == "private, no-store"
    (row,) = AuditRow.objects.filter(pk__gt=before, action="visits.form:take")
    assert (row.object_kind, row.object_id, row.actor_id) == ("household", home.pk, world.user("jiang").pk)


@pytest.mark.parametrize("name", ["bai", "yun"])
def test_whoever_does_not_look_after_it_takes_nothing_along(world: World, home: Household, name: str) -> None:
    answer = browser(world, name).post("/desk/visits/away/take/", {"household": [home.public_id]})
    assert answer.status_code == 404
    strange = browser(world, "jiang").post("/desk/visits/away/take/", {"household": ["\0"]})
    assert strange.status_code == 404
    assert not AuditRow.objects.filter(action="visits.form:take").exists()


def test_nobody_too_many_and_ones_own_household_are_refused(world: World, home: Household) -> None:
    jiang, su = world.user("jiang"), world.user("su")
    with pytest.raises(away.NobodyChosen):
        away.take_along(public_ids=[], acting_user=jiang)
    with pytest.raises(away.TooManyTaken):
        away.take_along(public_ids=[f"x{at}" for at in range(21)], acting_user=jiang)
    head = Person.objects.get(name="麦芒种")
    say_person(user_id=jiang.pk, person_public_id=head.public_id, source="身份证", acting_user=su)
    with pytest.raises(OwnMatter):
        away.take_along(public_ids=[home.public_id], acting_user=jiang)
    assert not AuditRow.objects.filter(action="visits.form:take").exists()


def test_what_comes_back_is_one_visit_however_often_it_is_sent(world: World, home: Household) -> None:
    client = browser(world, "jiang")
    form = taken(client, home)
    answers = [sent(client, form, photo=SimpleUploadedFile("x.png", png(), "image/png")).json() for _ in range(2)]
    visit = HomeVisit.objects.get()
    assert [one["again"] for one in answers] == [False, True]
    assert visit.place == PLACE
    assert (visit.answers.count(), visit.photos.count()) == (1, 1)
    # Control: what carries another ticket is another visit, once the officer was told of the first.
    other = taken(client, home)
    assert sent(client, other).status_code == 200
    assert HomeVisit.objects.count() == 2


def test_what_happened_meanwhile_is_told_before_anything_is_recorded(world: World, home: Household) -> None:
    client, su = browser(world, "jiang"), browser(world, "su")
    form, other = taken(client, home), taken(su, home)
    assert sent(su, other).status_code == 200
    answer = sent(client, form)
    assert answer.status_code == 409
    asked = answer.json()
    assert world.user("su").display_name in asked["ask"][0]
    assert HomeVisit.objects.count() == 1
    # Told of that, and meanwhile something else happened: told again.
    record_visit(
        household_id=home.pk, table=Table("survey", clock.today()), photos=[], request_id="third",
        acting_user=world.user("su"),
    )  # fmt: skip
    again = sent(client, form, told=asked["told"])
    assert again.status_code == 409
    assert len(again.json()["ask"]) == 2
    assert sent(client, form, told=again.json()["told"]).status_code == 200
    assert HomeVisit.objects.count() == 3
    # Control: where nothing happened, nothing is asked.
    assert sent(client, taken(client, home)).status_code == 200


def test_an_answer_that_nothing_asks_for_any_more_is_told_and_not_dropped(world: World, home: Household) -> None:
    rules = replace(MINIMUM, questions=("household.income_per_head", "person.school_stage"))
    Standard.objects.create(
        union=world.union("county"), valid_from=clock.today(), document_number="工发〔2026〕3号", body=rules.to_text(),
        adopted_by=world.user("su"), adopted_at=clock.now(),
    )  # fmt: skip
    client = browser(world, "jiang")
    form, wife = taken(client, home), Person.objects.get(name="桑葚子")
    name = f"{wife.public_id}-school_stage"
    assert name in form["html"]
    place = home.members.get(person=wife)
    leave_household(household_id=home.pk, place=place.pk, on=clock.today(), reason="left", acting_user=world.user("su"))
    errors = told(sent(client, form, **{name: "none"}))
    assert set(errors) == {"__all__", name}
    assert not HomeVisit.objects.exists()
    assert sent(client, form, **{name: ""}).status_code == 200


def test_a_closed_household_a_right_gone_and_another_account_are_refused(world: World, home: Household) -> None:
    client = browser(world, "jiang")
    form = taken(client, home)
    errors = told(sent(browser(world, "su"), form))
    assert "账号" in errors["__all__"][0]
    assert "不是从这里带出" in told(sent(client, {"ticket": f"{form['ticket']}x"}))["__all__"][0]
    Household.objects.filter(pk=home.pk).update(closed_on=clock.today())
    assert "销户" in told(sent(client, form))["__all__"][0]
    with pytest.raises(away.HouseholdClosed):
        away.take_along(public_ids=[home.public_id], acting_user=world.user("jiang"))
    Household.objects.filter(pk=home.pk).update(closed_on=None)
    Grant.objects.filter(user=world.user("jiang")).update(revoked_at=clock.now())
    assert sent(client, form).status_code == 404
    with pytest.raises(NotFoundHere):
        away.bring_back(
            ticket=away.read_ticket(form["ticket"]), table=Table("survey", clock.today()), photos=[], told="",
            acting_user=world.user("jiang"),
        )  # fmt: skip
    assert not HomeVisit.objects.exists()


def test_what_is_wrong_is_told_by_the_name_of_its_field(world: World, home: Household) -> None:
    client = browser(world, "jiang")
    form = taken(client, home)
    wrong = {"household-income_per_head": "一千八", "visited_on": "", "latitude": "91"}
    assert set(told(sent(client, form, **wrong))) == set(wrong)
    assert set(told(sent(client, form, purpose="recheck", verdict="open"))) == {"verdict"}


def test_the_page_and_its_worker_are_the_same_for_everybody(world: World, home: Household) -> None:
    client = browser(world, "jiang")
    taken(client, home)
    pages = [one.get("/desk/visits/away/") for one in (client, browser(world, "su"), Client())]
    assert len({one.content for one in pages}) == 1
    assert "csrfmiddlewaretoken" not in pages[0].content.decode()
    assert pages[0]["Permissions-Policy"].startswith("geolocation=(self)")
    assert client.get("/desk/visits/")["Permissions-Policy"].startswith("geolocation=()")
    scripts = [one.get("/desk/visits/away/worker.js") for one in (client, Client())]
    assert scripts[0].content == scripts[1].content
    client.cookies["language"] = "en"
    assert client.get("/desk/visits/away/worker.js").content != scripts[0].content, "another language is kept anew"
    assert Client().get("/desk/visits/away/ready/").json()["who"] == ""
    assert client.get("/desk/visits/away/ready/").json()["who"] == world.user("jiang").public_id
