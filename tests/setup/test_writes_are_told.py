"""T51: a service that changes something and tells nobody is found; by night under every test of a room."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings

from niangjia.federation.services import audit
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, build_world
from tests.setup.watching import Unaudited, watching

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None, settings: LazySettings) -> World:
    """A small federation."""
    settings.DEMO_NUMBERS = True
    return build_world()


def register(world: World) -> None:
    register_person(union_id=world.union("town-a").pk, name="柳絮飞", acting_user=world.user("su"))


@pytest.mark.one_database
def test_a_write_with_its_audit_row_is_told_and_control_one_without_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watching() as watch:
        register(world)
    assert (watch.found, watch.units) == (set(), 1)

    def silent(*_words: Any, **_named: Any) -> None:
        """An audit trail that somebody forgot."""

    monkeypatch.setattr(audit, "record", silent)
    with watching() as watch:
        register(world)
    assert Unaudited("people/services/persons.py:register_person", "people_person") in watch.found
