"""T26: a proxy in front that keeps whatever it may keep gives nobody the page of another."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, build_world
from niangjia.site.middleware import HeadersMiddleware
from tests.permissions.asking import routes

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@dataclass
class Proxy:
    """A shared cache as a careless operator sets it up: it keeps every answer that does not forbid it."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def get(self, client: Client, address: str) -> bytes:
        """The page from the cache, or from the site."""
        if address in self.kept:
            return self.kept[address]
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        told = {part.strip() for part in response.headers.get("Cache-Control", "").split(",")}
        if not told & {"private", "no-store", "no-cache"}:
            self.kept[address] = body
        return body


@pytest.fixture
def world(db: None) -> World:
    """Two towns with one person each."""
    world = build_world()
    for town, name in (("town-a", "槐乙花"), ("town-b", "桐丁子")):
        register_person(union_id=world.union(town).pk, name=name, acting_user=world.user("su"))
    return world


def crossed(world: World) -> list[str]:
    """Addresses at which the second user was given what stands on the first one's page."""
    proxy, clients = Proxy(), {}
    for name in ("jiang", "bai"):
        clients[name] = Client()
        clients[name].force_login(world.user(name))
    found = []
    for route in routes():
        if route.keys() or "<" in route.path or route.right == "":
            continue
        address = "/" + route.path
        first, second = proxy.get(clients["jiang"], address), proxy.get(clients["bai"], address)
        if "jiang·葵".encode() in second or "槐乙花".encode() in second or (address in proxy.kept and first == second):
            found.append(address)
    return found


def test_nobody_gets_the_page_of_another_from_a_shared_cache(world: World) -> None:
    assert crossed(world) == []


def test_control_without_our_headers_he_does(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def bare(self: HeadersMiddleware, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    monkeypatch.setattr(HeadersMiddleware, "__call__", bare)
    addresses = crossed(world)
    assert "/desk/persons/" in addresses
    assert len(addresses) > 10
