"""A check by another bureau from its draft to the facts it settles, and what never leaves without a signature."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal, RightMissing
from niangjia.core.facts import BUREAU, STATED, VISIT
from niangjia.core.ids import new_public_id
from niangjia.core.workdays import workdays_after, workdays_late
from niangjia.federation.models import AuditRow
from niangjia.files.tests.pictures import png
from niangjia.people.bureaux.answers import Answers
from niangjia.people.bureaux.batches import LATE, SENT, SETTLED, STEPS, in_step, result_of, step_of
from niangjia.people.bureaux.offers import wanted_visits
from niangjia.people.bureaux.suppliers import bureaus, bureaus_of
from niangjia.people.bureaux.visits import visits_of
from niangjia.people.models import CheckAuthority, CrossCheck, CrossCheckSubject, Household, Person, RecordedFact
from niangjia.people.services import authorities, cross_checks as checks
from niangjia.people.services.facts import record_fact
from niangjia.people.services.households import add_member, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.services.roster_work import work_rosters
from niangjia.people.tests.tables import digests, take_back, workbook
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.one_database
INCOME = "household.income_per_head"
BORN = date(1980, 3, 4)
PLANTS = "柏青松 桑果红 麦芒种 金银花 苏铁叶".split()


def home(world: World, order: int, name: str, *, spouse: bool = False, union: str = "town-a") -> Household:
    """A household with a head, and a spouse where asked."""
    su, union_id = world.user("su"), world.union(union).pk
    head = register_person(union_id=union_id, name=name, id_number=identity_number(BORN, order), acting_user=su)
    found = register_household(
        union_id=union_id, head_id=head.pk, address="", registered_on=date(2024, 1, 1), acting_user=su
    )
    if spouse:
        other = register_person(
            union_id=union_id, name=f"{name}配", id_number=identity_number(BORN, order + 500), acting_user=su
        )
        add_member(
            household_id=found.pk, person_id=other.pk, relation="spouse", valid_from=date(2024, 1, 1), acting_user=su
        )
    return found


def sign(
    world: World, household: Household, *people: Person, bureau: str = "民政局", until: int = 365
) -> CheckAuthority:
    """The paper of a household, signed by all its members or by those named."""
    who = people or tuple(member.person for member in household.members.all())
    return authorities.record_authority(
        household=household, signer_ids=[one.pk for one in who], bureaus_named=[bureau], purpose="困难职工认定",
        signed_on=clock.today(), valid_until=clock.today() + timedelta(days=until),
        paper=SimpleUploadedFile("x.png", png(), "image/png"), request_id=new_public_id(),
        acting_user=world.user("jiang"),
    )  # fmt: skip


def draft(
    world: World, homes: list[Household], bureau: str = "民政局", keys: tuple[str, ...] = (INCOME,)
) -> CrossCheck:
    """A batch about these households."""
    return checks.draft_check(
        union_id=world.union("county").pk, bureau=bureau, keys=keys, ids=[one.pk for one in homes], title="复核",
        request_id=new_public_id(), acting_user=world.user("su"),
    )  # fmt: skip


def send(world: World, check: CrossCheck, days: int = 14) -> CrossCheck:
    """Send it."""
    due = clock.today() + timedelta(days=days)
    return checks.send_check(public_id=check.public_id, due_on=due, letter="云工函3号", acting_user=world.user("su"))


def table_of(content: bytes) -> list[list[Any]]:
    """The rows of a workbook."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def answer(world: World, check: CrossCheck, rows: list[tuple[str, str, Any]]) -> Answers:
    """Hand a table in: name, number, income in yuan."""
    content = workbook([("姓名", "身份证号", "家庭人均月收入"), *rows])
    result = checks.receive_answers(
        public_id=check.public_id, upload=SimpleUploadedFile("民政.xlsx", content), paper="民函8号",
        true_on=clock.today(), request_id=new_public_id(), acting_user=world.user("su"),
    )  # fmt: skip
    work_rosters()
    result.roster.refresh_from_db()
    return Answers(result)


def settle(world: World, check: CrossCheck) -> None:
    """Enter what was decided."""
    checks.settle(public_id=check.public_id, acting_user=world.user("su"))
    work_rosters()


def state(world: World, household: Household, fen: int, days: int = 90) -> None:
    """What the household said it earns, so many days ago."""
    record_fact(
        subject_kind="household", subject_id=household.pk, code="income_per_head", value=fen, proof=STATED,
        true_on=clock.today() - timedelta(days=days), source_zh="本人填写", source_en="Stated",
        acting_user=world.user("su"),
    )  # fmt: skip


def again(check: CrossCheck) -> CrossCheck:
    """The batch as it stands."""
    found = CrossCheck.objects.prefetch_related("results__roster").get(pk=check.pk)
    narrowed = [code for code in (*STEPS, LATE) if in_step(CrossCheck.objects.filter(pk=check.pk), code).exists()]
    assert narrowed == [step_of(found, clock.today())], "the list narrows to what each is said to be"
    return found


def test_only_signed_households_go_into_the_file_and_each_number_that_leaves_is_written_down(world: World) -> None:
    homes = [home(world, at, name, spouse=at == 0) for at, name in enumerate(PLANTS[:3])]
    sign(world, homes[0])
    sign(world, homes[1], bureau="医保局")  # signed for somebody else to be asked
    check = send(world, draft(world, homes))
    assert list(CrossCheckSubject.objects.filter(sent=True).values_list("household_id", flat=True)) == [homes[0].pk]
    content = checks.take_file(public_id=check.public_id, acting_user=world.user("su"))
    rows = table_of(content)
    assert rows[0][:4] == ["序号", "姓名", "身份证号", "家庭其他成年成员"]
    assert rows[1][1:3] == ["柏青松", identity_number(BORN, 0)]
    assert rows[1][3] == f"柏青松配 {identity_number(BORN, 500)}"
    assert rows[1][4] == ""
    text = json.dumps(rows, ensure_ascii=False)
    assert "桑果红" not in text
    assert identity_number(BORN, 2) not in text
    looks = AuditRow.objects.filter(action="people.check:reveal")
    assert looks.count() == 2, "the head's and the spouse's number left"
    assert {"民政局比对" in row.reason for row in looks} == {True}
    assert content == checks.take_file(public_id=check.public_id, acting_user=world.user("su"))
    check.refresh_from_db()
    assert json.loads(looks[0].after)["digest"] == check.file_digest


def test_every_adult_signs_and_an_expired_or_withdrawn_paper_counts_no_more(world: World) -> None:
    su, household = world.user("su"), home(world, 1, "柏青松", spouse=True)
    head, spouse = (member.person for member in household.members.order_by("pk"))
    check = draft(world, [household])
    with pytest.raises(checks.NobodyMaySend):
        send(world, check)
    sign(world, household, head)
    with pytest.raises(checks.NobodyMaySend):
        send(world, check)
    paper = sign(world, household, spouse, until=20)
    send(world, check)
    authorities.withdraw_authority(public_id=paper.public_id, acting_user=su)
    with pytest.raises(checks.AuthorityGone, match="柏青松配"):
        checks.take_file(public_id=check.public_id, acting_user=su)
    with clock.frozen(clock.now() + timedelta(days=21)), pytest.raises(checks.AuthorityGone):
        checks.take_file(public_id=check.public_id, acting_user=su)
    stranger = home(world, 9, "麦芒种").members.get().person
    with pytest.raises(authorities.NotAnAdultOfIt):
        sign(world, household, stranger)


def test_one_file_settles_many_and_the_same_file_again_changes_nothing(world: World) -> None:
    homes = [home(world, at, name) for at, name in enumerate(PLANTS)]
    for one in homes:
        sign(world, one)
    state(world, homes[0], 100_000)
    state(world, homes[1], 100_000)
    check = send(world, draft(world, homes))
    table = [(name, identity_number(BORN, at), 1000 + at * 40) for at, name in enumerate(PLANTS)]
    found = answer(world, check, table)
    assert (len(found.agreeing), len(found.differing)) == (4, 1)
    assert (found.differing[0].suggestion, found.undecided) == ("take", found.differing)
    assert found.differing[0].differences[0].declared == "1,000.00元"
    with pytest.raises(checks.UndecidedRows):
        checks.settle(public_id=check.public_id, acting_user=world.user("su"))
    checks.choose(public_id=check.public_id, number=2, choice="take", acting_user=world.user("su"))
    settle(world, check)
    assert step_of(again(check), clock.today()) == SETTLED
    facts = RecordedFact.objects.filter(code="income_per_head", proof=BUREAU)
    assert {(f.subject_id, json.loads(f.value)) for f in facts} == {
        (one.pk, 100_000 + at * 4_000) for at, one in enumerate(homes)
    }
    assert {(f.source_zh, f.true_on) for f in facts} == {("民政局比对 民函8号", clock.today())}
    before = digests()
    assert answer(world, check, table).rows == []
    after = digests()
    del before["people.CrossCheckResult"], after["people.CrossCheckResult"]
    assert before == after


def test_what_is_kept_or_to_be_visited_is_not_entered_and_the_whole_is_taken_back(world: World) -> None:
    su, homes = world.user("su"), [home(world, at, name) for at, name in enumerate(PLANTS[:3])]
    for one in homes:
        sign(world, one)
        state(world, one, 100_000)
    before = digests()["people.RecordedFact"]
    check = send(world, draft(world, homes))
    found = answer(world, check, [(name, identity_number(BORN, at), 4000 + at) for at, name in enumerate(PLANTS[:3])])
    assert {row.suggestion for row in found.differing} == {"visit"}
    since = {one.declared_on for row in found.differing for one in row.differences}
    assert since == {clock.today() - timedelta(days=90)}
    for number, choice in ((1, "visit"), (2, "keep"), (3, "take")):
        checks.choose(public_id=check.public_id, number=number, choice=choice, acting_user=su)
    settle(world, check)
    assert RecordedFact.objects.filter(proof=BUREAU).get().subject_id == homes[2].pk
    assert [one.household_id for one in visits_of(check)] == [homes[0].pk]
    take_back(result_of(again(check)).roster, su)  # type: ignore[union-attr]
    assert digests()["people.RecordedFact"] == before
    assert step_of(again(check), clock.today()) == SENT, "as if no answer had come"


def test_the_rest_is_decided_at_once_as_advised_or_kept(world: World) -> None:
    su, homes = world.user("su"), [home(world, at, name) for at, name in enumerate(PLANTS[:3])]
    for at, one in enumerate(homes):
        sign(world, one)
        state(world, one, 100_000, days=500 if at == 2 else 90)
    check = send(world, draft(world, homes))
    told = (1050, 4000, 3000)  # slightly apart; far apart; far apart, but ours is out of date
    answer(world, check, [(name, identity_number(BORN, at), told[at]) for at, name in enumerate(PLANTS[:3])])
    assert checks.choose_rest(public_id=check.public_id, choice="advice", acting_user=su) == 3
    result = result_of(again(check))
    assert dict(result.choices.values_list("number", "choice")) == {1: "take", 2: "visit", 3: "take"}
    with pytest.raises(NotFoundHere):
        checks.choose_rest(public_id=check.public_id, choice="take", acting_user=su)
    result.choices.all().delete()
    assert checks.choose_rest(public_id=check.public_id, choice="keep", acting_user=su) == 3
    settle(world, check)
    assert not RecordedFact.objects.filter(proof=BUREAU).exists()


def test_who_was_left_out_goes_into_a_batch_of_the_next(world: World) -> None:
    homes = [home(world, at, name) for at, name in enumerate(PLANTS[:3])]
    sign(world, homes[0])
    first = draft(world, homes)
    with pytest.raises(checks.NotAtThisStep):
        checks.draft_rest(public_id=first.public_id, request_id="r", acting_user=world.user("su"))
    send(world, first)
    client = client_of(world, "su")
    made = client.post(reverse("check_rest", args=[first.public_id]), {"request_id": "r"})
    second = CrossCheck.objects.latest("pk")
    assert made["Location"] == reverse("check_file", args=[second.public_id])
    assert set(second.subjects.values_list("household_id", flat=True)) == {homes[1].pk, homes[2].pk}
    assert (
        client.post(reverse("check_rest", args=[first.public_id]), {"request_id": "r"})["Location"] == made["Location"]
    )


def test_a_visit_that_recorded_the_fact_takes_the_household_off_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[list[int], str]] = []
    monkeypatch.setattr(wanted_visits, "_things", {"test": lambda homes, why, _user: told.append((homes, why))})
    su, household = world.user("su"), home(world, 1, "柏青松")
    sign(world, household)
    state(world, household, 100_000)
    check = send(world, draft(world, [household]))
    answer(world, check, [("柏青松", identity_number(BORN, 1), 9000)])
    checks.choose(public_id=check.public_id, number=1, choice="visit", acting_user=su)
    settle(world, check)
    assert len(visits_of(check)) == 1
    assert told == [([household.pk], "民政局比对 复核")]
    desk = client_of(world, "jiang").get("/desk/").content.decode()
    assert "要入户核实的" in desk
    with clock.frozen(clock.now() + timedelta(days=1)):
        record_fact(
            subject_kind="household", subject_id=household.pk, code="income_per_head", value=300_000, proof=VISIT,
            true_on=clock.today(), source_zh="入户", source_en="Visit", acting_user=su,
        )  # fmt: skip
        assert visits_of(check) == []


def test_answers_about_others_or_about_what_was_not_asked_are_refused(world: World) -> None:
    asked, other = home(world, 1, "柏青松"), home(world, 2, "麦芒种")
    sign(world, asked)
    sign(world, other)
    check = send(world, draft(world, [asked]))
    content = workbook([
        ("姓名", "身份证号", "家庭人均月收入", "医疗总费用"), ("柏青松", identity_number(BORN, 1), 900, 5),
        ("麦芒种", identity_number(BORN, 2), 900, 5),
    ])  # fmt: skip
    result = checks.receive_answers(
        public_id=check.public_id, upload=SimpleUploadedFile("a.xlsx", content), paper="", true_on=clock.today(),
        request_id="r", acting_user=world.user("su"),
    )  # fmt: skip
    work_rosters()
    result.roster.refresh_from_db()
    assert (result.roster.counts["changed"], result.roster.counts["refused"]) == (1, 1)
    settle(world, check)
    assert list(RecordedFact.objects.values_list("code", "subject_id")) == [("income_per_head", asked.pk)]


def test_who_is_in_an_open_batch_is_not_asked_about_twice(world: World) -> None:
    homes = [home(world, at, name) for at, name in enumerate(PLANTS[:2])]
    first = draft(world, homes[:1])
    second = draft(world, homes)
    assert list(second.subjects.values_list("household_id", flat=True)) == [homes[1].pk]
    with pytest.raises(checks.NobodyToCheck):
        draft(world, homes)
    checks.drop_check(public_id=first.public_id, acting_user=world.user("su"))
    assert draft(world, homes).subjects.count() == 1


def test_a_batch_is_late_by_working_days(world: World) -> None:
    household = home(world, 1, "柏青松")
    sign(world, household)
    check = send(world, draft(world, [household]), days=1)
    assert step_of(again(check), check.due_on) == SENT  # type: ignore[arg-type]
    assert step_of(again(check), check.due_on + timedelta(days=1)) == LATE  # type: ignore[operator]
    friday = date(2026, 7, 31)
    assert [workdays_late(friday, friday + timedelta(days=at)) for at in range(-1, 9)] == [0, 0, 0, 0, 1, 2, 3, 4, 5, 5]
    assert workdays_after(friday, 10) == date(2026, 8, 14)


def test_only_the_right_union_and_the_right_bureau(world: World) -> None:
    near, far = home(world, 1, "柏青松"), home(world, 2, "麦芒种", union="town-b")
    with pytest.raises(RightMissing):
        checks.draft_check(
            union_id=world.union("town-a").pk, bureau="民政局", keys=[INCOME], ids=[near.pk], title="",
            request_id="r", acting_user=world.user("jiang"),
        )  # fmt: skip
    with pytest.raises(checks.NoFactChosen):
        draft(world, [near], bureau="住建局")
    other = world.officer("other", "county_officer", "other-county")
    check = draft(world, [near, far])
    with pytest.raises(NotFoundHere):
        checks.take_file(public_id=check.public_id, acting_user=other)
    with pytest.raises(Refusal):
        checks.draft_check(
            union_id=world.union("other-county").pk, bureau="民政局", keys=[INCOME], ids=[near.pk], title="",
            request_id="x", acting_user=other,
        )  # fmt: skip


def test_bureaus_come_from_the_facts(world: World) -> None:
    assert {"民政局", "医保局", "住建局", "市场监管局"} <= bureaus().keys()
    assert bureaus_of(INCOME) == ("民政局",)
    assert bureaus_of("household.medical_bill") == ("医保局",)
    assert bureaus_of("household.study_room_estimate") == ()
    assert bureaus_of("person.in_work") == (), "it follows from records, nobody types it"


def test_the_database_holds_what_was_sent(world: World) -> None:
    check = draft(world, [home(world, 1, "柏青松")])
    for wrong in (
        {"sent_on": clock.today()},
        {"sent_on": clock.today(), "sent_by": world.user("su")},
        {"sent_on": clock.today(), "due_on": clock.today() - timedelta(days=1), "sent_by": world.user("su")},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CrossCheck.objects.filter(pk=check.pk).update(**wrong)


def test_the_officers_way_over_the_pages(world: World) -> None:
    household, client = home(world, 1, "柏青松"), client_of(world, "su")
    state(world, household, 100_000)
    assert "民政局" in client.get(reverse("check_start")).content.decode()
    check = draft(world, [household])
    address = reverse("check_file", args=[check.public_id])
    shown = client.get(address).content.decode()
    assert '?part=out" data-count="1"' in shown, "one lacks a signature or consent"
    assert identity_number(BORN, 1) not in shown
    form = client.get(reverse("authority_form", args=["household", household.public_id])).content.decode()
    assert 'class="sheet-code"' in form
    paper = {
        "signers": [str(household.members.get().person_id)], "bureaus": ["民政局"], "purpose": "复核",
        "signed_on": str(clock.today()), "valid_until": str(clock.today()), "request_id": "p",
        "paper": SimpleUploadedFile("x.png", png(), "image/png"),
    }  # fmt: skip
    assert client.post(reverse("authority_new", args=["household", household.public_id]), paper).status_code == 302
    assert "授权书齐" in client.get(reverse("check_list")).content.decode()
    sending = reverse("check_send", args=[check.public_id])
    assert "写入文件" in client.get(sending).content.decode()
    assert client.post(sending, {"due_on": "2000-01-01"}).status_code == 422
    assert client.post(sending, {"due_on": str(clock.today()), "letter": "1号"}).status_code == 302
    assert client.post(reverse("check_take", args=[check.public_id]))["Content-Type"].endswith("sheet")
    answer(world, check, [("柏青松", identity_number(BORN, 1), 9000)])
    shown = client.get(address).content.decode()
    assert "1,000.00" in shown
    assert "9,000.00" in shown
    assert (
        client.post(reverse("check_choose", args=[check.public_id]), {"number": "1", "choice": "take"}).status_code
        == 302
    )
    assert client.post(reverse("check_settle", args=[check.public_id])).status_code == 302
    work_rosters()
    assert "办结" in client.get(address).content.decode()
    roster = result_of(again(check)).roster  # type: ignore[union-attr]
    assert client.get(reverse("roster_file", args=[roster.public_id]), follow=True).redirect_chain[-1][0] == address
