from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings, settings as django_settings

if TYPE_CHECKING:
    from niangjia.people.tests.world import World


@pytest.fixture(autouse=True)
def _numbers_of_nobody(settings: LazySettings) -> None:
    settings.DEMO_NUMBERS = True
    # The server of static files wants its folder to exist before it answers the first page.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def world(db: None) -> World:
    """A small federation with somebody in every role."""
    from niangjia.people.tests.world import build_world  # noqa: PLC0415  conftest is read before the app registry

    return build_world()
