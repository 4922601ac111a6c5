"""Nobody in work: the fact against an oracle that goes person by person, and its next change day by day."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest

from niangjia.core import clock
from niangjia.core.facts import BUREAU
from niangjia.people.models import (
    Coverage,
    Employer,
    EmploymentSpell,
    Household,
    HouseholdMember,
    Person,
    RecordedFact,
)
from niangjia.people.services import load
from niangjia.people.tests.world import World, credit_code
from niangjia.people.work_facts import nobody_in_work

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
TODAY = date(2026, 8, 3)
HOUSEHOLDS = 60
BIRTHS = (None, date(1950, 1, 1), date(1966, 8, 4), date(1966, 8, 3), date(1971, 8, 4), date(1990, 5, 5),
          date(2004, 2, 29), date(2010, 8, 3), date(2010, 8, 4))  # fmt: skip
JOBS = (None, (date(2020, 1, 1), None), (date(2020, 1, 1), date(2026, 8, 2)), (date(2020, 1, 1), TODAY),
        (date(2026, 8, 20), None))  # fmt: skip


@pytest.fixture
def homes(world: World) -> list[int]:
    """Sixty households drawn by a fixed seed; those of town-b lie where the register is not complete."""
    dice = random.Random(43)
    towns = [world.union("town-a").pk, world.union("town-b").pk]
    firm = Employer.objects.create(union_id=towns[0], name="木槿", credit_code=credit_code(1))
    Coverage.objects.create(register="employment", union_id=towns[0], complete_on=date(2026, 7, 31), source="人社局")
    found, serial, schools = [], 0, []
    for at in range(HOUSEHOLDS):
        home = Household.objects.create(union_id=towns[at % 2], registered_on=date(2019, 1, 1))
        found.append(home.pk)
        for place in range(dice.randint(1, 3)):
            serial += 1
            person = Person.objects.create(
                union_id=towns[at % 2], name=f"柳{serial}", sex=dice.choice(["female", "male"]),
                born_on=dice.choice(BIRTHS),
            )  # fmt: skip
            HouseholdMember.objects.create(
                household=home, person=person, relation="other" if place else "head", valid_from=date(2019, 1, 1)
            )
            job = dice.choice(JOBS)
            if job:
                EmploymentSpell.objects.create(
                    person=person, employer=firm, started_on=job[0], ended_on=job[1], source="用工登记",
                    recorded_at=datetime(2026, 8, 1, tzinfo=clock.LOCAL),
                )  # fmt: skip
            if dice.random() < 0.2:
                schools.append(_school(person))
    load.load_facts(schools, root_id=towns[0])
    return found


def _school(person: Person) -> load.NewFact:
    return load.NewFact(
        "person", person.pk, person.union_id, "school_stage", "university", date(2026, 7, 1), BUREAU, "教育局",
        "Schools", datetime(2026, 8, 1, tzinfo=clock.LOCAL),
    )  # fmt: skip


def _oracle(home: int, on: date, pupils: set[int]) -> bool | None:
    """The same from the words of the definition: no bulk, no shared helper."""
    answers, asked = [], False
    for member in HouseholdMember.objects.filter(household_id=home):
        person = member.person
        spells = list(EmploymentSpell.objects.filter(person=person, started_on__lte=on))
        works = any(spell.ended_on is None or spell.ended_on >= on for spell in spells)
        covered = Coverage.objects.filter(union_id=person.union_id).exists()
        known = bool(spells) or covered
        if person.pk in pupils:
            continue
        if person.born_on is None:
            answers.append("unknown")  # perhaps he is of no working age, and then his work settles nothing
            continue
        age = on.year - person.born_on.year - ((on.month, on.day) < (person.born_on.month, person.born_on.day))
        if not 16 <= age < (60 if person.sex == "male" else 55):
            continue
        asked = True
        answers.append("works" if works else "idle" if known else "unknown")
    if "works" in answers:
        return False
    return None if "unknown" in answers else asked


def _values(homes: list[int], on: date) -> dict[int, bool | None]:
    read = nobody_in_work(homes, on)
    return {home: bool(read[home].value) if home in read else None for home in homes}


def test_the_fact_is_what_the_definition_says_of_each_household(homes: list[int]) -> None:
    found = _values(homes, TODAY)
    pupils = set(RecordedFact.objects.filter(code="school_stage").values_list("subject_id", flat=True))
    assert found == {home: _oracle(home, TODAY, pupils) for home in homes}
    assert {True, False, None} == set(found.values()), "the draw must hold every answer"


def test_nothing_changes_before_the_day_it_names(homes: list[int]) -> None:
    read = nobody_in_work(homes, TODAY)
    for days in (1, 5, 16, 17, 18):
        on = TODAY + timedelta(days=days)
        later = _values(homes, on)
        for home, reading in read.items():
            if reading.next_change_on is None or reading.next_change_on > on:
                assert later[home] == reading.value, (home, on)


def test_silence_of_a_register_that_is_not_complete_is_no_idleness(homes: list[int]) -> None:
    silent = [home for home in homes if not EmploymentSpell.objects.filter(person__households__household=home).exists()]
    town_b = set(Household.objects.filter(union__code="town-b").values_list("pk", flat=True))
    read = nobody_in_work(None, TODAY)
    wrong = [home for home in silent if home in town_b and home in read and read[home].value is True]
    assert wrong == []
    # A control: were every silence an idleness, some of them would stand here.
    Coverage.objects.create(register="employment", union_id=Household.objects.get(pk=min(town_b)).union_id,
                            complete_on=date(2026, 7, 31), source="人社局")  # fmt: skip
    assert [home for home in silent if home in town_b and nobody_in_work([home], TODAY)[home].value is True]
