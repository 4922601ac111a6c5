"""The county as plain values for this room's own tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from niangjia.site.demo.generate import generate
from niangjia.site.demo.world import World


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The county is the same to the row on both databases: on the second one it is built at night."""
    for item in items:
        if Path(str(item.fspath)).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.one_database)


@pytest.fixture(autouse=True, scope="session")
def _static_root() -> None:
    # The server of static files wants its folder to exist before it answers the first page.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def world() -> World:
    """The county as plain values."""
    return generate()
