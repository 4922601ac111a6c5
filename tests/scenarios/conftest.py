from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _static_root() -> None:
    # The server of static files wants its folder to exist before it answers the first page.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
