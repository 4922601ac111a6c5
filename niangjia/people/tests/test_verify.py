"""Stating with a photograph, verifying beside it, moving: who may, what is kept, what follows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.accounts.services.codes import ask_code, try_code
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.facts import facts
from niangjia.federation.models import AuditRow
from niangjia.federation.scopes import scope_of
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.files.tests.pictures import png
from niangjia.people import queries
from niangjia.people.looked import looks_at_sent, who_looked_at
from niangjia.people.models import MembershipSpell, Person, RecordedFact, Statement
from niangjia.people.services.facts import record_fact, state_fact, verify_statement
from niangjia.people.services.households import add_member, register_household
from niangjia.people.services.own_matters import OwnMatter
from niangjia.people.services.persons import move_person, register_person
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.one_database

FACT = "admission_letter"
PHOTO = png()


@pytest.fixture
def mai(world: World) -> Person:
    """A person of town A, head of a household."""
    su = world.user("su")
    person = register_person(
        union_id=world.union("grid-a").pk, name="麦芒种", id_number=identity_number(date(1980, 1, 2), 3),
        phone="13800000009", acting_user=su,
    )  # fmt: skip
    register_household(
        union_id=world.union("grid-a").pk, head_id=person.pk, address="", registered_on=date(2020, 1, 1), acting_user=su
    )
    return person


@pytest.fixture
def worker(world: World, mai: Person, settings: LazySettings, tmp_path: Path) -> User:
    """His account, made by his first log-in."""
    settings.MEDIA_ROOT = str(tmp_path / "files")
    settings.TEXTS_FILE = str(tmp_path / "texts.log")
    asked = ask_code(phone="+8613800000009")
    text = Path(settings.TEXTS_FILE).read_text()
    return try_code(public_id=asked.public_id, code=text.split("验证码")[1][:6])


def state(worker: User, mai: Person, request_id: str = "r-1") -> Statement:
    """He photographs the letter."""
    return state_fact(
        subject_kind="person", subject_id=mai.pk, code=FACT, value=True,
        photograph=SimpleUploadedFile("x.png", PHOTO, "image/png"), request_id=request_id, acting_user=worker,
    )  # fmt: skip


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _close_files(response: HttpResponse) -> None:
    # The files only: closing the answer would close the test's connection to the database too.
    for close in response._resource_closers:  # type: ignore[attr-defined]
        close()


def known(mai: Person) -> tuple[object, int] | None:
    reading = facts.get(f"person.{FACT}").read([mai.pk], clock.today()).get(mai.pk)
    return None if reading is None or reading.value is None else (reading.value, reading.proof)


def test_the_first_log_in_gives_the_right_to_ones_own_data_and_to_nothing_else(worker: User, mai: Person) -> None:
    assert scope_of(worker, "people.own:state").persons == {mai.pk}
    assert scope_of(worker, "people.registry:read").is_empty
    assert AuditRow.objects.filter(action="people.person:enter", object_id=mai.pk, actor=None).count() == 1


def test_a_number_that_stands_for_two_grown_people_opens_nothing(world: World, mai: Person) -> None:
    assert ask_code(phone="+8613800000009")
    register_person(
        union_id=mai.union_id, name="麦二", born_on=date(1990, 1, 1), phone="13800000009", acting_user=world.user("su")
    )
    from niangjia.people.services.persons import person_with_phone  # noqa: PLC0415  one call, in one test

    assert person_with_phone("+8613800000009") is None


def test_a_childs_row_with_the_parents_number_does_not_stand_in_the_way(world: World, mai: Person) -> None:
    register_person(
        union_id=mai.union_id,
        name="麦冬冬",
        born_on=date(2020, 1, 1),
        phone="13800000009",
        acting_user=world.user("su"),
    )
    from niangjia.people.services.persons import person_with_phone  # noqa: PLC0415  one call, in one test

    assert person_with_phone("+8613800000009") == mai


def test_a_statement_waits_and_a_confirmed_one_counts_as_paper(world: World, worker: User, mai: Person) -> None:
    statement = state(worker, mai)
    assert known(mai) == (True, 1)
    client, address = client_of(world.user("jiang")), reverse("verify_statement", args=[statement.public_id])
    page = client.get(address).content.decode()
    assert "录取通知书" in page
    assert reverse("evidence", args=[statement.evidence.public_id]) in page  # type: ignore[union-attr]
    assert client.post(address, {"answer": "confirm"}).headers["Location"] == reverse("verify_queue")
    assert known(mai) == (True, 2)


def test_a_return_needs_a_sentence_and_takes_the_statement_back(world: World, worker: User, mai: Person) -> None:
    statement = state(worker, mai)
    client, address = client_of(world.user("jiang")), reverse("verify_statement", args=[statement.public_id])
    refused = client.post(address, {"answer": "return", "reason": " "})
    assert refused.status_code == 422
    assert "请写一句" in refused.content.decode()
    client.post(address, {"answer": "return", "reason": "看不清，请重拍"})
    assert known(mai) is None
    assert "已经答复了这件" in client.post(address, {"answer": "confirm"}, follow=True).content.decode()
    assert RecordedFact.objects.filter(code=FACT).count() == 2


def test_a_return_leaves_the_word_of_another_photograph_that_still_waits(
    world: World, worker: User, mai: Person
) -> None:
    first, second = (state(worker, mai, f"r-{n}") for n in range(2))
    jiang = world.user("jiang")
    verify_statement(public_id=first.public_id, verdict="returned", note="看不清", acting_user=jiang)
    assert known(mai) == (True, 1)
    assert RecordedFact.objects.filter(code=FACT).latest("pk").statement == second
    verify_statement(public_id=second.public_id, verdict="returned", note="还是看不清", acting_user=jiang)
    assert known(mai) is None


def test_a_return_leaves_what_was_confirmed_before(world: World, worker: User, mai: Person) -> None:
    first, second = (state(worker, mai, f"r-{n}") for n in range(2))
    jiang = world.user("jiang")
    verify_statement(public_id=first.public_id, verdict="confirmed", acting_user=jiang)
    verify_statement(public_id=second.public_id, verdict="returned", note="看不清", acting_user=jiang)
    assert known(mai) == (True, 2)


def test_who_handed_in_a_paper_sees_who_opened_it_wherever_it_is_filed(world: World, worker: User, mai: Person) -> None:
    child = register_person(
        union_id=mai.union_id, name="麦冬冬", born_on=date(2012, 1, 1), acting_user=world.user("su")
    )
    add_member(
        household_id=queries.household_ids_of(mai.pk, clock.today())[0], person_id=child.pk, relation="child",
        valid_from=date(2020, 1, 1), acting_user=world.user("su"),
    )  # fmt: skip
    mine, childs = state(worker, mai, "r-1"), state(worker, child, "r-2")
    assert looks_at_sent(worker) == []
    for statement in (mine, childs):
        address = reverse("evidence", args=[statement.evidence.public_id])  # type: ignore[union-attr]
        _close_files(client_of(world.user("jiang")).get(address))
    looks = {(row.object_kind, row.object_id) for row in looks_at_sent(worker)}
    assert looks == {("person", mai.pk), ("person", child.pk)}
    assert looks_at_sent(world.user("jiang")) == []


def test_after_an_answer_the_next_one_opens_and_later_skips(world: World, worker: User, mai: Person) -> None:
    first, second, third = (state(worker, mai, f"r-{n}") for n in range(3))
    client = client_of(world.user("jiang"))
    pages = {row: reverse("verify_statement", args=[row.public_id]) for row in (first, second, third)}
    assert client.post(pages[first], {"answer": "later"}).headers["Location"] == pages[second]
    assert client.post(pages[second], {"answer": "confirm"}).headers["Location"] == pages[third]
    assert client.post(pages[third], {"answer": "later"}).headers["Location"] == pages[first]
    assert client.post(pages[first], {"answer": "nonsense"}).status_code == 422


def test_the_photograph_is_seen_in_scope_only_and_each_look_is_kept(world: World, worker: User, mai: Person) -> None:
    statement = state(worker, mai)
    assert statement.evidence is not None
    address = reverse("evidence", args=[statement.evidence.public_id])
    shown = client_of(world.user("jiang")).get(address)
    assert b"".join(shown.streaming_content) == PHOTO  # type: ignore[attr-defined]
    _close_files(shown)
    assert shown.headers["Content-Type"] == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    for stranger in (world.user("bai"), worker, world.user("yuan")):
        assert client_of(stranger).get(address).status_code == 404
    assert AuditRow.objects.filter(action="people.evidence:look").count() == 1
    looks = who_looked_at([mai.pk])
    assert [row.actor for row in looks] == [world.user("jiang")]


def test_nobody_answers_for_his_own_household(world: World, worker: User, mai: Person) -> None:
    statement = state(worker, mai)
    jiang = world.user("jiang")
    grant_role(user=jiang, role="worker", person_id=mai.pk, expires_at=ten_years_from_now(), acting_user=None)
    with pytest.raises(OwnMatter):
        verify_statement(public_id=statement.public_id, verdict="confirmed", acting_user=jiang)
    with pytest.raises(OwnMatter):
        record_fact(subject_kind="person", subject_id=mai.pk, code=FACT, value=True, proof=4, true_on=clock.today(),
                    source_zh="x", source_en="x", acting_user=jiang)  # fmt: skip


def test_sent_twice_it_is_one_statement_and_a_stranger_states_nothing(world: World, worker: User, mai: Person) -> None:
    assert state(worker, mai) == state(worker, mai)
    assert Statement.objects.count() == 1
    with pytest.raises(NotFoundHere):
        state(world.user("jiang"), mai, "r-9")


def test_what_is_proved_is_not_hidden_by_what_is_only_stated(world: World, worker: User, mai: Person) -> None:
    record_fact(subject_kind="person", subject_id=mai.pk, code=FACT, value=False, proof=5, true_on=clock.today(),
                source_zh="教育局", source_en="Education bureau", acting_user=world.user("su"))  # fmt: skip
    state(worker, mai)
    assert known(mai) == (False, 5)


def test_ownership_follows_a_move_and_history_stays(world: World, worker: User, mai: Person) -> None:
    statement = state(worker, mai)
    verify_statement(public_id=statement.public_id, verdict="confirmed", acting_user=world.user("jiang"))
    MembershipSpell.objects.create(person=mai, union=mai.union, joined_on=date(2021, 5, 1))
    before = list(RecordedFact.objects.order_by("pk").values_list("pk", "value", "proof", "recorded_at", "recorded_by"))
    town_b = world.union("town-b")
    move_person(person_id=mai.pk, to_union_id=town_b.pk, on=date(2026, 6, 15), acting_user=world.user("su"))
    assert (
        list(RecordedFact.objects.order_by("pk").values_list("pk", "value", "proof", "recorded_at", "recorded_by"))
        == before
    )
    spells = MembershipSpell.objects.order_by("joined_on").values_list("union__code", "joined_on", "ended_on")
    assert list(spells) == [
        ("grid-a", date(2021, 5, 1), date(2026, 6, 15)), ("town-b", date(2026, 6, 15), None),
    ]  # fmt: skip
    assert statement.evidence is not None
    for address in (
        reverse("person_file", args=[mai.public_id]), reverse("evidence", args=[statement.evidence.public_id]),
    ):  # fmt: skip
        assert client_of(world.user("jiang")).get(address).status_code == 404
        shown = client_of(world.user("bai")).get(address)
        _close_files(shown)
        assert shown.status_code == 200
    assert queries.owner_of("household", queries.household_ids_of(mai.pk, clock.today())[0]) == town_b.pk
