"""What only the running installation can tell: routes, fields, migrations, catalogues."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

import niangjia
from niangjia.core import catalogues, inventory
from niangjia.federation.rights import rights, roles
from niangjia.federation.routes import anonymous, declared_right, discovered_routes

FREE = {"", "*"}  # anybody, any log-in


def undeclared(resolver: URLResolver | None = None) -> list[str]:
    return [address for address, route in discovered_routes(resolver) if declared_right(route.callback) is None]


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_every_route_declares_who_may_call_it() -> None:
    assert len(list(discovered_routes())) > 5
    assert undeclared() == []


def test_a_route_without_a_right_is_found_however_deep_it_lies() -> None:
    told = path("open/", anonymous("a sample")(lambda request: HttpResponse()))
    deep = URLResolver(RegexPattern("deep/"), [path("silent/", page)])
    assert undeclared(URLResolver(RegexPattern(""), [told, deep])) == ["deep/silent/"]


def test_every_declared_right_is_registered_and_some_role_holds_it() -> None:
    held = {right for role in roles.all() for right in role.rights}
    for address, route in discovered_routes():
        right = declared_right(route.callback)
        assert right in FREE or right in rights, address
        assert right in FREE or right in held, f"{address}: no role holds {right}"


def test_every_right_of_a_role_is_registered() -> None:
    assert {right for role in roles.all() for right in role.rights} - set(rights) == set()


def test_every_anonymous_route_says_why() -> None:
    for address, route in discovered_routes():
        if declared_right(route.callback) == "":
            view = getattr(route.callback, "view_class", route.callback)
            assert getattr(view, "anonymous_reason", getattr(route.callback, "anonymous_reason", "")), address


def test_every_stored_field_stands_in_the_inventory() -> None:
    missing = inventory.stored_fields() - inventory.load().keys()
    assert sorted(missing) == []


def test_the_inventory_lists_no_field_that_is_not_there() -> None:
    assert sorted(inventory.load().keys() - inventory.stored_fields()) == []


def test_what_is_personal_has_a_ground_and_a_purpose() -> None:
    personal = {inventory.Sensitivity.PERSONAL, inventory.Sensitivity.SENSITIVE}
    for place, entry in inventory.load().items():
        assert entry.purpose, place
        assert entry.retention, place
        assert entry.sensitivity not in personal or entry.ground is not inventory.Ground.NONE, place


@pytest.mark.django_db
def test_no_change_of_a_model_waits_for_its_migration() -> None:
    out = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out)
    except SystemExit:
        pytest.fail(out.getvalue())


def test_every_message_is_translated_and_none_in_two_ways() -> None:
    faults = catalogues.check_house(Path(niangjia.__file__).parent)
    assert [str(fault) for fault in faults] == []
