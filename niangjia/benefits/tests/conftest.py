"""What the tests of this room stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings, settings as django_settings

if TYPE_CHECKING:
    from niangjia.benefits.tests.world import Village


@pytest.fixture(autouse=True, scope="session")
def _static_root() -> None:
    # The server of static files wants its folder to exist before it answers the first page.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _numbers_of_nobody(settings: LazySettings, tmp_path: Path) -> None:
    settings.DEMO_NUMBERS = True
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def village(db: None) -> Iterator[Village]:
    """A small county on the morning of 3 August 2026."""
    from niangjia.benefits.tests import world  # noqa: PLC0415  conftest is read before the app registry
    from niangjia.core import clock  # noqa: PLC0415  as above

    with clock.frozen(world.MORNING):
        yield world.build_village()
