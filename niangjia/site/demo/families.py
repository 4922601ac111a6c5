"""Building blocks of households: who lives together, at what age, with which work and school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from niangjia.site.demo import sources, tree
from niangjia.site.demo.world import TODAY, Employer, Hardship, Household, Person, World

GRADES = ("deep", "relative", "relative", "sudden")
CAUSES = ("本人大病", "家属大病", "子女就学", "意外伤害", "家有残疾人", "收入低且无法就业", "住院自付过高")


class Places:
    """Grids and firms by town: where a household lives and where its people find work."""

    def __init__(self, world: World) -> None:
        self.towns = [f"{tree.COUNTY}{tail}" for tail, *_ in tree.TOWNS]
        self.shares = [share for *_, share, _grids in tree.TOWNS]
        self.streets = {f"{tree.COUNTY}{tail}": name for tail, name, *_ in tree.TOWNS}
        self.grids = {
            town: [code for code, unit in world.units.items() if unit.parent == town and unit.kind == "grid"]
            for town in self.towns
        }
        kept_apart = {tree.STORY_FIRM, tree.MILL, *tree.PLATFORMS}
        ordinary = [firm for firm in world.employers if not firm.in_zone and firm.name not in kept_apart]
        self.firms = {town: [firm for firm in ordinary if firm.town == town] or ordinary for town in self.towns}
        self.ordinary = ordinary
        self.zone = [firm for firm in world.employers if firm.in_zone]
        self.by_name = {firm.name: firm for firm in world.employers}
        self.platforms = [self.by_name[name] for name in tree.PLATFORMS]

    def home(self, world: World, town: str = "", grid: str = "") -> Household:
        """A new household in a town (drawn by its share where none is named)."""
        town = town or world.rng.choices(self.towns, self.shares)[0]
        grid = grid or world.rng.choice(self.grids[town])
        return world.household(grid, town, self.streets[town])

    def firm(self, world: World, town: str) -> Employer:
        """A firm, mostly of the town one lives in."""
        return world.rng.choice(self.firms[town] if world.rng.random() < 0.8 else self.ordinary)


def adults(world: World, home: Household, ages: Sequence[int]) -> list[Person]:
    """A head, and a spouse where a second age is given."""
    head_sex = "male" if world.rng.random() < 0.72 or len(ages) > 1 else "female"
    made = [world.person(home, "head", head_sex, world.born(ages[0]))]
    if len(ages) > 1:
        made.append(world.person(home, "spouse", "female" if head_sex == "male" else "male", world.born(ages[1])))
    return made


def child(world: World, home: Household, age: int) -> Person:
    """A child with the head's family name."""
    head = world.persons[home.members[0][0]]
    sex = world.rng.choice(("male", "female"))
    return world.person(home, "child", sex, world.born(age), surname=head.name[0])


def grandparent(world: World, home: Household, age: int) -> Person:
    """A parent of the head, with the same family name."""
    head = world.persons[home.members[0][0]]
    return world.person(home, "parent", world.rng.choice(("male", "female")), world.born(age), surname=head.name[0])


def wage(world: World) -> int | None:
    """A monthly wage in fen, or unknown for one in sixteen."""
    if world.rng.random() < 1 / 16:
        return None
    return int(min(18_000, max(2_160, world.rng.lognormvariate(8.42, 0.32))) // 10) * 1_000


def hire(world: World, places: Places, person: Person, town: str, *, since: date | None = None) -> None:
    """A job that goes on today."""
    started = since or _some_start(world, person)
    firm = places.firm(world, town)
    form = world.rng.choices(("contract", "dispatch", "casual"), (86, 8, 6))[0]
    world.job(person, firm, started, wage_fen=wage(world), form=form)


def _some_start(world: World, person: Person) -> date:
    adult_since = person.born_on.replace(year=person.born_on.year + 19, day=min(person.born_on.day, 28))
    earliest = max(adult_since, date(2008, 1, 4))
    latest = TODAY - timedelta(days=20)
    return latest - timedelta(days=int(((latest - earliest).days or 1) * world.rng.random() ** 1.7))


def stage_of(age: int) -> str:
    """The stage of school a child of this age is in, below eighteen."""
    return "none" if age < 6 else "primary" if age < 12 else "junior" if age < 15 else "senior"


def know_school(world: World, home: Household) -> None:
    """School stages of a whole household, as the education bureau gave them: not in school is an answer too."""
    for person, _relation in world.members(home):
        if ("person", person.index, "school_stage") not in world.known:
            stage = stage_of(person.age) if person.age < 18 else "none"
            world.know("person", person.index, "school_stage", stage, date(2026, 7, 6), 5, sources.EDUCATION)


def know_income(world: World, home: Household, fen: int, on: date, *, visit: bool = False) -> None:
    """A monthly income per head, from a visit or from civil affairs."""
    source = sources.VISIT if visit else sources.CIVIL_AFFAIRS
    world.know("household", home.index, "income_per_head", fen, on, 4 if visit else 5, source)


def fresh(world: World) -> date:
    """A day of the last three months."""
    return date(2026, 5, 8) + timedelta(days=world.rng.randint(0, 76))


def open_file(world: World, home: Household, *, cause: str = "", entered: date | None = None) -> None:
    """An open file of difficulty with its grade, cause and next review."""
    entered_on = entered or date(2023, 9, 1) + timedelta(days=world.rng.randint(0, 900))
    review = date(2026, 8, 10) + timedelta(days=world.rng.randint(0, 120))
    grade = world.rng.choice(GRADES)
    world.hardships.append(Hardship(home.index, grade, cause or world.rng.choice(CAUSES), entered_on, review))
