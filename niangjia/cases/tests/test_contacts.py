"""首问: whoever stands at the window is registered and handed over, and nobody learns whether he was known."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from niangjia.cases import contacts as pages
from niangjia.cases.models import ContactStep, FirstContact, ProgressTries
from niangjia.cases.services import contacts
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.federation.listing.pages import page_of
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = ("楸叶", "13800000007"), ("桐子", "13800000008")
_CHANGES = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def far(world: World) -> World:
    """Somebody is registered in the other county's town."""
    user = world.officer("far", "county_officer", "other-county")
    register_person(
        union_id=world.union("far-town").pk, name=KNOWN[0], id_number=identity_number(date(1980, 1, 1), 7),
        phone=KNOWN[1], acting_user=user,
    )  # fmt: skip
    return world


def register(
    world: World, who: tuple[str, str], said: str = "", by: str = "jiang", union: str = "town-a"
) -> FirstContact:
    """At the window of a town."""
    return contacts.register_contact(
        union_id=world.union(union).pk, name=who[0], phone=who[1], came_from="工地", question="问医疗费",
        said_union=said, due_on=date(2026, 8, 10), request_id=f"c-{FirstContact.objects.count()}",
        acting_user=world.user(by),
    )  # fmt: skip


def test_it_goes_to_the_union_that_looks_after_the_person(far: World) -> None:
    assert register(far, KNOWN).holder.code == "other-county", "the nearest above his town with an officer"
    assert register(far, KNOWN, "town-b").holder.code == "other-county", "what is registered goes before what is said"


@pytest.mark.parametrize(
    ("said", "holder"), [("town-b", "town-b"), ("", "county"), ("town-a", "county"), ("nowhere", "county")]
)
def test_an_unknown_person_goes_where_he_says_or_to_the_union_above(far: World, said: str, holder: str) -> None:
    assert register(far, UNKNOWN, said).holder.code == holder


@pytest.mark.parametrize("said", ["", "town-b", "other-county"])
def test_known_and_unknown_give_the_same_bytes_to_the_first_officer(far: World, said: str) -> None:
    """Nothing that the window sees (answer, page, list, slip, trail) depends on whether the person is registered."""
    client = Client()
    client.force_login(far.user("jiang"))
    seen = []
    for who in (KNOWN, UNKNOWN):
        sent = {
            "name": who[0], "phone": who[1], "question": "问", "came_from": "", "said_union": said,
            "due_on": "2026-08-10", "request_id": f"same-{who[1]}",
        }  # fmt: skip
        answer = client.post("/desk/contacts/new/", sent)
        contact = FirstContact.objects.latest("pk")
        addresses = [answer["Location"], f"{answer['Location']}slip/", "/desk/contacts/", "/desk/"]
        texts = [_CHANGES.sub("", client.get(address).content.decode()) for address in addresses]
        seen.append([text.replace(contact.public_id, "ID").replace(contact.number, "NO").replace(who[0], "WHO")
                     for text in texts])  # fmt: skip
        with transaction.atomic():
            FirstContact.objects.filter(pk=contact.pk).update(union=far.union("city"), holder=far.union("city"))
    assert seen[0] == seen[1]


def test_left_with_the_window_itself_they_would_be_told_apart(far: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: left with the union that asks, an unknown person shows in its queue and a known one does not."""
    monkeypatch.setattr(contacts, "_responsible", _careless)
    known, unknown = register(far, KNOWN), register(far, UNKNOWN)
    held = set(pages.handed_to_us(far.user("jiang")))
    assert unknown in held
    assert known not in held


def _careless(scope: object, union_id: int, name: str, phone: str, said: str) -> int:
    return contacts.union_of_known(name=name, phone=phone) or union_id


def test_the_first_officer_sees_state_and_dates_and_the_holder_the_matter(far: World) -> None:
    contact = register(far, KNOWN)
    first, holder = Client(), Client()
    first.force_login(far.user("jiang"))
    holder.force_login(far.user("far"))
    address = f"/desk/contacts/{contact.public_id}/"
    assert "问医疗费" not in first.get(address).content.decode()
    assert "问医疗费" in holder.get(address).content.decode()
    assert first.post(f"{address}accept/").status_code == 404
    assert first.post(f"{address}answer/", {"sentence": "x"}).status_code == 404
    assert first.post(f"{address}answer/", {"sentence": ""}).status_code == 404, "not even the form"
    stranger = Client()
    stranger.force_login(far.user("bai"))
    assert stranger.get(address).status_code == 404
    assert holder.get(f"{address}slip/").status_code == 404, "the slip is the window's"


def test_accepted_passed_on_and_answered_each_with_its_step(far: World) -> None:
    contact = register(far, UNKNOWN)
    su = {"public_id": contact.public_id, "acting_user": far.user("su")}
    contacts.accept(**su)
    with pytest.raises(contacts.NotAtThisStep):
        contacts.accept(**su)
    with pytest.raises(contacts.NoSuchUnion):
        contacts.pass_on(to_union="town", sentence="归你们", **su)  # three towns have it in their names
    with pytest.raises(contacts.ReasonMissing):
        contacts.pass_on(to_union="far-town", sentence=" ", **su)
    contacts.pass_on(to_union="far-town", sentence="归你们", **su)
    with pytest.raises(NotFoundHere):
        contacts.answer(sentence="晚了", **su)
    with pytest.raises(contacts.AnswerMissing):
        contacts.answer(public_id=contact.public_id, sentence="", acting_user=far.user("far"))
    contacts.answer(public_id=contact.public_id, sentence="电话里说了", acting_user=far.user("far"))
    assert [step.verb for step in contact.steps.order_by("pk")] == ["register", "accept", "pass_on", "answer"]
    contact.refresh_from_db()
    assert (contact.state, contact.due_on) == ("answered", date(2026, 8, 10)), "the day on the slip stays"


def test_who_may_not_register(far: World) -> None:
    with pytest.raises(RightMissing):
        register(far, KNOWN, by="lian", union="county")
    with pytest.raises(NotFoundHere):
        register(far, KNOWN, by="bai")


def test_late_goes_to_the_union_above_once(far: World) -> None:
    contact = register(far, UNKNOWN, "town-b")
    assert contact not in pages.open_with_us(far.user("su"))
    with clock.frozen(date(2026, 8, 10)):
        assert contacts.escalate_late().startswith("0")
    with clock.frozen(date(2026, 8, 11)):
        assert contacts.escalate_late().startswith("1")
        assert contacts.escalate_late().startswith("0")
        assert contact in pages.open_with_us(far.user("su"))
        assert pages.line_of(contact).late == 1


def test_a_wrong_number_and_a_wrong_tail_get_the_same_answer(far: World, client: Client) -> None:
    contact = register(far, KNOWN)
    right = client.post("/progress/", {"number": contact.number, "tail": KNOWN[1][-4:]}).content.decode()
    assert "已交办，待接收" in right
    assert KNOWN[0] not in right
    assert "other-county" not in right
    wrong = []
    for number, tail in ((contact.number, "9999"), ("1000000000", KNOWN[1][-4:])):
        answer = client.post("/progress/", {"number": number, "tail": tail})
        wrong.append(_CHANGES.sub("", answer.content.decode()).replace(number, "N").replace(tail, "T"))
    assert wrong[0] == wrong[1]


def test_a_number_is_tried_ten_times_a_day(far: World) -> None:
    contact = register(far, KNOWN)
    for number in (contact.number, "1000000000"):
        for _again in range(contacts.TRIES_A_DAY):
            with pytest.raises(contacts.NotFoundByNumber):
                contacts.progress_of(number=number, tail="9999")
        with pytest.raises(contacts.TriedTooOften):
            contacts.progress_of(number=number, tail=KNOWN[1][-4:])
    with clock.frozen(date(2026, 8, 6)):
        assert contacts.progress_of(number=contact.number, tail=KNOWN[1][-4:]) == contact
        contacts.forget_tries()
        assert ProgressTries.objects.count() == 1


def test_counts_name_each_union(far: World) -> None:
    register(far, UNKNOWN)
    register(far, KNOWN)
    register(far, UNKNOWN, "town-b")
    rows = {row.name: (row.registered.number, row.held.number, row.late.number) for row in pages.counts(far.user("su"))}
    assert rows == {"county工会": (0, 1, 0), "town-a工会": (3, 0, 0), "town-b工会": (0, 1, 0)}


def test_the_database_refuses_states_without_dates_and_changes_of_steps(far: World) -> None:
    contact = register(far, UNKNOWN)
    for wrong in ({"state": "accepted"}, {"state": "answered"}, {"accepted_at": clock.now()}, {"state": "else"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FirstContact.objects.filter(pk=contact.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactStep.objects.update(sentence="x")


def shown(user: Any, **asked: str) -> list[str]:
    """The numbers of slips on the list of first contacts, in its order."""
    page = page_of(user, pages.LIST, asked)
    return [str(line.values["number"]) for line in page.kind.lines(list(page.in_order()), ())]


def test_no_matter_disappears_and_each_count_opens_what_it_counts(far: World) -> None:
    """Four are held, one of them answered: all are on the list, the answered one last, and found by its state."""
    many = [register(far, (f"桐{n}", f"138000001{n:02d}"), "town-b") for n in range(4)]
    su = far.user("su")
    contacts.accept(public_id=many[0].public_id, acting_user=su)
    contacts.answer(public_id=many[0].public_id, sentence="办好了", acting_user=su)
    everything = shown(su)
    assert set(everything) == {one.number for one in many}
    assert everything[-1] == many[0].number
    assert shown(su, state="answered") == [many[0].number]
    assert many[0].number not in shown(su, side="held", state="open")
    for row in pages.counts(su):
        for count in (row.registered, row.held, row.answered, row.late):
            asked = dict(parse_qsl(urlsplit(count.url).query))
            assert page_of(su, pages.LIST, asked).total.number == count.number, (row.name, asked)


def test_with_whom_a_matter_is_stands_only_where_ones_own_unions_hold_it(far: World) -> None:
    """And nobody finds it out by asking for it."""
    known = register(far, KNOWN)
    jiang, holder = far.user("jiang"), far.union("other-county").public_id
    page = page_of(jiang, pages.LIST, {})
    assert [line.values["holder"] for line in page.lines] == [""]
    assert shown(jiang, holder=holder) == []
    for column in page.kind.columns:
        assert not any("holder" in name or "held_by" in name for name in column.order), column.code
    assert shown(far.user("far"), holder=holder) == [known.number]


def test_an_answer_by_mistake_is_taken_back_with_a_sentence_and_waits_again(far: World, client: Client) -> None:
    contact = register(far, UNKNOWN)
    su = {"public_id": contact.public_id, "acting_user": far.user("su")}
    with pytest.raises(contacts.NotAtThisStep):
        contacts.take_answer_back(sentence="没有答复过", **su)
    contacts.answer(sentence="电话里说了", **su)
    assert contact not in pages.open_with_us(far.user("su"))
    with pytest.raises(contacts.MistakeUntold):
        contacts.take_answer_back(sentence=" ", **su)
    with pytest.raises(NotFoundHere):
        contacts.take_answer_back(public_id=contact.public_id, sentence="x", acting_user=far.user("bai"))
    client.force_login(far.user("su"))
    address = f"/desk/contacts/{contact.public_id}/"
    assert 'action="' + address + 'reopen/"' in client.get(address).content.decode()
    assert client.post(f"{address}reopen/", {"sentence": ""}).status_code == 422
    assert client.post(f"{address}reopen/", {"sentence": "答错了人"})["Location"] == address
    contact.refresh_from_db()
    assert (contact.state, contact.answered_at, contact.due_on) == ("accepted", None, date(2026, 8, 10))
    assert contact in pages.open_with_us(far.user("su"))
    steps = list(contact.steps.order_by("pk"))
    assert [(step.verb, step.sentence) for step in steps] == [
        ("register", ""), ("answer", "电话里说了"), ("reopen", "答错了人"),
    ]  # fmt: skip
    page = client.get(address).content.decode()
    assert "答错了人" in page
    assert "电话里说了" in page, "what was answered stays among the steps"
    # Somebody who had the page open is told, and nothing happens twice.
    assert client.post(f"{address}reopen/", {"sentence": "又来"}).status_code == 422
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        ContactStep.objects.filter(contact=contact).update(verb="register")
    contacts.answer(sentence="再说了一遍", **su)
    assert [one.verb for one in contact.steps.order_by("pk")][-1] == "answer"
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactStep.objects.create(
            contact=contact, verb="reopen", holder=contact.holder, by=far.user("su"), at=clock.now()
        )
