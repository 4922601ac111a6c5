"""Everybody else: households of an ordinary county, with jobs, wages, gaps, school children and unknowns."""

from __future__ import annotations

from datetime import date, timedelta

from niangjia.site.demo import allocation, families, sources, story, tree
from niangjia.site.demo.families import Places
from niangjia.site.demo.world import TODAY, Household, Membership, Person, Voucher, World

PERSONS, HOUSEHOLDS = 20_000, 8_000
MIGRANT_SHARE = 0.09
ZONE_ON_TIME, ZONE_DAYS_LATE, ZONE_LATER, ZONE_LEFT_EARLY = 412, (1, 1, 1, 1, 2, 2, 2, 3, 3), 38, 25
STORY_STAFF = 46
SURVEY_GROUPS = (58, 41, 96)  # young people at home, land taken, 4050
VOUCHERS_ISSUED = 24
_SIZES, _SIZE_WEIGHTS = (1, 2, 3, 4, 5), (20, 33, 28, 14, 5)


def fill(world: World, places: Places) -> None:
    """Fill the county up to its 8,000 households and 20,000 people, and give them work."""
    first_person, first_home = len(world.persons), len(world.households)
    for size in _sizes(world, HOUSEHOLDS - first_home, PERSONS - first_person):
        _household(world, places, size)
    _schools(world, first_person)
    free = [
        p
        for p in world.persons[first_person:]
        if 19 <= p.age <= 58 and ("person", p.index, "school_stage") not in world.known
    ]
    world.rng.shuffle(free)
    free.sort(key=lambda person: person.town != tree.ZONE_TOWN)
    free = _zone(world, places, free)
    world.rng.shuffle(free)
    free = _survey(world, places, free)
    free = _story_staff(world, places, free)
    _everyone_else(world, places, free)
    migrants = [home for home in world.households[first_home:] if world.rng.random() < MIGRANT_SHARE]
    for home in migrants:
        _migrant(world, home)
    _members(world)
    _staff_counts(world)


def _sizes(world: World, homes: int, persons: int) -> list[int]:
    sizes = world.rng.choices(_SIZES, _SIZE_WEIGHTS, k=homes)
    difference = persons - sum(sizes)
    while difference:
        at = world.rng.randrange(homes)
        step = 1 if difference > 0 else -1
        if 1 <= sizes[at] + step <= 5:
            sizes[at] += step
            difference -= step
    return sizes


def _household(world: World, places: Places, size: int) -> None:
    rng = world.rng
    home = places.home(world)
    if size == 1:
        families.adults(world, home, [rng.choice((rng.randint(21, 45), rng.randint(46, 82)))])
        return
    if size == 2:
        age = rng.choice((rng.randint(24, 38), rng.randint(48, 76)))
        families.adults(world, home, [age, max(21, age - rng.randint(-1, 4))])
        return
    age = rng.randint(27, 54)
    families.adults(world, home, [age, max(22, age - rng.randint(-1, 4))])
    eldest = max(0, min(24, age - rng.randint(23, 29)))
    families.child(world, home, eldest)
    if size >= 4:
        families.child(
            world, home, max(0, eldest - rng.randint(2, 6))
        ) if rng.random() < 0.55 else families.grandparent(world, home, age + rng.randint(22, 29))
    if size >= 5:
        families.grandparent(world, home, age + rng.randint(22, 30))


def _schools(world: World, first: int) -> None:
    for person in world.persons[first:]:
        if 6 <= person.age < 18 and world.rng.random() < 0.98:
            stage = families.stage_of(person.age)
        elif 18 <= person.age <= 22 and world.rng.random() < 0.46:
            stage = world.rng.choice(("university", "university", "college"))
        else:
            continue
        world.know("person", person.index, "school_stage", stage, date(2026, 7, 6), 5, sources.EDUCATION)


def _zone(world: World, places: Places, free: list[Person]) -> list[Person]:
    """Who came back to the zone by the end of February, who came days late, later, or left early."""
    starts = [(_february(world), None) for _ in range(ZONE_ON_TIME - 1)]  # 向日葵 is one of the 412
    starts += [
        (date(2026, 2, 28) + timedelta(days=late), None) for late in ZONE_DAYS_LATE[1:]
    ]  # and 向阳花 of the nine
    starts += [(date(2026, 3, 9) + timedelta(days=world.rng.randint(0, 130)), None) for _ in range(ZONE_LATER)]
    starts += [
        (_february(world), date(2026, 3, 12) + timedelta(days=world.rng.randint(0, 16))) for _ in range(ZONE_LEFT_EARLY)
    ]
    for at, (started, ended) in enumerate(starts):
        _zone_job(world, places, free[at], started, ended, moves=at < 30, left_later=30 <= at < 50)
    return free[len(starts) :]


def _february(world: World) -> date:
    if world.rng.random() < 0.24:
        return date(2026, 2, 4) + timedelta(days=world.rng.randint(0, 7))
    return date(2026, 2, 24) + timedelta(days=world.rng.randint(0, 4))


def _zone_job(
    world: World, places: Places, worker: Person, started: date, ended: date | None, *, moves: bool, left_later: bool
) -> None:
    firm, other = world.rng.sample(places.zone, 2)
    pay = world.rng.randint(320, 680) * 1_000
    if world.rng.random() < 0.4 and worker.age > 21:
        world.job(worker, firm, date(2025, 2, 20), date(2026, 1, 30), wage_fen=pay, source="园区用工花名册")
    if moves:  # another firm of the zone, within three days: the chain holds
        change = date(2026, 4, 20) + timedelta(days=world.rng.randint(0, 60))
        world.job(worker, firm, started, change, wage_fen=pay, source="园区用工花名册")
        firm, started = other, change + timedelta(days=world.rng.randint(1, 3))
    elif left_later:
        ended = date(2026, 6, 8) + timedelta(days=world.rng.randint(0, 40))
    world.job(worker, firm, started, ended, wage_fen=pay, source="园区用工花名册")


def _survey(world: World, places: Places, free: list[Person]) -> list[Person]:
    """The people the grids found without work; 艾草青 and 谷满仓 are on the list already."""
    young = [p for p in free if 20 <= p.age <= 30]
    older = [p for p in free if p.age >= (40 if p.sex == "female" else 50)]
    land = [p for p in free if 31 <= p.age <= 39] + older[SURVEY_GROUPS[2] :]
    groups = (young[: SURVEY_GROUPS[0]], land[: SURVEY_GROUPS[1] - 1], older[: SURVEY_GROUPS[2] - 1])
    for group in groups:
        for person in group:
            story.listed(world, person, date(2026, 6, 15) + timedelta(days=world.rng.randint(0, 34)))
    for person in (*groups[1], *groups[2]):
        ended = date(2025, 4, 1) + timedelta(days=world.rng.randint(0, 420))
        world.job(person, places.firm(world, person.town), date(2012, 3, 1), ended, wage_fen=families.wage(world))
    allocation.survey(world, groups)
    for person in groups[0][:VOUCHERS_ISSUED]:
        world.vouchers.append(Voucher(person.index, date(2026, 7, 21), date(2027, 7, 20)))
    found = {person.index for group in groups for person in group}
    return [person for person in free if person.index not in found]


def _story_staff(world: World, places: Places, free: list[Person]) -> list[Person]:
    firm = places.by_name[tree.STORY_FIRM]
    there = sum(job.employer == firm.index and job.ended_on is None for job in world.jobs)
    near = [person for person in free if person.town == firm.town][: STORY_STAFF - there]
    for person in near:
        started = date(2017, 3, 1) + timedelta(days=world.rng.randint(0, 3_200))
        world.job(person, firm, max(started, person.born_on + timedelta(days=19 * 366)), wage_fen=families.wage(world))
    taken = {person.index for person in near}
    return [person for person in free if person.index not in taken]


def _everyone_else(world: World, places: Places, free: list[Person]) -> None:
    for person in free:
        draw = world.rng.random()
        if draw < 0.74:
            families.hire(world, places, person, person.town)
        elif draw < 0.88:
            ended = TODAY - timedelta(days=world.rng.randint(25, 900))
            begun = ended - timedelta(days=world.rng.randint(200, 3_000))
            started = max(begun, min(ended, person.born_on + timedelta(days=19 * 366)))
            world.job(person, places.firm(world, person.town), started, ended, wage_fen=families.wage(world))
            if person.age >= 24 and world.rng.random() < 0.35:  # a spell out of work, and back
                world.job(person, places.firm(world, person.town), ended + timedelta(days=world.rng.randint(21, 24)),
                          wage_fen=families.wage(world))  # fmt: skip


def _migrant(world: World, home: Household) -> None:
    """An ordinary migrant household: with somebody at school it earns well; without, the income is often unknown."""
    world.know("household", home.index, "migrant_household", True, families.fresh(world), 4, sources.VISIT)
    at_school = any(("person", index, "school_stage") in world.known for index, _relation in home.members)
    families.know_school(world, home)
    if at_school:
        families.know_income(world, home, world.rng.randint(235, 620) * 1_000, families.fresh(world))
    elif world.rng.random() < 0.55:
        stale = world.rng.random() < 0.3
        on = date(2024, 5, 6) + timedelta(days=world.rng.randint(0, 300)) if stale else families.fresh(world)
        families.know_income(world, home, world.rng.randint(90, 560) * 1_000, on)


def _members(world: World) -> None:
    """Who works in a firm with a union mostly belongs to it, and to its union's rolls when it lies in his town."""
    known = {membership.person for membership in world.memberships}
    for job in world.jobs:
        person, firm = world.persons[job.person], world.employers[job.employer]
        has_union = world.units[firm.union].kind == "primary_union"
        if job.ended_on is not None or not has_union or person.index in known or world.rng.random() > 0.84:
            continue
        known.add(person.index)
        joined = min(TODAY - timedelta(days=3), job.started_on + timedelta(days=world.rng.randint(10, 200)))
        world.memberships.append(Membership(person.index, firm.union, max(joined, job.started_on)))
        if firm.town == person.town:
            person.union = firm.union


def _staff_counts(world: World) -> None:
    """What employers say they employ: near what the register shows, sometimes unknown."""
    working: dict[int, int] = {}
    for job in world.jobs:
        if job.ended_on is None:
            working[job.employer] = working.get(job.employer, 0) + 1
    for firm in world.employers:
        if firm.staff_count is None and world.rng.random() < 0.93:
            firm.staff_count = working.get(firm.index, 0) + world.rng.randint(0, 4)
