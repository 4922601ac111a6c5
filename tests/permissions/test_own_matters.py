"""Nobody decides about himself: an officer whose file was named by a colleague is refused each act on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from niangjia.benefits.models import ListRow
from niangjia.benefits.services import freeze, holds, serve, vouchers
from niangjia.benefits.tests import world
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.core.facts import DOCUMENT
from niangjia.files.tests.pictures import jpeg
from niangjia.people.models import HardshipFile, HouseholdMember, MembershipSpell, Person
from niangjia.people.purposes import BUREAU_CHECK
from niangjia.people.services import consents, cross_checks, employers, households, pairs, persons
from niangjia.people.services.corrections import correct_household, correct_person
from niangjia.people.services.facts import record_fact
from niangjia.people.services.homes import change_head, leave_household
from niangjia.people.services.memberships import join_union
from niangjia.people.services.merges import merge_persons, part_persons
from niangjia.people.services.officer_persons import say_person, take_person_back
from niangjia.people.services.own_matters import OwnMatter
from niangjia.people.tests.tables import MEMBERS, enter, hand_in, sentences, work, workbook
from niangjia.people.tests.test_cross_checks import answer, draft, home, send, settle, sign
from niangjia.people.tests.world import World, build_world, identity_number
from niangjia.policy import queries as policy
from niangjia.visits.services.leaving import decide_grade
from niangjia.visits.services.papers import hand_in_paper
from niangjia.visits.services.taking_back import take_paper_back, take_visit_back
from niangjia.visits.services.visits import Table, record_visit

pytestmark = pytest.mark.django_db
HIM, WIFE = "杜仲山", "桑果红"
TODAY = date(2026, 8, 3)
Act = Callable[["Stage"], object]


class Stage:
    """The village with everything on it that can be done to 杜仲山 and his household by the county officer."""

    def __init__(self) -> None:
        self.village = world.build_village()
        self.su, self.lian, self.jiang = (self.village.user(name) for name in ("su", "lian", "jiang"))
        self.him, self.wife = self.village.persons[HIM], self.village.persons[WIFE]
        self.house = self.village.homes[HIM]
        self.file = HardshipFile.objects.get(household_id=self.house).pk
        self.version = world.consolation(self.village)
        self.hold = holds.place_hold(
            version_public_id=self.version, subject_kind="person", subject_id=self.wife, reason="存疑",
            acting_user=self.jiang,
        )  # fmt: skip
        self.voucher_programme = policy.version_card(
            world.scope_to_freeze(self.village), world.adopt(self.village, "fengxian-employment-voucher")
        ).programme_id
        self.visit = record_visit(
            household_id=self.house, table=Table("survey", TODAY), photos=[], request_id="first",
            acting_user=self.jiang,
        )  # fmt: skip
        self.paper = hand_in_paper(
            household_id=self.house, name="诊断证明", dated_on=TODAY,
            upload=SimpleUploadedFile("b.jpg", jpeg(), "image/jpeg"), request_id="p0", acting_user=self.jiang,
        )  # fmt: skip
        self.place = HouseholdMember.objects.get(person_id=self.wife).pk

    def other(self, name: str = "杜仲山") -> int:
        """A second file of the same name."""
        union = self.village.union("town-a")
        return persons.register_person(union_id=union, name=name, acting_user=self.jiang).pk

    def linked(self, person_id: int) -> None:
        """The deputy chair says whose file the officer's is."""
        person = Person.objects.get(pk=person_id).public_id
        say_person(user_id=self.su.pk, person_public_id=person, source="身份证", acting_user=self.lian)


ACTS: dict[str, Act] = {
    "grade of the file": lambda s: households.change_grade(
        household_id=s.house, grade="deep", review_due_on=date(2027, 1, 1), reason="病", acting_user=s.su
    ),
    "grade upon a visit": lambda s: decide_grade(
        household_id=s.house, file_id=s.file, grade="deep", review_due_on=date(2027, 1, 1),
        reason="病", acting_user=s.su,
    ),
    "correction of the person": lambda s: correct_person(
        person_id=s.him, name="杜仲", source="身份证", acting_user=s.su
    ),
    "correction of the wife": lambda s: correct_person(
        person_id=s.wife, name="桑红", source="身份证", acting_user=s.su
    ),
    "correction of the household": lambda s: correct_household(
        household_id=s.house, address="另一条街", cause=None, source="上门看过", acting_user=s.su
    ),
    "a fact": lambda s: record_fact(
        subject_kind="household", subject_id=s.house, code="income_per_head", value=10_000, proof=DOCUMENT,
        true_on=TODAY, source_zh="证明", source_en="Paper", acting_user=s.su,
    ),
    "merging": lambda s: merge_persons(
        survivor_id=s.him, absorbed_id=s.other(), reason="同一人", acting_user=s.su
    ),
    "telling two files apart": lambda s: pairs.tell_apart(
        person_id=s.him, other_id=s.other(), reason="两个人", acting_user=s.su
    ),
    "leaving the household": lambda s: leave_household(
        household_id=s.house, place=s.place, on=TODAY, reason="moved", acting_user=s.su
    ),
    "the head of the household": lambda s: change_head(
        household_id=s.house, place=s.place, on=TODAY, relations={}, acting_user=s.su
    ),
    "a new member": lambda s: households.add_member(
        household_id=s.house, person_id=s.other("杜仲苗"), relation="child", valid_from=TODAY, acting_user=s.su
    ),
    "moving to another union": lambda s: persons.move_person(
        person_id=s.him, to_union_id=s.village.union("town-b"), on=TODAY, acting_user=s.su
    ),
    "a job": lambda s: employers.start_employment(
        person_id=s.him, employer_id=s.village.firm, started_on=TODAY, source="合同", acting_user=s.su
    ),
    "a membership": lambda s: join_union(person_id=s.him, joined_on=TODAY, source="申请书", acting_user=s.su),
    "consent at the window": lambda s: consents.record_answer(
        person_id=s.him, purpose=BUREAU_CHECK, given=True, way="window", photograph=None, request_id="c1",
        acting_user=s.su,
    ),
    "a hold": lambda s: holds.place_hold(
        version_public_id=s.version, subject_kind="person", subject_id=s.him, reason="存疑", acting_user=s.su
    ),
    "lifting a hold": lambda s: holds.lift_hold(public_id=s.hold.public_id, acting_user=s.su),
    "a voucher": lambda s: vouchers.issue_voucher(
        person_id=s.him, programme_id=s.voucher_programme, expires_on=date(2027, 8, 2), acting_user=s.su
    ),
    "a visit": lambda s: record_visit(
        household_id=s.house, table=Table("survey", TODAY), photos=[], request_id="second", acting_user=s.su
    ),
    "a paper": lambda s: hand_in_paper(
        household_id=s.house, name="收入证明", dated_on=TODAY,
        upload=SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg"), request_id="p1", acting_user=s.su,
    ),
    "taking a visit back": lambda s: take_visit_back(
        public_id=s.visit.public_id, reason="记错了", acting_user=s.su
    ),
    "taking a paper back": lambda s: take_paper_back(
        public_id=s.paper.public_id, reason="交错了", acting_user=s.su
    ),
}  # fmt: skip


@pytest.fixture
def stage(settings: LazySettings, tmp_path: Path) -> Iterator[Stage]:
    settings.MEDIA_ROOT = tmp_path / "files"
    with clock.frozen(world.MORNING):
        yield Stage()


def outcome(act: Act, stage: Stage) -> str:
    """What the act comes to, taken back at once: done, or the refusal's name."""
    try:
        with transaction.atomic():
            act(stage)
            transaction.set_rollback(True)
    except Refusal as refusal:
        return type(refusal).__name__
    return "done"


def test_each_act_is_done_until_his_file_is_named_and_refused_from_then_on(stage: Stage) -> None:
    before = {name: outcome(act, stage) for name, act in ACTS.items()}
    assert before == dict.fromkeys(ACTS, "done"), "the control: without the link the same officer does all of it"
    stage.linked(stage.him)
    after = {name: outcome(act, stage) for name, act in ACTS.items()}
    assert after == dict.fromkeys(ACTS, "OwnMatter")


def test_it_is_refused_through_the_file_of_any_member_and_of_nobody_else(stage: Stage) -> None:
    stage.linked(stage.wife)
    assert {outcome(act, stage) for act in ACTS.values()} == {"OwnMatter"}
    take_person_back(user_id=stage.su.pk, reason="认错了", acting_user=stage.lian)
    stage.linked(stage.village.persons["谷满仓"])
    assert {outcome(act, stage) for act in ACTS.values()} == {"done"}


def test_handing_out_and_taking_off_a_list_leave_his_own_row_to_a_colleague(stage: Stage) -> None:
    holds.lift_hold(public_id=stage.hold.public_id, acting_user=stage.jiang)
    found = world.frozen(stage.village, stage.version)
    world.noticed(stage.village, found)
    rows = {row.subject_id: row for row in ListRow.objects.filter(frozen_list=found)}
    stage.linked(stage.him)
    xun = stage.village.base.officer("xun", "county_officer", "county")
    with clock.frozen(world.AFTER_NOTICE):
        world.approved(stage.village, found)
        told = {"list_public_id": found.public_id, "served_on": clock.today(), "reference": "转账1"}
        both = [rows[stage.wife].pk, rows[stage.village.persons["谷满仓"]].pk]
        with pytest.raises(serve.OwnRow):
            serve.record_servings(row_ids=both, acting_user=stage.su, **told)
        assert len(serve.record_servings(row_ids=both[1:], acting_user=stage.su, **told)) == 1
        words = {"list_public_id": found.public_id, "row_id": rows[stage.him].pk, "reason": "放弃"}
        with pytest.raises(OwnMatter):
            freeze.exclude_row(acting_user=stage.su, **words)
        (serving,) = serve.record_servings(row_ids=both[:1], acting_user=xun, **told)
        with pytest.raises(OwnMatter):
            serve.end_serving(public_id=serving.public_id, how="undone", reason="", acting_user=stage.su)
        freeze.exclude_row(acting_user=xun, **words)


def test_a_roster_enters_every_row_but_his_own(stage: Stage) -> None:
    town = stage.village.union("town-a")
    told = Person.objects.in_bulk([stage.him, stage.wife])
    rows = [
        [person.name, person.id_number, None, date(2024, 3, 1)] for person in (told[stage.him], told[stage.wife])
    ] + [["车前草", identity_number(date(1990, 4, 5), 77), None, date(2024, 3, 1)]]
    assert sentences(hand_in(workbook([MEMBERS, *rows]), stage.su, town)) == {}
    stage.linked(stage.him)
    roster = hand_in(workbook([MEMBERS, *rows]), stage.su, town)
    refused = sentences(roster)
    assert set(refused) == {2, 3}
    assert all("同事" in sentence for sentence in refused.values())
    assert enter(roster, stage.su).state == "done"
    assert Person.objects.filter(name="车前草").exists()
    # Entered by a colleague, it changes nothing any more: his own row then stands in nobody's way.
    by_jiang = hand_in(workbook([MEMBERS, *rows]), stage.jiang, town)
    assert sentences(by_jiang) == {}
    assert enter(by_jiang, stage.jiang).state == "done"
    assert sentences(hand_in(workbook([MEMBERS, *rows]), stage.su, town)) == {}


def test_who_approves_a_colleagues_roster_enters_no_row_of_his_own_either(stage: Stage) -> None:
    town, him = stage.village.union("town-a"), Person.objects.get(pk=stage.him)
    rows = [
        [him.name, him.id_number, None, date(2024, 3, 1)],
        ["车前草", identity_number(date(1990, 4, 5), 77), None, date(2024, 3, 1)],
    ]
    stage.linked(stage.him)
    roster = hand_in(workbook([MEMBERS, *rows]), stage.jiang, town)
    assert sentences(roster) == {}
    # What he approved says something else when he enters it, so it is checked anew, and then shows why.
    checked = work(enter(roster, stage.su))
    assert checked.state == "checked"
    assert set(sentences(checked)) == {2}
    assert enter(checked, stage.su).state == "done"
    assert Person.objects.filter(name="车前草").exists()
    assert not MembershipSpell.objects.filter(person=him).exists()


def test_the_answers_of_a_bureau_about_him_are_decided_by_a_colleague(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    small: World = build_world()
    mine, theirs = home(small, 1, "柏青松"), home(small, 2, "麦芒种")
    for one in (mine, theirs):
        sign(small, one)
        record_fact(
            subject_kind="household", subject_id=one.pk, code="income_per_head", value=100_000, proof=DOCUMENT,
            true_on=clock.today() - timedelta(days=90), source_zh="证明", source_en="Paper",
            acting_user=small.user("su"),
        )  # fmt: skip
    check = send(small, draft(small, [mine, theirs]))
    numbers = {one.pk: one.members.get().person for one in (mine, theirs)}
    answer(small, check, [(person.name, person.id_number, 3_000) for person in numbers.values()])
    say_person(
        user_id=small.user("su").pk, person_public_id=numbers[mine.pk].public_id, source="身份证",
        acting_user=small.user("lian"),
    )  # fmt: skip
    with pytest.raises(OwnMatter):
        cross_checks.choose(public_id=check.public_id, number=1, choice="take", acting_user=small.user("su"))
    cross_checks.choose(public_id=check.public_id, number=2, choice="take", acting_user=small.user("su"))
    xun = small.officer("xun", "county_officer", "county")
    cross_checks.choose(public_id=check.public_id, number=1, choice="take", acting_user=xun)
    settle(small, check)


def test_the_link_follows_the_file_into_another_and_back(stage: Stage) -> None:
    second = stage.other()
    stage.linked(second)
    assert outcome(ACTS["correction of the person"], stage) == "done"
    merge = merge_persons(survivor_id=stage.him, absorbed_id=second, reason="同一人", acting_user=stage.jiang)
    assert outcome(ACTS["correction of the person"], stage) == "OwnMatter"
    with pytest.raises(OwnMatter):
        part_persons(public_id=merge.public_id, reason="两个人", acting_user=stage.su)
    part_persons(public_id=merge.public_id, reason="两个人", acting_user=stage.jiang)
    assert outcome(ACTS["correction of the person"], stage) == "done"
