"""Hundreds of unknowns settled by one file: chosen, sent, answered, entered and taken back over the pages."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.facts import BUREAU, STATED
from niangjia.people.bureaux import checkpage
from niangjia.people.bureaux.answers import Answers
from niangjia.people.models import (
    AuthoritySigner,
    CheckAuthority,
    Consent,
    CrossCheck,
    CrossCheckResult,
    HardshipFile,
    Household,
    HouseholdMember,
    Person,
    RecordedFact,
)
from niangjia.people.purposes import BUREAU_CHECK, purposes
from niangjia.people.services.roster_work import work_rosters
from niangjia.people.tests.tables import digests, workbook
from niangjia.people.tests.test_cross_checks import BORN, INCOME, answer, home, send, sign, table_of
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.one_database

LEAVES = "松柏桑麦苏银桂兰竹菊梅荷莲葵艾蒲柳枫"
WHOLE, FRESH, STALE, UNSIGNED, SILENT = 340, 20, 40, 4, 16
LACKING = WHOLE - FRESH
ANSWERED = LACKING - UNSIGNED - SILENT
ABOUT = "?bureau=民政局&subject=household"


def name_of(order: int) -> str:
    """A name of plants for each."""
    return (
        f"叶{LEAVES[order // len(LEAVES)]}{LEAVES[order % len(LEAVES)]}" if order < 324 else f"花{LEAVES[order - 324]}"
    )


@pytest.fixture
def homes(world: World) -> list[Household]:
    """Households with an open file: the first know their income, the next did long ago, of the others nobody does."""
    union, today = world.union("town-a"), clock.today()
    first = home(world, 900, "金银花")
    paper = sign(world, first).file  # one scan serves all papers here
    people = [
        Person(union=union, name=name_of(at), id_number=identity_number(BORN, at), born_on=BORN) for at in range(WHOLE)
    ]
    for one in people:
        one.fill_keys()
    people = Person.objects.bulk_create(people)
    found = Household.objects.bulk_create([Household(union=union, registered_on=date(2024, 1, 1)) for _ in people])
    HouseholdMember.objects.bulk_create([
        HouseholdMember(household=one, person=person, relation="head", valid_from=date(2024, 1, 1))
        for one, person in zip(found, people, strict=True)
    ])  # fmt: skip
    HardshipFile.objects.bulk_create([
        HardshipFile(household=one, grade="deep", cause="病", entered_on=date(2025, 1, 6), review_due_on=today)
        for one in found
    ])  # fmt: skip
    RecordedFact.objects.bulk_create([
        RecordedFact(
            subject_kind="household", subject_id=one.pk, union_id=union.pk, code="income_per_head", value="100000",
            true_on=today - timedelta(days=90 if at < FRESH else 500), proof=STATED, source_zh="本人", source_en="Own",
            recorded_at=clock.now() - timedelta(days=90 if at < FRESH else 500),
        )
        for at, one in enumerate(found[: FRESH + STALE])
    ])  # fmt: skip
    _sign_all(world, found[: WHOLE - UNSIGNED], people[: WHOLE - UNSIGNED], paper)
    return found


def _sign_all(world: World, homes: list[Household], people: list[Person], paper: Any) -> None:
    today, su = clock.today(), world.user("su")
    papers = CheckAuthority.objects.bulk_create([
        CheckAuthority(
            household=one, purpose="复核", bureaus=["民政局"], signed_on=today, valid_until=today + timedelta(days=90),
            file=paper, recorded_by=su, recorded_at=clock.now(), request_id=f"paper-{one.pk}",
        )
        for one in homes
    ])  # fmt: skip
    signed = zip(papers, people, strict=True)
    AuthoritySigner.objects.bulk_create([AuthoritySigner(authority=one, person=person) for one, person in signed])
    Consent.objects.bulk_create([
        Consent(
            person=one, union_id=one.union_id, purpose=BUREAU_CHECK, version=purposes.get(BUREAU_CHECK).version,
            given=True, way="paper", paper=paper, recorded_by=su, recorded_at=clock.now(), request_id=f"yes-{one.pk}",
        )
        for one in people
    ])  # fmt: skip


def new_page(world: World, more: str = "") -> str:
    """The page on which a batch is drafted."""
    return client_of(world, "su").get(reverse("check_new") + ABOUT + more).content.decode()


def drafted(world: World, **more: Any) -> CrossCheck:
    """Draft a batch over the page."""
    sent = {
        "union": world.union("county").public_id, "facts": [INCOME], "title": "复核",
        "request_id": f"many-{CrossCheck.objects.count()}", **more,
    }  # fmt: skip
    made = client_of(world, "su").post(reverse("check_new") + ABOUT, sent)
    assert made.status_code == 302, made.content.decode()
    return CrossCheck.objects.latest("pk")


def answers_table() -> bytes:
    """What the bureau says: of those long ago some otherwise, of the others something new; some are missing."""
    told = range(FRESH, WHOLE - UNSIGNED - SILENT)
    rows = [
        (name_of(at), identity_number(BORN, at), 1000 if at < FRESH + 10 else 4000 if at < FRESH + STALE else 500 + at)
        for at in told
    ]
    return workbook([("姓名", "身份证号", "家庭人均月收入"), *rows, ("外人草", identity_number(BORN, 901), 1)])


def hand_in(client: Client, check: CrossCheck, request_id: str) -> CrossCheckResult:
    """Hand the table in over the page."""
    sent = {
        "file": SimpleUploadedFile("民政.xlsx", answers_table()), "paper": "民函8号", "true_on": str(clock.today()),
        "request_id": request_id,
    }  # fmt: skip
    assert client.post(reverse("check_answers", args=[check.public_id]), sent).status_code == 302
    work_rosters()
    return CrossCheckResult.objects.select_related("roster").latest("pk")


def test_all_who_lack_it_are_chosen_though_a_page_holds_the_first_only(world: World, homes: list[Household]) -> None:
    shown = new_page(world)
    assert shown.count('name="subjects"') == 300
    assert f"一共{WHOLE}户，这里只列出前300个" in shown
    assert f"空缺或过期的：{LACKING}户" in shown
    assert re.search(rf"county工会以下共{LACKING}户", shown)
    assert drafted(world, whom="lacking").subjects.count() == LACKING
    after = new_page(world)
    assert "空缺或过期的：0户" in after, "they are being asked about already"
    assert "已经送去问了，还没有结果" in after


def test_only_the_ticked_are_taken_where_that_is_chosen(world: World, homes: list[Household]) -> None:
    ticked = [homes[FRESH].public_id, homes[0].public_id]
    check = drafted(world, whom="ticked", subjects=ticked)
    assert set(check.subjects.values_list("household_id", flat=True)) == {homes[FRESH].pk, homes[0].pk}
    shown = new_page(world)
    assert f"空缺或过期的：{LACKING - 1}户" in shown


def test_whoever_lacks_another_fact_can_be_chosen_by_that(world: World, homes: list[Household]) -> None:
    key = next(one.split('"')[0] for one in new_page(world).split("&amp;ask=")[1:])
    shown = new_page(world, f"&ask={key}")
    assert f"空缺或过期的：{WHOLE}户" in shown, "nobody's is known"
    assert f'value="{key}"' in re.findall(r"<input[^>]*checked[^>]*>", shown)[0]


def test_persons_are_counted_and_chosen_like_households(world: World, homes: list[Household]) -> None:
    shown = client_of(world, "su").get(reverse("check_new"), {"bureau": "教育局", "subject": "person"}).content.decode()
    assert f"一共{WHOLE}人，这里只列出前300个" in shown
    assert f"county工会以下共{WHOLE}人" in shown


def test_rows_and_people_that_do_not_stand_on_the_page_are_counted_there(
    world: World, homes: list[Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpage, "MOST_LEFT", 3)
    officer, check = (
        client_of(world, "su"),
        drafted(world, whom="ticked", subjects=[one.public_id for one in homes[-9:]]),
    )
    address = reverse("check_file", args=[check.public_id])
    left = reverse("check_rows", args=[check.public_id])
    shown = officer.get(address).content.decode()
    assert f'这里只列出前3个；全部：<a href="{left}?part=out" data-count="{UNSIGNED}">{UNSIGNED}户</a>' in shown
    send(world, check)
    strangers = [(name_of(at), identity_number(BORN, at), 900) for at in range(60)]
    answers = answer(world, check, strangers)
    shown = officer.get(address).content.decode()
    assert "这里只列出前50个；全部：60行" in shown
    taken = officer.post(reverse("roster_refused", args=[answers.roster.public_id]))
    assert len(table_of(taken.content)) > 60


def test_a_town_takes_its_own_of_all(world: World, homes: list[Household]) -> None:
    away = world.union("town-b")
    Household.objects.filter(pk__in=[one.pk for one in homes[-10:]]).update(union=away)
    Person.objects.filter(households__household__in=homes[-10:]).update(union=away)
    check = drafted(world, whom="lacking", union=world.union("town-a").public_id)
    assert check.subjects.count() == LACKING - 10


def test_one_file_settles_hundreds_and_taken_back_leaves_nothing(world: World, homes: list[Household]) -> None:
    officer, check = client_of(world, "su"), drafted(world, whom="lacking")
    address = reverse("check_file", args=[check.public_id])
    sending = {"due_on": str(clock.today()), "letter": "云工函3号"}
    assert officer.post(reverse("check_send", args=[check.public_id]), sending).status_code == 302
    confirming = reverse("check_confirm", args=[check.public_id])
    assert client_of(world, "lian").post(confirming, {"answer": "confirmed"}).status_code == 302
    taken = officer.post(reverse("check_take", args=[check.public_id]))
    numbers = {row[2] for row in table_of(taken.content)} & {identity_number(BORN, at) for at in range(WHOLE)}
    assert numbers == {identity_number(BORN, at) for at in range(FRESH, WHOLE - UNSIGNED)}
    before = digests()

    found = hand_in(officer, check, "first")
    counts = Answers(found)
    assert (len(counts.differing), len(counts.agreeing)) == (STALE - 10, ANSWERED - STALE + 10)
    assert found.roster.counts["refused"] == 1, "somebody who was not asked about"
    choosing, first = reverse("check_choose", args=[check.public_id]), counts.differing[0].number
    for number, choice in ((first, "keep"), (first + 1, "visit"), ("rest", "advice")):
        assert officer.post(choosing, {"number": str(number), "choice": choice}).status_code == 302
    officer.post(reverse("check_settle", args=[check.public_id]))
    work_rosters()
    entered = RecordedFact.objects.filter(proof=BUREAU, code="income_per_head")
    assert entered.count() == ANSWERED - 2
    assert "办结" in officer.get(address).content.decode()
    rows = reverse("check_rows", args=[check.public_id])
    assert f'data-total="{SILENT}"' in officer.get(rows, {"verdict": "silent"}).content.decode()

    settled = digests()
    second = hand_in(officer, check, "second")
    assert Answers(second).taken == 0
    same = digests()
    assert {name for name in same if same[name] != settled[name]} == {"people.CrossCheckResult"}
    officer.post(reverse("roster_drop", args=[second.roster.public_id]))

    for press in ("look", "take_back"):  # first what would go and what would stay, then the act
        sent = officer.post(reverse("roster_undo", args=[found.roster.public_id]), {press: "yes"})
        assert sent.status_code == 302
        work_rosters()
    after = digests()
    # Which table came and what was decided about it stay told; every other table is as it was.
    assert {name for name in after if after[name] != before[name]} == {
        "people.CrossCheckResult", "people.CrossCheckChoice",
    }  # fmt: skip
    assert entered.count() == 0
    found.roster.refresh_from_db()
    assert (found.roster.state, found.roster.counts["kept"]) == ("undone", 0)
