from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings, settings

from niangjia.core import clock

if TYPE_CHECKING:  # models cannot be imported yet when pytest reads the conftests
    from tests.scenarios.village import Village


# What these walk through differs most between the databases: money, sealed words, an import.
ON_BOTH_BY_DAY = ("test_s53_", "test_s71_", "test_s80_")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On the second database most journeys are for the night: what they stand on is tested on both in its room."""
    for item in items:
        path = Path(str(item.fspath))
        if path.is_relative_to(Path(__file__).parent) and not path.name.startswith(ON_BOTH_BY_DAY):
            item.add_marker(pytest.mark.one_database)


@pytest.fixture(autouse=True)
def _static_root() -> None:
    # The server of static files wants its folder to exist before it answers the first page.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def village(db: None, settings: LazySettings) -> Iterator[Village]:
    """A small federation on 3 August 2026, with nobody in it yet."""
    from tests.scenarios.village import build_village  # noqa: PLC0415  see above

    settings.DEMO_NUMBERS = True
    with clock.frozen(date(2026, 8, 3)):
        yield build_village()
