"""The county is invented, plausible, and the same each time."""

from __future__ import annotations

from collections import Counter
from datetime import date

from niangjia.site.demo import story
from niangjia.site.demo.accounts import demo_accounts
from niangjia.site.demo.generate import SEED, generate
from niangjia.site.demo.world import TODAY, World


def test_the_same_seed_gives_the_same_county_to_the_row(world: World) -> None:
    assert generate(SEED).digest() == world.digest()


def test_another_seed_gives_another_county(world: World) -> None:
    assert generate(SEED + 1).digest() != world.digest()


def test_the_county_has_its_size(world: World) -> None:
    assert (len(world.persons), len(world.households)) == (20_000, 8_000)
    towns = [unit for unit in world.units.values() if unit.level == "town"]
    bases = [unit for unit in world.units.values() if unit.parent in {town.code for town in towns}]
    assert len(towns) == 12
    assert len(bases) == 302  # 96 grids, 204 enterprise unions, and two pilots of the province
    lichun = next(town.code for town in towns if town.name == "立春街道总工会")
    assert sum(unit.kind == "grid" and unit.parent == lichun for unit in bases) == 12


def test_everybody_but_the_mistyped_roster_row_lives_in_one_household(world: World) -> None:
    places = Counter(index for home in world.households for index, _relation in home.members)
    assert max(places.values()) == 1
    assert [person.name for person in world.persons if person.index not in places] == ["车前草"]
    assert all([relation for _index, relation in home.members].count("head") == 1 for home in world.households)


def test_people_and_their_households_belong_to_the_same_town(world: World) -> None:
    for person in world.persons:
        if person.household is not None:
            assert person.town == world.households[person.household].town
            assert person.union.startswith(person.town)


def test_nothing_in_the_county_happens_after_the_demo_date(world: World) -> None:
    assert all(person.born_on <= TODAY for person in world.persons)
    assert all(max(job.started_on, job.ended_on or job.started_on) <= TODAY for job in world.jobs)
    assert all(job.ended_on is None or job.started_on <= job.ended_on for job in world.jobs)
    assert all(fact.true_on <= TODAY for fact in world.facts)
    assert all(past.served_on <= TODAY for past in world.past)
    assert all(file.entered_on <= TODAY for file in world.hardships)


def test_nobody_works_before_sixteen(world: World) -> None:
    for job in world.jobs:
        born = world.persons[job.person].born_on
        assert (job.started_on - born).days >= 16 * 365, world.persons[job.person].name


def test_facts_are_missing_and_old_as_in_life(world: World) -> None:
    incomes = {f.subject: f for f in world.facts if f.code == "income_per_head"}
    migrants = {f.subject for f in world.facts if f.code == "migrant_household"}
    assert len(migrants - incomes.keys()) > 50
    assert sum(f.true_on < date(2025, 8, 3) for f in incomes.values()) > 20
    assert sum(job.wage_fen is None for job in world.jobs) > 500
    assert sum(not person.phone for person in world.persons if person.age >= 18) > 500


def test_the_storys_people_are_there_once(world: World) -> None:
    names = Counter(person.name for person in world.persons)
    for name in story.NAMES & names.keys():
        assert names[name] == (2 if name == "车前草" else 1), name
    assert {account.name for account in demo_accounts()} <= story.NAMES
    assert {"向日葵", "向阳花", "谷满仓", "高粱红", "杜仲山", "麦冬冬", "柏青松"} <= world.cast.keys()


def test_hardship_stays_near_one_household_in_a_hundred(world: World) -> None:
    assert len(world.hardships) == 96
