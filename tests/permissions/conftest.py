from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from django.conf import LazySettings, settings as django_settings
from django.db import connections, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.permissions.planted import Planted


@pytest.fixture(autouse=True)
def _numbers_of_nobody(settings: LazySettings) -> None:
    settings.DEMO_NUMBERS = True
    settings.FRAME_KEPT_SECONDS = 3600  # the numbers in somebody's menu, as long as he asks
    # The server of static files wants its folder to exist before it answers the first page.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _said_who_he_is_as_long_as_he_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("niangjia.accounts.stepup.COUNTS_SECONDS", 24 * 3600)


@pytest.fixture(scope="module")
def planted_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Planted]:
    """The world with something to hide in every unit, planted once for a file: each test takes back what it did.

    It stands in a transaction around those of the tests; a file that has it plants no second one.
    """
    from tests.permissions.planted import plant  # noqa: PLC0415  Django is not set up when this file is read

    connection = connections["default"]
    # A test's end closes the connection, and with it would go the transaction around it.
    with django_db_blocker.unblock(), override_settings(DEMO_NUMBERS=True), transaction.atomic():
        with mock.patch.object(connection, "close", return_value=None):
            yield plant()
        transaction.set_rollback(True)


@pytest.fixture
def planted(planted_once: Planted, db: None) -> Planted:
    """The same, for one test."""
    return planted_once
