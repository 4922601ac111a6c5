"""What the tests of this room stand on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings, settings as django_settings

from niangjia.core import clock


@pytest.fixture(autouse=True)
def _quiet(settings: LazySettings, tmp_path: Path) -> None:
    # The server of static files wants its folder to exist before it answers the first page.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.TEXTS_FILE = str(tmp_path / "outbox" / "texts.log")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 8, 3, 8, 30, tzinfo=clock.LOCAL)

    def pass_by(self, **span: int) -> None:
        """Let time pass."""
        self.at += timedelta(**span)


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hand]:
    """Time stands still until the test moves it."""
    moved = Hand()
    monkeypatch.setattr(clock, "now", lambda: moved.at)
    return moved  # type: ignore[return-value]
