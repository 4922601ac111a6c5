"""The demo county for tests: built once in a database of its own, beside the empty one of all other tests.

`county` reads and writes inside a transaction that is taken back; `own_county` is a copy of its own,
where what is written stands, for tests that need several connections or commits. Both stand on the
morning of the demo date.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from niangjia.core import clock
from niangjia.site.demo.world import Household, Person

if TYPE_CHECKING:  # models cannot be imported yet when pytest reads the conftests
    from niangjia.accounts.models import User
    from niangjia.site.demo.build import Stage

DEMO_MORNING = datetime(2026, 8, 3, 8, 30, tzinfo=clock.LOCAL)


@dataclass(frozen=True)
class DemoCounty:
    """The county in the database, found by the names of the story's people."""

    stage: Stage

    def user(self, name: str) -> User:
        """Somebody who can log in, by name (苏木) or log-in name."""
        found = {**{user.display_name: user for user in self.stage.users.values()}, **self.stage.users}
        return type(found[name]).objects.get(pk=found[name].pk)

    def client(self, name: str) -> Client:
        """A browser in which somebody is logged in."""
        client = Client()
        client.force_login(self.user(name))
        return client

    def person(self, name: str) -> Person:
        """One of the story's people, as the generator made him."""
        return self.stage.world.cast[name]

    def person_id(self, name: str) -> int:
        """His id in the database."""
        return self.stage.persons[self.person(name).index]

    def household(self, name: str) -> Household:
        """The household one of the story's people lives in."""
        return self.stage.world.home_of(self.person(name))

    def household_id(self, name: str) -> int:
        """Its id in the database."""
        return self.stage.households[self.household(name).index]

    def employer_id(self, name: str) -> int:
        """The id of an employer by its name."""
        firm = next(firm for firm in self.stage.world.employers if firm.name == name)
        return self.stage.employers[firm.index]


@dataclass(frozen=True)
class _Built:
    name: str
    stage: Stage


@contextmanager
def _in_database(name: str) -> Iterator[None]:
    """Let this process, its later threads too, work on another database for a while."""
    connections.close_all()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def _beside(suffix: str) -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return str(Path(name).with_name(f"county-{suffix}.sqlite3"))
    return f"{name}_county_{suffix}"


def _create(name: str, template: str = "") -> None:
    connections.close_all()
    if connection.vendor == "sqlite":
        if template:
            shutil.copyfile(template, name)
        return
    quote = connection.ops.quote_name
    like = f" TEMPLATE {quote(template)}" if template else ""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)}")
        cursor.execute(f"CREATE DATABASE {quote(name)}{like}")


def drop(name: str) -> None:
    """Let go of a database of these."""
    connections.close_all()
    if connection.vendor == "sqlite":
        for tail in ("", "-wal", "-shm"):
            Path(name + tail).unlink(missing_ok=True)
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


def copy_of_empty() -> str:
    """A copy of the tests' database, its name; taken at the start, for tests clear away what migrations wrote.

    Where no test asked for a database there is none to copy, and it is made here.
    """
    name, tests = _beside("empty"), str(connection.settings_dict["NAME"])
    is_there = tests == connection.creation._get_test_db_name()
    _create(name, tests if is_there else "")
    if not is_there:
        with _in_database(name):
            call_command("migrate", verbosity=0)
    return name


@pytest.fixture(scope="session")
def built_county(django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Iterator[_Built]:
    """The county, built once; nobody writes here."""
    from niangjia.site.demo.build import build  # noqa: PLC0415  see above: only now the models are there

    with django_db_blocker.unblock():
        name = _beside("built")
        _create(name, django_db_setup)
        with _in_database(name), _on_stage():
            stage = build()
            if connection.vendor == "sqlite":
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    yield _Built(name, stage)
    with django_db_blocker.unblock():
        drop(name)


@contextmanager
def _on_stage() -> Iterator[None]:
    before, settings.DEMO_NOW = settings.DEMO_NOW, DEMO_MORNING
    try:
        yield
    finally:
        settings.DEMO_NOW = before


@pytest.fixture
def county(built_county: _Built, django_db_blocker: DjangoDbBlocker) -> Iterator[DemoCounty]:
    """The demo county at 08:30; what the test writes is taken back."""
    morning = clock.frozen(DEMO_MORNING)
    with django_db_blocker.unblock(), _in_database(built_county.name), _on_stage(), morning, transaction.atomic():
        yield DemoCounty(built_county.stage)
        transaction.set_rollback(True)


@pytest.fixture
def own_county(built_county: _Built, django_db_blocker: DjangoDbBlocker) -> Iterator[DemoCounty]:
    """A copy of the demo county at 08:30, where what the test writes stands."""
    with django_db_blocker.unblock():
        name = _beside("own")
        _create(name, built_county.name)
        try:
            with _in_database(name), _on_stage(), clock.frozen(DEMO_MORNING):
                yield DemoCounty(built_county.stage)
        finally:
            drop(name)
