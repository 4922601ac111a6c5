"""The officers who live in the county stand in its register like everybody, in households that ask for nothing."""

from __future__ import annotations

from niangjia.site.demo import tree
from niangjia.site.demo.world import Household, Person, World

# Log-in name of the officer -> name, and the town he lives in.
LIVES_IN = {
    "sumu": ("苏木", "立春街道"), "lianqiao": ("连翘", "谷雨街道"), "jiangli": ("江篱", "小满镇"),
    "baiwei": ("白薇", "白露镇"),
}  # fmt: skip
# Of the province or of another firm: who says that he stands in no file here.
IN_NO_FILE = {"yunshan": "yunbai", "yuanzhi": "sumu", "bohe": "sumu"}
_AGES = range(32, 55)


def settle(world: World) -> None:
    """Let somebody of each of these towns be the officer: the county has as many people as without them."""
    for name, town in LIVES_IN.values():
        person = _ordinary(world, tree.town_code(town))
        person.name = name
        world.cast[name] = person


def _ordinary(world: World, town: str) -> Person:
    """A husband or wife, whose surname is nobody else's, of a household that no programme has helped."""
    helped = {file.household for file in world.hardships} | {past.household for past in world.past}
    homes = [home for home in world.households if home.town == town and home.index not in helped]
    return next(person for home in reversed(homes) for person in _spouses(world, home))


def _spouses(world: World, home: Household) -> list[Person]:
    return [
        world.persons[index]
        for index, relation in home.members
        if relation == "spouse" and world.persons[index].age in _AGES
    ]
