"""A person's say in what is kept of him: see, copy, put right, take back, delete; and what follows at once."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.accounts.services.codes import ask_code, forget_old, try_code
from niangjia.core import clock, crypto
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.core.facts import facts
from niangjia.federation.models import AuditRow, Officer
from niangjia.federation.services import approvals, audit
from niangjia.files.services.store import path_of
from niangjia.files.tests.pictures import png
from niangjia.people import queries
from niangjia.people.holdings import held_of, holdings
from niangjia.people.models import Consent, EmploymentSpell, HardshipFile, OwnRequest, Person, RecordedFact, Statement
from niangjia.people.purposes import purposes
from niangjia.people.services import consents, erasure, requests
from niangjia.people.services.facts import record_fact, state_fact
from niangjia.people.services.households import add_member, open_hardship_file, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.one_database

NUMBER = identity_number(date(1980, 1, 2), 3)
ILLNESS_FACT = "hospital_own_cost"


class Left(AssertionError):
    """Something of a deleted person can still be read."""


@pytest.fixture
def mai(world: World) -> Person:
    """The head of a household in town A, with his wife in it."""
    su = world.user("su")
    person = register_person(
        union_id=world.union("grid-a").pk, name="麦芒种", id_number=NUMBER, phone="13800000009", acting_user=su
    )
    home = register_household(
        union_id=person.union_id, head_id=person.pk, address="小满巷9号", registered_on=date(2020, 1, 1), acting_user=su
    )
    wife = register_person(
        union_id=person.union_id, name="麦二花", born_on=date(1982, 1, 1), phone="13800000010", acting_user=su
    )
    add_member(household_id=home.pk, person_id=wife.pk, relation="spouse", valid_from=date(2020, 1, 1), acting_user=su)
    return person


def log_in(phone: str, settings: LazySettings) -> User:
    asked = ask_code(phone=phone)
    return try_code(public_id=asked.public_id, code=Path(settings.TEXTS_FILE).read_text().split("验证码")[-1][:6])


@pytest.fixture
def worker(mai: Person, settings: LazySettings, tmp_path: Path) -> User:
    """His account."""
    settings.MEDIA_ROOT = str(tmp_path / "files")
    settings.TEXTS_FILE = str(tmp_path / "texts.log")
    return log_in("+8613800000009", settings)


@pytest.fixture
def wife(worker: User, settings: LazySettings) -> User:
    """Her account."""
    return log_in("+8613800000010", settings)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def cost(world: World, mai: Person, fen: int = 120_000) -> None:
    record_fact(
        subject_kind="person", subject_id=mai.pk, code=ILLNESS_FACT, value=fen, proof=2, true_on=clock.today(),
        source_zh="医保结算单", source_en="Settlement slip", acting_user=world.user("su"),
    )  # fmt: skip


def reading(mai: Person) -> object:
    found = facts.get(f"person.{ILLNESS_FACT}").read([mai.pk], clock.today()).get(mai.pk)
    return found and (found.value, found.unknown)


def test_taking_consent_back_stops_the_use_at_once_and_giving_it_starts_again(
    world: World, mai: Person, worker: User
) -> None:
    cost(world, mai)
    assert reading(mai) == (120_000, "")
    page, client = reverse("my_consent", args=["illness"]), client_of(worker)
    assert "从撤回起，规则不再读取" in client.get(page).content.decode()
    client.post(page, {"answer": "no", "request_id": "c-1"})
    client.post(page, {"answer": "no", "request_id": "c-1"})
    assert Consent.objects.count() == 1, "pressed twice, answered once"
    assert reading(mai) == (None, "refused")
    assert not queries.consents("illness", [mai.pk])[mai.pk].allowed
    client.post(page, {"answer": "yes", "request_id": "c-2"})
    assert reading(mai) == (120_000, "")
    assert list(Consent.objects.order_by("pk").values_list("given", "version", "way")) == [
        (False, 1, "own"), (True, 1, "own")
    ]  # fmt: skip


def test_what_goes_to_others_waits_for_a_yes_and_an_old_text_does_not_cover_a_new_one(
    world: World, mai: Person, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def allowed() -> bool:
        return queries.consents("bureau-check", [mai.pk])[mai.pk].allowed

    assert not allowed()
    with pytest.raises(consents.PaperMissing):
        consents.record_answer(
            person_id=mai.pk, purpose="bureau-check", given=True, way="paper", photograph=None, request_id="p-0",
            acting_user=world.user("jiang"),
        )  # fmt: skip
    paper = SimpleUploadedFile("x.png", png(), "image/png")
    consents.record_answer(
        person_id=mai.pk, purpose="bureau-check", given=True, way="paper", photograph=paper, request_id="p-1",
        acting_user=world.user("jiang"),
    )  # fmt: skip
    assert allowed()
    newer = replace(purposes.get("bureau-check"), version=2)
    monkeypatch.setitem(purposes._things, "bureau-check", newer)
    assert not allowed(), "the text has changed its meaning: it asks again"
    with pytest.raises(consents.NotYoursToAnswer):
        consents.answer_purpose(person_id=mai.pk, purpose="register", given=False, request_id="p-2", acting_user=worker)


def test_a_member_of_the_family_acts_only_under_a_mandate_and_never_takes_the_copy_or_deletes(
    mai: Person, worker: User, wife: User
) -> None:
    page = reverse("my_consents") + f"?for={mai.public_id}"
    assert client_of(wife).get(page).status_code == 404
    member = queries.members_of(queries.household_ids_of(mai.pk, clock.today())).get(relation="spouse").person
    client_of(worker).post(reverse("my_family"), {"deputy": member.public_id})
    assert "您在替麦芒种办" in client_of(wife).get(page).content.decode()
    client_of(wife).post(
        reverse("my_consent", args=["illness"]), {"for": mai.public_id, "answer": "no", "request_id": "w-1"}
    )
    row = Consent.objects.get()
    assert (row.person_id, row.recorded_by_id, row.mandate is not None) == (mai.pk, wife.pk, True)
    with pytest.raises(NotFoundHere):
        requests.ask_erasure(person_id=mai.pk, says="", request_id="w-2", acting_user=wife)
    assert row.mandate is not None
    consents.end_mandate(public_id=row.mandate.public_id, acting_user=worker)
    with pytest.raises(NotFoundHere):
        consents.answer_purpose(person_id=mai.pk, purpose="illness", given=True, request_id="w-3", acting_user=wife)


def test_a_mandate_given_at_the_window_counts_like_one_given_on_the_page(
    world: World, mai: Person, worker: User, wife: User
) -> None:
    member = queries.members_of(queries.household_ids_of(mai.pk, clock.today())).get(relation="spouse").person
    page = reverse("person_mandate", args=[mai.public_id])
    desk = client_of(world.user("jiang"))
    assert desk.post(page, {"deputy": member.public_id, "way": "paper"}).status_code == 422, "without its paper"
    desk.post(page, {"deputy": member.public_id, "way": "window"})
    assert "您在替麦芒种办" in client_of(wife).get(f"{reverse('my_consents')}?for={mai.public_id}").content.decode()
    assert member.name in client_of(worker).get(reverse("my_family")).content.decode()


def test_the_copy_comes_after_a_second_code_holds_everything_and_is_written_down(
    world: World, mai: Person, worker: User, settings: LazySettings
) -> None:
    cost(world, mai)
    client = client_of(worker)
    assert NUMBER not in client.get(reverse("my_data")).content.decode()
    assert client.post(reverse("my_copy")).headers["Location"] == reverse("my_step_up")
    moment = clock.now() + timedelta(minutes=5)
    with clock.frozen(moment):
        client.post(reverse("my_step_up"))
        code = Path(settings.TEXTS_FILE).read_text().split("验证码")[-1][:6]
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        assert client.post(reverse("my_step_up"), {"code": wrong}).status_code == 422
        assert client.post(reverse("my_copy")).status_code == 302
        client.post(reverse("my_step_up"), {"code": code})
        response = client.post(reverse("my_copy"))
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    told = json.loads(archive.read("3-data.json"))
    values = {row["value"] for section in told["sections"] for row in section["rows"]}
    assert {"麦芒种", NUMBER, "+8613800000009", "小满巷9号"} <= values
    assert "1,200.00" in archive.read("1-page.html").decode()
    assert archive.read("2-table.xlsx").startswith(b"PK")
    assert AuditRow.objects.filter(action="people.own:export", object_id=mai.pk).count() == 1
    with clock.frozen(moment + timedelta(minutes=11)):
        assert client.post(reverse("my_copy")).status_code == 302, "ten minutes later it asks again"


def test_at_the_window_the_same_copy_is_printed_for_a_reason_and_the_person_reads_who_did(
    world: World, mai: Person, worker: User
) -> None:
    page = reverse("person_copy", args=[mai.public_id])
    assert client_of(world.user("bai")).get(page).status_code == 404
    assert client_of(world.user("yun")).get(page).status_code in {403, 404}
    desk = client_of(world.user("jiang"))
    assert (
        reverse("person_copy", args=[mai.public_id])
        in desk.get(reverse("person_file", args=[mai.public_id])).content.decode()
    )
    assert NUMBER not in desk.get(page).content.decode(), "nothing is shown before the reason"
    assert desk.post(page, {"reason": " "}).status_code == 422
    printed = desk.post(page, {"reason": "本人到窗口，已核对身份证"}).content.decode()
    assert NUMBER in printed
    assert "已核对身份证" in printed
    assert "谁看过您的档案" in printed, "who has no telephone reads it here"
    assert printed.partition("谁看过您的档案")[2].count("打开了档案") == 1
    for section in held_of(mai.pk):
        assert section.title in printed
    look = AuditRow.objects.get(action="people.own:print", object_id=mai.pk)
    assert look.reason == "本人到窗口，已核对身份证"
    audit.advance_feed()
    assert "打印" in client_of(worker).get(reverse("my_me")).content.decode()


def test_every_table_that_names_a_person_is_told_to_him_or_left_out_with_a_reason() -> None:
    # Who looked is told in words on his page; a hold, a request for a fact, and the question whether two files are
    # one are the officer's own notes; what went into a file is told with it; unions and employers return places.
    left_out = {
        "federation.LookTaskSubject", "benefits.Hold", "people.SuspectedPair", "people.PersonMerge",
        "benefits.QuotaReturn",
    }  # fmt: skip
    told = frozenset().union(*(one.models for one in holdings.all()))
    naming = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("niangjia.")
        and ({f.name for f in model._meta.concrete_fields} >= {"subject_kind", "subject_id"}
             or any(getattr(f.remote_field, "model", None) is Person for f in model._meta.concrete_fields))
    }  # fmt: skip
    assert naming - told - left_out == set()
    assert "people.Consent" in naming, "the search finds what names a person"


def test_a_correction_goes_to_the_officer_with_a_day_and_comes_back_done(
    world: World, mai: Person, worker: User
) -> None:
    client = client_of(worker)
    client.post(reverse("my_correction"), {"what": "name", "wanted": "麦芒仲", "request_id": "k-1"})
    row = OwnRequest.objects.get()
    assert row.due_on == clock.today() + timedelta(days=15)
    assert client.post(
        reverse("my_correction"), {"what": "name", "wanted": "麦芒种种", "request_id": "k-2"}
    ).status_code == 422  # fmt: skip
    desk = client_of(world.user("jiang"))
    assert "麦芒种" in desk.get(reverse("desk")).content.decode()
    page = reverse("desk_request", args=[row.public_id])
    assert "麦芒仲" in desk.get(page).content.decode()
    assert desk.post(page, {"answer": "returned", "note": ""}).status_code == 422
    assert client_of(world.user("bai")).get(page).status_code == 404
    desk.post(page, {"answer": "done", "note": ""})
    mai.refresh_from_db()
    assert mai.name == "麦芒仲"
    assert "已办好" in client.get(reverse("my_requests")).content.decode()
    assert "麦芒种" not in "".join(AuditRow.objects.values_list("before", flat=True)), "sealed in the trail"


def test_a_new_telephone_opens_the_same_account(world: World, mai: Person, worker: User) -> None:
    row = requests.ask_correction(
        person_id=mai.pk, what="phone", wanted="138 0000 0011", says="", photograph=None, request_id="t-1",
        acting_user=worker,
    )  # fmt: skip
    requests.answer_correction(public_id=row.public_id, verdict="done", note="", acting_user=world.user("jiang"))
    assert User.objects.with_phone("+8613800000011").get().pk == worker.pk


def asked_to_go(worker: User, mai: Person) -> OwnRequest:
    return requests.ask_erasure(person_id=mai.pk, says="", request_id="e-1", acting_user=worker)


def confirm(world: World, row: OwnRequest) -> None:
    approval = erasure.propose_erasure(public_id=row.public_id, acting_user=world.user("su"))
    with pytest.raises(RightMissing):
        approvals.decide(public_id=approval.public_id, verdict="confirmed", acting_user=world.user("jiang"))
    approvals.decide(public_id=approval.public_id, verdict="confirmed", acting_user=world.user("lian"))


def nothing_left(*words: str) -> None:
    """No row of any table, opened with every key the installation has, says one of these words."""
    for model in apps.get_models():
        if model.__module__.startswith("niangjia."):
            for values in model._default_manager.values_list():
                if any(word in str(value) for value in values for word in words):
                    raise Left(f"{model._meta.label}: {values}")


def test_deletion_takes_everything_the_key_too_and_the_chain_still_verifies(
    world: World, mai: Person, worker: User, django_capture_on_commit_callbacks: object
) -> None:
    cost(world, mai)
    statement = state_fact(
        subject_kind="person", subject_id=mai.pk, code="admission_letter", value=True,
        photograph=SimpleUploadedFile("x.png", png(), "image/png"), request_id="s-1", acting_user=worker,
    )  # fmt: skip
    assert statement.evidence is not None
    photo, old_key = path_of(statement.evidence.digest), bytes.fromhex(mai.data_key)
    sealed = json.loads(AuditRow.objects.get(action="people.fact:record").after)["value"]
    place = f"audit:person:{mai.pk}"
    assert crypto.unseal(sealed, bound_to=place, key=old_key) == "120000"
    with pytest.raises(Left):  # control: before the deletion the search finds him
        nothing_left("麦芒种", NUMBER, "13800000009")
    row = asked_to_go(worker, mai)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        confirm(world, row)
    audit.seal_all()
    assert audit.verify_chain().broken is None
    with clock.frozen(clock.now() + timedelta(days=3)):
        forget_old()  # codes that were sent go by themselves after two days
    nothing_left("麦芒种", NUMBER, "13800000009")
    mai.refresh_from_db()
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(sealed, bound_to=place, key=bytes.fromhex(mai.data_key))
    assert not photo.exists()
    assert not RecordedFact.objects.filter(subject_kind="person", subject_id=mai.pk).exists()
    assert not Statement.objects.exists()
    worker.refresh_from_db()
    assert not worker.is_active
    row.refresh_from_db()
    assert row.answer.verdict == "done"


def test_what_the_law_keeps_stays_with_its_term_and_goes_when_it_is_over(
    world: World, mai: Person, worker: User
) -> None:
    home = queries.households_of([mai.pk])[mai.pk]
    open_hardship_file(
        household_id=home.pk, grade="deep", cause="因病", entered_on=date(2024, 1, 1), review_due_on=date(2027, 1, 1),
        acting_user=world.user("su"),
    )  # fmt: skip
    # Closed on paper before there were rules of leaving.
    HardshipFile.objects.filter(household=home).update(exited_on=clock.today())
    row = asked_to_go(worker, mai)
    page = client_of(world.user("su")).get(reverse("desk_request", args=[row.public_id])).content.decode()
    assert "困难档案" in page
    confirm(world, row)
    mai.refresh_from_db()
    row.refresh_from_db()
    assert (mai.name, mai.phone, row.answer.verdict) == ("麦芒种", "", "partly")
    assert row.answer.stays_until is not None
    assert "0 " in erasure.finish_erasures()
    with clock.frozen(row.answer.stays_until + timedelta(days=1)):
        erasure.finish_erasures()
    mai.refresh_from_db()
    assert (mai.name, mai.id_number) == (erasure.NOBODY, "")


def test_a_plan_that_changed_is_not_confirmed(world: World, mai: Person, worker: User) -> None:
    row = asked_to_go(worker, mai)
    approval = erasure.propose_erasure(public_id=row.public_id, acting_user=world.user("su"))
    cost(world, mai)
    with pytest.raises(approvals.ChangedSince):
        approvals.decide(public_id=approval.public_id, verdict="confirmed", acting_user=world.user("lian"))
    assert not EmploymentSpell.objects.filter(person=mai).exists()
    assert held_of(mai.pk)


def test_who_looked_says_who_of_which_unit_when_why_and_what(world: World, mai: Person, worker: User) -> None:
    Officer.objects.create(
        user=world.user("jiang"), union=world.union("town-a"), post="干事", valid_from=date(2020, 1, 1)
    )
    client_of(world.user("jiang")).post(reverse("person_reveal", args=[mai.public_id]), {"reason": "核对证件"})
    page = client_of(worker).get(reverse("my_me")).content.decode()
    for word in ("jiang", "town-a工会", "核对证件", "身份证号、电话"):
        assert word in page
