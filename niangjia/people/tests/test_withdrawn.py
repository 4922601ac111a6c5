"""A withdrawn fact is nowhere: no reader gives it, no page, no copy for its person; on days before it stays known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.facts import VISIT, Fact, facts
from niangjia.federation.models import AuditRow
from niangjia.people import contributions, holdings, readers, recorded, waiting, withdrawal
from niangjia.people.bureaux import visits as to_visit
from niangjia.people.models import Employer, Household, Person, RecordedFact, Statement
from niangjia.people.rosters.judging import Row
from niangjia.people.rosters.parts import fact as roster_facts
from niangjia.people.services.facts import record_fact
from niangjia.people.services.households import register_household
from niangjia.people.services.merges import merge_persons, part_persons
from niangjia.people.services.officer_persons import say_person
from niangjia.people.services.own_matters import OwnMatter
from niangjia.people.services.persons import move_person, register_person
from niangjia.people.services.withdrawing import FactsElsewhere, withdraw_facts
from niangjia.people.tests.world import World, credit_code
from niangjia.people.values import Value, from_text

DAYS = 2  # within the month, the quarter and the year that some facts are told for
IMPORTS = "from niangjia.people.recorded import"
WORDS = {"text": "青梅竹马", "fen": 7_654_321, "int": 87, "bool": True, "date": date(2019, 4, 3)}


@pytest.fixture
def mai(world: World) -> Person:
    """The head of a household in town A."""
    su, union = world.user("su"), world.union("town-a").pk
    person = register_person(union_id=union, name="麦芒种", born_on=date(1980, 1, 2), acting_user=su)
    register_household(
        union_id=union, head_id=person.pk, address="小满巷9号", registered_on=date(2020, 1, 1), acting_user=su
    )
    return person


@pytest.fixture
def subjects(mai: Person) -> dict[str, int]:
    """One subject of each kind that facts are recorded of."""
    firm = Employer.objects.create(union=mai.union, name="榴红食品", credit_code=credit_code(7))
    return {
        "person": mai.pk, "household": Household.objects.get().pk, "employer": firm.pk, "union": mai.union_id
    }  # fmt: skip


def a_value(fact: Fact) -> Value:
    """Something that a fact may say, and that stands nowhere else."""
    return next(iter(fact.codes)) if fact.type == "code" else WORDS[fact.type]


def plant(world: World, subjects: dict[str, int], fact: Fact, true_on: date | None = None) -> RecordedFact:
    """Record it."""
    return record_fact(
        subject_kind=fact.subject, subject_id=subjects[fact.subject], code=fact.code, value=a_value(fact), proof=VISIT,
        true_on=true_on or clock.today(), source_zh="入户调查", source_en="House visit", acting_user=world.user("su"),
    )  # fmt: skip


def withdraw(world: World, rows: list[RecordedFact], by: str = "su") -> int:
    return withdraw_facts(fact_ids=[row.pk for row in rows], reason="记到了别家", acting_user=world.user(by))


def recordable() -> list[Fact]:
    return [fact for fact in facts.all() if fact.recorded]


def everything_read(subjects: dict[str, int], on: date) -> dict[str, object]:
    """What every registered fact says of the subjects, whoever derives it."""
    found = {}
    for fact in facts.all():
        if fact.subject in subjects:
            reading = fact.read([subjects[fact.subject]], on).get(subjects[fact.subject])
            found[f"{fact.subject}.{fact.code}"] = reading
    return found


def forgets(monkeypatch: pytest.MonkeyPatch, *modules: object) -> None:
    """Readers that forgot: they take rows whether they stand or not."""

    def known(day: date) -> QuerySet[RecordedFact]:
        return RecordedFact.objects.filter(recorded_at__lt=clock.end_of(day))

    for module in modules:
        for name, all_rows in (("known_facts", known), ("standing_facts", RecordedFact.objects.all)):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, all_rows)


def test_no_registered_fact_reads_it_and_the_days_before_do(
    world: World, subjects: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    day, after = clock.today(), clock.today() + timedelta(days=DAYS)
    before = {on: everything_read(subjects, on) for on in (day, after)}
    rows = [plant(world, subjects, fact) for fact in recordable() if fact.subject in subjects]
    assert len(rows) > 10
    known = everything_read(subjects, day)
    changed = {key for key in known if known[key] != before[day][key]}
    assert changed >= {f"{row.subject_kind}.{row.code}" for row in rows}
    with clock.frozen(after):
        assert everything_read(subjects, after) != before[after]
        assert withdraw(world, rows) == len(rows)
        assert everything_read(subjects, after) == before[after]
        assert everything_read(subjects, after - timedelta(days=1)) != before[after]
        assert everything_read(subjects, day) == known, "what was decided that day rests on what was known that day"
        forgets(monkeypatch, readers, contributions)
        seen = everything_read(subjects, after)
        assert {key for key in seen if seen[key] != before[after][key]} >= {
            f"{row.subject_kind}.{row.code}" for row in rows
        }, "the control: who forgets it is found"


def test_no_page_and_no_copy_shows_it(world: World, subjects: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    row = plant(world, subjects, facts.get("household.income_per_head"))
    home = Household.objects.get()
    client = Client()
    client.force_login(world.user("jiang"))
    pages = [
        reverse("household_file", args=[home.public_id]), reverse("household_print", args=[home.public_id]),
        reverse("fact_list", args=["household", home.public_id]),
    ]  # fmt: skip

    def shown() -> list[bool]:
        told = str(holdings.held_of(subjects["person"]))
        return [*("76,543.21" in client.get(page).content.decode() for page in pages), "76,543.21" in told]

    assert shown() == [True, True, True, True]
    withdraw(world, [row])
    assert shown() == [False, False, False, False]
    forgets(monkeypatch, readers, holdings)
    assert shown() == [True, True, True, True], "the control"


def test_a_visit_that_a_bureaus_answer_asks_for_is_not_made_by_it(
    world: World, subjects: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = plant(world, subjects, facts.get("household.income_per_head"))
    about = ([subjects["person"]], [subjects["household"]])
    assert to_visit._seen(*about)
    withdraw(world, [row])
    assert not to_visit._seen(*about)
    forgets(monkeypatch, to_visit)
    assert to_visit._seen(*about), "the control"


def test_it_is_not_what_a_statement_is_compared_with(
    world: World, subjects: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = plant(world, subjects, facts.get("household.income_per_head"))
    statement = Statement.objects.create(
        subject_kind="household", subject_id=row.subject_id, union_id=row.union_id, code=row.code, value="9000000",
        stated_by=world.user("jiang"), stated_at=clock.now(), request_id="s",
    )  # fmt: skip
    assert "76,543.21" in waiting.compared(statement).old
    withdraw(world, [row])
    assert waiting.compared(statement).old == ""
    forgets(monkeypatch, waiting)
    assert "76,543.21" in waiting.compared(statement).old, "the control"


def test_a_bureaus_older_answer_is_entered_over_it(
    world: World, subjects: dict[str, int], mai: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = plant(world, subjects, facts.get("household.second_home"))
    withdraw(world, [row])
    told = Row(1, "", 2, {"fact:household.second_home": False})
    told.person = mai
    frame: Any = SimpleNamespace(reach={mai.union_id}, true_on=clock.today() - timedelta(days=9), source="住建局")

    def planned() -> list[Any]:
        part = roster_facts.FactPart(frame)
        part.load([told])
        part.plan(told)
        return list(told.plans["facts"])

    assert [value for _key, value in planned()] == ["false"]
    forgets(monkeypatch, roster_facts)
    assert planned() == [], "the control: the withdrawn one is newer, and stands in the way"


def test_every_module_that_reads_rows_is_asked_here() -> None:
    """A reader that is added to the house is added to these tests."""
    asked = (readers, contributions, holdings, to_visit, waiting, roster_facts, withdrawal)
    here = Path(recorded.__file__).parent
    modules = {path for path in here.rglob("*.py") if "tests" not in path.parts and IMPORTS in path.read_text()}
    assert modules == {Path(str(one.__file__)) for one in asked}


def test_withdrawn_once_it_stays_so_and_nothing_else_of_it_changes(world: World, subjects: dict[str, int]) -> None:
    income, medical = facts.get("household.income_per_head"), facts.get("household.medical_bill")
    row, other = plant(world, subjects, income), plant(world, subjects, medical)
    rows = RecordedFact.objects
    for change in ({"value": "1"}, {"union_id": 1}, {"true_on": date(2020, 1, 1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.filter(pk=row.pk).update(withdrawn_at=clock.now(), **change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.filter(pk=row.pk).update(withdrawn_at=row.recorded_at - timedelta(seconds=1))
    assert withdraw(world, [row]) == 1
    for at in (None, clock.now() + timedelta(days=1)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.filter(pk=row.pk).update(withdrawn_at=at)
    assert withdraw(world, [row, other]) == 1, "what is withdrawn already stays as it is"
    acts = AuditRow.objects.filter(action="people.fact:withdraw").order_by("pk")
    assert [(act.object_id, act.reason) for act in acts] == [(subjects["household"], "记到了别家")] * 2
    assert "76,543" not in "".join(str(act.before) + str(act.after) for act in acts)


def test_it_takes_the_right_over_each_subject_and_one_that_is_not_ones_own(
    world: World, subjects: dict[str, int], mai: Person
) -> None:
    home = plant(world, subjects, facts.get("household.income_per_head"))
    own = plant(world, subjects, facts.get("person.school_stage"))
    with pytest.raises(FactsElsewhere):
        withdraw(world, [home, own], by="bai")
    say_person(
        user_id=world.user("jiang").pk, person_public_id=mai.public_id, source="身份证", acting_user=world.user("su")
    )
    with pytest.raises(OwnMatter):
        withdraw(world, [home], by="jiang")
    assert not RecordedFact.objects.exclude(withdrawn_at=None).exists()


def test_it_goes_along_with_whom_it_is_about(world: World, subjects: dict[str, int], mai: Person) -> None:
    row = plant(world, subjects, facts.get("person.school_stage"))
    withdraw(world, [row])
    su, at = world.user("su"), RecordedFact.objects.get(pk=row.pk).withdrawn_at
    other = register_person(union_id=mai.union_id, name="麦芒仲", acting_user=su)
    where: Callable[[], tuple[object, ...]] = lambda: RecordedFact.objects.values_list(  # noqa: E731
        "subject_id", "union_id", "withdrawn_at"
    ).get(pk=row.pk)
    merge = merge_persons(survivor_id=other.pk, absorbed_id=mai.pk, reason="同一人", acting_user=su)
    assert where() == (other.pk, mai.union_id, at)
    part_persons(public_id=merge.public_id, reason="两个人", acting_user=su)
    assert where() == (mai.pk, mai.union_id, at)
    move_person(person_id=mai.pk, to_union_id=world.union("town-b").pk, on=clock.today(), acting_user=su)
    assert where() == (mai.pk, world.union("town-b").pk, at)
    assert from_text("code", RecordedFact.objects.get(pk=row.pk).value) == a_value(facts.get("person.school_stage"))
