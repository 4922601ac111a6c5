"""The demo county for this room's own tests."""

from __future__ import annotations

import pytest

from niangjia.site.demo.generate import generate
from niangjia.site.demo.world import World
from tests.demo_stage import built_county, county, own_county

__all__ = ["built_county", "county", "own_county", "world"]


@pytest.fixture(scope="session")
def world() -> World:
    """The county as plain values."""
    return generate()
