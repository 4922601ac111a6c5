"""The demo county for tests: built once in a database of its own, beside the empty one of all other tests.

`county` reads and writes inside a transaction that is taken back; `own_county` is a copy of its own,
where what is written stands, for tests that need several connections or commits. Both stand on the
morning of the demo date.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from niangjia.core import clock
from niangjia.site.demo.world import Household, Person
from tests.databases import beside, create, drop, working_in

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


@pytest.fixture(scope="session")
def built_county(django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Iterator[_Built]:
    """The county, built once; nobody writes here."""
    from niangjia.site.demo.build import build  # noqa: PLC0415  see above: only now the models are there

    with django_db_blocker.unblock():
        name = beside("built")
        create(name, django_db_setup)
        with working_in(name), _on_stage():
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
    with django_db_blocker.unblock(), working_in(built_county.name), _on_stage(), morning, transaction.atomic():
        yield DemoCounty(built_county.stage)
        transaction.set_rollback(True)


@pytest.fixture
def own_county(built_county: _Built, django_db_blocker: DjangoDbBlocker) -> Iterator[DemoCounty]:
    """A copy of the demo county at 08:30, where what the test writes stands."""
    with django_db_blocker.unblock():
        name = beside("own")
        create(name, built_county.name)
        try:
            with working_in(name), _on_stage(), clock.frozen(DEMO_MORNING):
                yield DemoCounty(built_county.stage)
        finally:
            drop(name)
