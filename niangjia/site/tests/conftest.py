"""What the shell's tests stand on."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _static_root() -> None:
    # WhiteNoise warns where nothing was collected yet; a test collects nothing.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
