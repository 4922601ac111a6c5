"""T25: which role is shown which sensitive field in full, on any page of the registry: a snapshot."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from niangjia.federation.models import AuditRow
from niangjia.federation.rights import roles
from niangjia.people.models import Person
from niangjia.people.services.households import open_hardship_file, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, build_world, identity_number
from tests.permissions.asking import Route, routes
from tests.permissions.planted import Unit
from tests.permissions.sensitive import NOT_WATCHED, sensitive_fields, values_of

pytestmark = pytest.mark.django_db
BORN, PHONE = date(1980, 3, 4), "13800009876"
NUMBER = identity_number(BORN, 321)
# Field of the inventory -> what stands on a page when it is shown in full.
IN_FULL = {
    "Person.id_number": NUMBER, "Person.phone": PHONE, "Household.address": "苦楝巷7号",
    "HardshipFile.cause": "因病致困苦楝",
}  # fmt: skip
# The snapshot. A file says where a household lives and why it is in difficulty to who may open it; numbers it masks.
FILE = {"Household.address", "HardshipFile.cause"}
SHOWN: dict[str, set[str]] = {
    "viewer": set(), "auditor": set(), "town_officer": FILE, "county_officer": FILE, "deputy_chair": FILE,
    # Who comes from outside sees drawn files only, masked, on pages of their own.
    "assessor": set(),
}  # fmt: skip


@pytest.fixture
def world(db: None) -> World:
    """One household in difficulty."""
    world = build_world()
    su, town = world.user("su"), world.union("town-a").pk
    person = register_person(union_id=town, name="苦楝花", id_number=NUMBER, phone=PHONE, acting_user=su)
    household = register_household(
        union_id=town, head_id=person.pk, address=IN_FULL["Household.address"], registered_on=date(2020, 1, 1),
        acting_user=su,
    )  # fmt: skip
    open_hardship_file(
        household_id=household.pk, grade="deep", cause=IN_FULL["HardshipFile.cause"], entered_on=date(2020, 1, 1),
        review_due_on=date(2030, 1, 1), acting_user=su,
    )  # fmt: skip
    world.ids = {"person": person.public_id, "household": household.public_id}  # type: ignore[attr-defined]
    return world


def shown_to(world: World, role: str, wanted: list[Route]) -> set[str]:
    """The fields a role at the county is shown in full on any of these pages."""
    client = Client()
    client.force_login(world.officer(f"{role}-plant", role, "county"))
    found = set()
    for route in wanted:
        ids: dict[str, str] = world.ids  # type: ignore[attr-defined]
        text = client.get(route.address({name: ids[key] for name, key in route.keys().items()})).content.decode()
        found |= {field for field, value in IN_FULL.items() if value in text}
    return found


def registry_pages() -> list[Route]:
    """Every page about a person or a household, and every list."""
    return [
        route for route in routes()
        if route.path.startswith("desk/") and set(route.keys().values()) <= {"person", "household"}
        and not {"fact", "code", "folder", "roster_kind", "kind"} & set(route.parameters)
    ]  # fmt: skip


def test_every_sensitive_value_of_the_house_is_watched() -> None:
    """Here what the registry's own pages show; by night, in test_looks_kept, every field and every page."""
    unit = Unit("town-a", person=Person(id_number=NUMBER, phone=PHONE))
    assert sensitive_fields() - NOT_WATCHED == set(values_of(unit)) - {"people.Person.phone"}
    assert {f"people.{field}" for field in IN_FULL} <= set(values_of(unit))
    assert sensitive_fields() >= NOT_WATCHED, "a reason is written for a field that is no longer there"


@pytest.mark.one_database
def test_a_number_in_full_is_shown_for_a_reason_and_the_reason_is_kept(world: World) -> None:
    client, looks = Client(), AuditRow.objects.filter(action="people.identity:look")
    client.force_login(world.officer("reader", "town_officer", "town-a"))
    for route in (route for route in routes() if route.name in {"person_reveal", "household_print"}):
        address = route.address({name: world.ids[key] for name, key in route.keys().items()})  # type: ignore[attr-defined]
        before = looks.count()
        answer = client.post(address, {"reason": " "})
        assert (answer.status_code, NUMBER in answer.content.decode(), looks.count()) == (422, False, before)
        answer = client.post(address, {"reason": "核对证件"})
        assert (answer.status_code, NUMBER in answer.content.decode()) == (200, True)
        assert [row.reason for row in looks.order_by("pk")[before:]] == ["核对证件"]


@pytest.mark.one_database
def test_each_role_is_shown_what_the_snapshot_says(world: World) -> None:
    wanted = registry_pages()
    assert {"person_list", "household_list", "person_file", "household_file", "list_export"} <= {r.name for r in wanted}
    officers = [role.code for role in roles.all() if role.scope_kind == "union"]
    assert {role: shown_to(world, role, wanted) for role in officers} == SHOWN


def test_control_a_page_that_masks_nothing_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("niangjia.people.lists.mask_number", lambda number: number)
    wanted = [route for route in registry_pages() if route.name == "person_list"]
    assert shown_to(world, "deputy_chair", wanted) == {"Person.id_number"}
