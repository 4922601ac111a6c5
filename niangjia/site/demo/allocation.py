"""Who stands in which group when vouchers are few: 58 young people, 41 whose land was taken, 96 of the 4050."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from niangjia.site.demo import sources
from niangjia.site.demo.world import Person, World

SURVEYED = date(2026, 7, 20)
ARREARS_ON = date(2026, 7, 24)
# Months owed by the 4050 beside 艾草青, who owes four and stands fourteenth of them: 13 owe more; with her and
# the seven who owe three the 120 vouchers are gone. The rest owe one or two and wait.
OWING_MORE, OWING_THREE = 13, 7


def survey(world: World, groups: Sequence[Sequence[Person]]) -> None:
    """What the survey and the insurance office know of everybody on the list, the story's people among them."""
    young, land, older = groups
    cast = world.cast
    _wanting(world, [*young, *land, *older, *(cast[name] for name in ("艾草青", "谷满仓", "高粱红"))])
    for person in (*land, cast["谷满仓"]):
        _land(world, person, True)
    for person in (*older, cast["艾草青"], cast["高粱红"]):
        _land(world, person, False)
    for at, person in enumerate(older):
        _owes(world, person, 5 + at % 5 if at < OWING_MORE else 3 if at < OWING_MORE + OWING_THREE else 1 + at % 2)
    for name, months in (("艾草青", 4), ("谷满仓", 6), ("高粱红", 2)):
        _owes(world, cast[name], months)


def _wanting(world: World, persons: Iterable[Person]) -> None:
    for person in persons:
        world.know("person", person.index, "wants_work", True, SURVEYED, 4, sources.SURVEY)


def _land(world: World, person: Person, value: bool) -> None:
    world.know("person", person.index, "land_taken_uninsured", value, SURVEYED, 4, sources.LAND)


def _owes(world: World, person: Person, months: int) -> None:
    world.know("person", person.index, "insurance_unpaid_months", months, ARREARS_ON, 5, sources.ARREARS)
