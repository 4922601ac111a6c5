"""Households that make the sizes of the county's programmes exact: counted here, and nowhere left to chance."""

from __future__ import annotations

from datetime import date, timedelta

from niangjia.site.demo import families, sources
from niangjia.site.demo.families import Places
from niangjia.site.demo.world import Household, Past, Person, World

INCOME_LINE_FEN = 150_000
HARDSHIP_FILES = 96
IN_FILE_WORKERS = 104
STUDY_HOUSEHOLDS, STUDY_STUDENTS, STUDY_FIRST_TIME = 61, 67, 23
STUDY_NO_LETTER, STUDY_NO_INCOME, STUDY_NEAR, STUDY_LINE_MOVED, STUDY_NO_LONGER = 14, 5, 11, 25, 4
STUDY_ROOMS = 28
SECOND_REIMBURSEMENTS = 12  # with the one whose third slip is missing
PAST_STUDY_HOUSEHOLDS = 38
# Of the households that meet the study aid: in file, and in file or not but served in 2025.
_STUDY_IN_FILE, _STUDY_SERVED_IN_FILE, _STUDY_SERVED_MIGRANT, _STUDY_SERVED_OTHERWISE = 34, 27, 7, 4


def fill(world: World, places: Places) -> None:
    """Make the households behind the programmes' sizes; the story's people are on the stage already."""
    _study_aid_yes(world, places)
    _study_aid_asked(world, places)
    _study_aid_above_the_line(world, places)
    _study_aid_no_longer(world, places)
    _study_rooms(world, places)
    _other_files(world, places)
    _second_workers(world, places)
    _medical_bills(world, places)
    _consolation_of_last_winter(world)


def _student_family(
    world: World, places: Places, *, in_file: bool, students: int, income: int | None
) -> tuple[Household, list[Person]]:
    """A couple with grown children at university; one of the two works, or has worked."""
    home = places.home(world)
    age = world.rng.randint(44, 53)
    head = families.adults(world, home, [age, age - world.rng.randint(0, 3)])[0]
    if world.rng.random() < 0.2:
        world.job(
            head, places.firm(world, home.town), date(2014, 3, 3), date(2025, 12, 31), wage_fen=families.wage(world)
        )
    else:
        families.hire(world, places, head, home.town)
    made = [families.child(world, home, world.rng.randint(18, 20) + 2 * at) for at in range(students)]
    if in_file:
        families.open_file(world, home, cause="子女就学" if world.rng.random() < 0.5 else "")
    if not in_file or world.rng.random() < 0.25:
        world.know("household", home.index, "migrant_household", True, families.fresh(world), 4, sources.VISIT)
    for student in made:
        stage = "university" if world.rng.random() < 0.7 else "college"
        world.know("person", student.index, "school_stage", stage, date(2026, 7, 25), 5, sources.EDUCATION)
    families.know_school(world, home)
    if income is not None:
        families.know_income(world, home, income, families.fresh(world), visit=in_file)
    return home, made


def _letter(world: World, student: Person) -> None:
    source = sources.LETTER if student.age <= 19 else sources.ENROLMENT
    world.know(
        "person",
        student.index,
        "admission_letter",
        True,
        date(2026, 7, 20) + timedelta(days=world.rng.randint(0, 11)),
        2,
        source,
    )


def _low(world: World) -> int:
    return world.rng.randint(52, 146) * 1_000


def _study_aid_yes(world: World, places: Places) -> None:
    two_students = STUDY_STUDENTS - STUDY_HOUSEHOLDS
    for at in range(STUDY_HOUSEHOLDS):
        in_file = at < _STUDY_IN_FILE
        home, students = _student_family(
            world, places, in_file=in_file, students=2 if at % 10 == 3 and two_students else 1, income=_low(world)
        )
        two_students -= len(students) - 1
        for student in students:
            _letter(world, student)
        place = at if in_file else at - _STUDY_IN_FILE
        if place < (_STUDY_SERVED_IN_FILE if in_file else _STUDY_SERVED_MIGRANT):
            _served_last_year(world, home, students[0])
        elif in_file and place < _STUDY_SERVED_IN_FILE + _STUDY_SERVED_OTHERWISE:
            _consoled(world, home)


def _served_last_year(world: World, home: Household, student: Person) -> None:
    world.past.append(
        Past(*sources.STUDY_AID, "person", student.index, home.index, date(2025, 8, 28), 400_000, sources.PAPER_2025)
    )


def _consoled(world: World, home: Household) -> None:
    worker = home.members[0][0]
    world.past.append(
        Past(*sources.CONSOLATION, "person", worker, home.index, date(2026, 2, 6), 100_000, sources.PAPER_2026)
    )


def _study_aid_asked(world: World, places: Places) -> None:
    # 麦冬冬 is one of those who lack the letter.
    for at in range(STUDY_NO_LETTER - 1):
        _student_family(world, places, in_file=at < 6, students=1, income=_low(world))
    for at in range(STUDY_NO_INCOME):
        home, students = _student_family(world, places, in_file=False, students=1, income=None)
        _letter(world, students[0])
        if at < 2:  # an answer of the year before last is too old to count
            families.know_income(world, home, _low(world), date(2024, 9, 10 + at))


def _study_aid_above_the_line(world: World, places: Places) -> None:
    for at in range(STUDY_LINE_MOVED):
        near = at < STUDY_NEAR
        income = INCOME_LINE_FEN + (world.rng.randint(1, 9) if near else world.rng.randint(22, 48)) * 1_000
        _home, students = _student_family(world, places, in_file=False, students=1, income=income)
        _letter(world, students[0])


def _study_aid_no_longer(world: World, places: Places) -> None:
    # 银杏生 found work in May; two more have finished, and one family earns well since.
    son = world.cast["银杏生"]
    _served_last_year(world, world.home_of(son), son)
    for at in range(STUDY_NO_LONGER - 1):
        income = 436_000 if at == 0 else _low(world)
        home, students = _student_family(world, places, in_file=False, students=1, income=income)
        if at > 0:
            world.facts = [f for f in world.facts if not (f.code == "school_stage" and f.subject == students[0].index)]
            world.know("person", students[0].index, "school_stage", "none", date(2026, 7, 6), 5, sources.EDUCATION)
            families.hire(world, places, students[0], home.town, since=date(2026, 7, 6))
        _served_last_year(world, home, students[0])


def _family_with_child(world: World, places: Places, child_ages: tuple[int, int]) -> Household:
    home = places.home(world)
    age = world.rng.randint(32, 45)
    head = families.adults(world, home, [age, age - 2] if world.rng.random() < 0.7 else [age])[0]
    families.child(world, home, world.rng.randint(*child_ages))
    if world.rng.random() < 0.35:
        families.grandparent(world, home, age + world.rng.randint(23, 30))
    families.hire(world, places, head, home.town)
    families.open_file(world, home)
    families.know_income(world, home, _low(world), families.fresh(world), visit=True)
    families.know_school(world, home)
    return home


def _study_rooms(world: World, places: Places) -> None:
    # 柏青松's is the first of them.
    for _ in range(STUDY_ROOMS - 1):
        home = _family_with_child(world, places, (6, 14))
        seen = families.fresh(world)
        world.know("household", home.index, "study_space_poor", True, seen, 4, sources.VISIT)
        estimate = world.rng.randint(62, 100) * 10_000
        world.know("household", home.index, "study_room_estimate", estimate, seen + timedelta(days=6), 4, sources.VISIT)


def _other_files(world: World, places: Places) -> None:
    while len(world.hardships) < HARDSHIP_FILES:
        if world.rng.random() < 0.4:
            _family_with_child(world, places, (1, 5))
            continue
        home = places.home(world)
        age = world.rng.randint(36, 58)
        head = families.adults(world, home, [age] if world.rng.random() < 0.4 else [age, age - 1])[0]
        world.job(
            head, places.firm(world, home.town), date(2011, 5, 9), date(2025, 10, 31), wage_fen=families.wage(world)
        )
        families.open_file(world, home)
        families.know_income(world, home, _low(world), families.fresh(world), visit=True)
        families.know_school(world, home)


def _second_workers(world: World, places: Places) -> None:
    """In eight of the 96 households two people in file are workers."""
    working = {job.person for job in world.jobs}
    homes = [world.households[file.household] for file in world.hardships]
    missing = IN_FILE_WORKERS - sum(index in working for home in homes for index, _relation in home.members)
    for home in homes:
        spouse = next((person for person, relation in world.members(home) if relation == "spouse"), None)
        if missing and spouse is not None and spouse.index not in working:
            world.job(
                spouse,
                places.firm(world, home.town),
                date(2017, 8, 7),
                date(2026, 1, 30),
                wage_fen=families.wage(world),
            )
            missing -= 1


def _medical_bills(world: World, places: Places) -> None:
    """Bills of the year for every household in file: a few large, most none; 杜仲山's stands already."""
    large = SECOND_REIMBURSEMENTS - 1
    for file in world.hardships:
        if ("household", file.household, "medical_bill") in world.known:
            continue
        bill = world.rng.randint(180, 920) * 10_000 if large and file.cause != "子女就学" else 0
        paid = (bill * 62 // 100, bill * 11 // 100, 400_000 if bill else 0)
        codes = ("medical_insurance_paid", "serious_illness_paid", "mutual_aid_paid")
        for code, fen in zip(("medical_bill", *codes), (bill, *paid), strict=True):
            world.know("household", file.household, code, fen, date(2026, 7, 28), 5, sources.HEALTH_INSURANCE)
        if bill:
            large -= 1
            world.know("household", file.household, "medical_slips_complete", True, date(2026, 7, 30), 2, sources.SLIPS)


def _consolation_of_last_winter(world: World) -> None:
    """Forty households in file that no student's count depends on were visited before the Spring Festival."""
    study = {fact.subject for fact in world.facts if fact.code == "admission_letter"}
    served = 0
    for file in world.hardships:
        home = world.households[file.household]
        if (
            served < 40
            and not any(index in study for index, _relation in home.members)
            and file.entered_on < date(2026, 1, 20)
        ):
            _consoled(world, home)
            served += 1
