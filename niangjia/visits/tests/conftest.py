from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings, settings as django_settings

from niangjia.core import clock

if TYPE_CHECKING:  # models cannot be imported yet when pytest reads the conftests
    from niangjia.people.tests.world import World

TODAY = date(2026, 8, 3)


@pytest.fixture
def world(db: None, settings: LazySettings) -> Iterator[World]:
    """A small federation on 3 August 2026."""
    from niangjia.people.tests.world import build_world  # noqa: PLC0415  see above

    settings.DEMO_NUMBERS = True
    # The server of static files wants its folder to exist before it answers the first page.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    with clock.frozen(TODAY):
        yield build_world()
