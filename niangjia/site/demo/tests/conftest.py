"""The county as plain values for this room's own tests."""

from __future__ import annotations

import pytest

from niangjia.site.demo.generate import generate
from niangjia.site.demo.world import World


@pytest.fixture(scope="session")
def world() -> World:
    """The county as plain values."""
    return generate()
