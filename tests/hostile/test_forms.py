"""T34: whatever is typed into a field of a form that is sent, no query changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from niangjia.cases.services import contacts
from tests.hostile.payloads import payloads
from tests.permissions.asking import Route, harvest, routes
from tests.permissions.filling import Form, by_hand
from tests.permissions.planted import Planted, plant

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.nightly]
PLANTERS = ("county_officer at county", "deputy_chair at county", "worker of town-a")


@pytest.fixture
def planted(db: None) -> Planted:
    """The world, and its forms filled in."""
    planted = plant()
    planted.forms = harvest(planted, PLANTERS)
    return planted


def fields(planted: Planted) -> list[tuple[str, Route, dict[str, Any], str]]:
    """Every field of every form: who may send it, where, with what else, and its name."""
    found = []
    for route in routes():
        who = "worker of town-a" if route.path.startswith("my/") else "county_officer at county"
        forms: list[Form | None] = [*planted.forms.get(route.name, [None])]
        for form in forms:
            sent = form.data() if form else by_hand(route.name, planted.units["town-a"].ids)
            found += [(who, route, sent, name) for name in sent]
    return found


def hits(planted: Planted, aimed: list[tuple[str, Route, dict[str, Any], str]]) -> list[str]:
    """What broke: each field meets one payload, its neighbours the next ones."""
    every, found, clients = payloads(), [], {}
    for name in PLANTERS:
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(planted.callers[name].user)  # type: ignore[arg-type]
    for at, (who, route, sent, name) in enumerate(aimed):
        payload = every[at % len(every)]
        ids = planted.units["town-a"]
        address = route.address_of(ids) if route.keys() else route.address({})
        for value in sent.values():
            if hasattr(value, "seek"):
                value.seek(0)
        with transaction.atomic():
            answer: Any = clients[who].post(address, {**sent, name: payload})
            broken = connection.needs_rollback
            transaction.set_rollback(True)
        if answer.status_code >= 500 or broken:
            found.append(f"{route.name} {name}={payload!r}: {answer.status_code}")
    return found


def test_no_field_of_any_form_reaches_a_query(planted: Planted) -> None:
    aimed = fields(planted)
    assert len(aimed) > 250, "the fields were not found"
    assert hits(planted, aimed) == []


def test_control_a_service_that_writes_sql_is_found(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = contacts.register_contact

    def careless(**told: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT '{told['name']}'")
        return taken(**told)

    monkeypatch.setattr(contacts, "register_contact", careless)
    aimed = [one for one in fields(planted) if one[1].name == "contact_new" and one[3] == "name"]
    assert hits(planted, aimed * 20)
