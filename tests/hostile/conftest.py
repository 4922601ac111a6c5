from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings, settings as django_settings


@pytest.fixture(autouse=True)
def _numbers_of_nobody(settings: LazySettings) -> None:
    settings.DEMO_NUMBERS = True
    # The server of static files wants its folder to exist before it answers the first page.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
