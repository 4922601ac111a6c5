"""What the tests of this room stand on."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as django_settings


@pytest.fixture(autouse=True, scope="session")
def _static_root() -> None:
    # The server of static files wants its folder to exist before it answers the first page.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
