"""What the tests of this room stand on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings, settings as django_settings

from niangjia.core import clock

if TYPE_CHECKING:
    from niangjia.people.tests.world import World

MONDAY = datetime(2026, 8, 3, 9, 0, tzinfo=clock.LOCAL)


@pytest.fixture(autouse=True)
def _numbers_of_nobody(settings: LazySettings, tmp_path: Path) -> None:
    settings.DEMO_NUMBERS = True
    settings.MEDIA_ROOT = tmp_path / "files"
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A small federation with somebody in every role, on the morning of 3 August 2026."""
    from niangjia.people.tests.world import build_world  # noqa: PLC0415  conftest is read before the app registry

    with clock.frozen(MONDAY):
        yield build_world()
