"""The whole county from one seed."""

from __future__ import annotations

from niangjia.site.demo import cases, officers, population, story, tree
from niangjia.site.demo.families import Places
from niangjia.site.demo.world import World

SEED = 20_260_803


def generate(seed: int = SEED) -> World:
    """Make the demo county as plain values; the same seed gives the same county, to the row."""
    world = World(seed, story.NAMES)
    tree.plant(world)
    places = Places(world)
    story.act(world, places)
    cases.fill(world, places)
    population.fill(world, places)
    officers.settle(world)
    return world
