"""Which parameters pages read, seen by handing them an address that notes what is looked for; and striking them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import resolve, reverse

from tests.hostile.striking import HARMLESS, SLOW_SECONDS, Honest, ListDoors, noting_shapes
from tests.permissions.asking import routes
from tests.permissions.planted import Planted

READERS = ("county_officer at county", "deputy_chair at county", "auditor at county", "worker of town-a",
           "employer_agent of town-a", "anonymous")  # fmt: skip
# They answer with the list of any kind, by the list's own mechanism.
OF_LISTS = {"list_export", "list_save"}
# Fragments of the addresses of an answer to nobody in particular; a static page reads nothing.
NOT_ASKED = {"logout"}


class _NotedDict(dict[str, Any]):
    """What stands behind the question mark as plain texts, noting what is looked for."""

    def __init__(self, told: dict[str, Any], names: set[str]) -> None:
        super().__init__(told)
        self.names = names

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)


class _Noted(QueryDict):
    """The same as it comes."""

    names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().getlist(key, default)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def dict(self) -> Any:
        return _NotedDict({key: self[key] for key in self}, self.names)


@contextmanager
def noting_names(names: set[str]) -> Iterator[None]:
    """Collect which parameters are looked for meanwhile."""

    def given(request: WSGIRequest) -> QueryDict:
        kept: QueryDict | None = request.__dict__.get("_noted")
        if kept is None:
            kept = _Noted(request.META.get("QUERY_STRING", ""))
            kept.names = names
            request.__dict__["_noted"] = kept
        return kept

    with mock.patch.object(WSGIRequest, "GET", property(given)):
        yield


@dataclass(frozen=True)
class PageDoor:
    """One parameter of one page, and who reads it."""

    reader: str
    address: str
    name: str


def page_doors(planted: Planted, lists: list[ListDoors]) -> list[PageDoor]:
    """Every parameter that a page looks for, but for what lists declare: those are struck by themselves."""
    declared: dict[str, set[str]] = {}
    for one in lists:
        route_name = resolve(one.kind.address(one.about).partition("?")[0]).view_name
        declared.setdefault(route_name, set()).update(one.names)
    found: dict[tuple[str, str], PageDoor] = {}
    pages = Pages(planted)
    for reader in READERS:
        for route in routes():
            if route.name in OF_LISTS | NOT_ASKED:
                continue
            address = route.address_of(planted.units["town-a"]) if route.keys() else route.address({})
            names: set[str] = set()
            with noting_names(names):
                status, _shapes = pages.ask(reader, address)
            for name in names - declared.get(route.name, set()) if status == 200 else set():
                found.setdefault((route.name, name), PageDoor(reader, address, name))
    return sorted(found.values(), key=lambda door: (door.address, door.name))


@dataclass
class Pages:
    """The clients of the readers, and the shapes honest readers bring about."""

    planted: Planted
    _clients: dict[str, Client] = field(default_factory=dict)
    _honest: dict[PageDoor, Honest] = field(default_factory=dict)

    def ask(self, reader: str, address: str) -> tuple[int, frozenset[str]]:
        """One page: its status, and the shapes of its statements."""
        if reader not in self._clients:
            self._clients[reader] = Client(raise_request_exception=False)
            user = self.planted.callers[reader].user
            if user is not None:
                self._clients[reader].force_login(user)
        shapes: set[str] = set()
        with transaction.atomic(), noting_shapes(shapes):
            answer = self._clients[reader].get(address)
            # The files only: closing the answer would close the test's connection to the database too.
            for close in answer._resource_closers:
                close()
            status = answer.status_code
            broken = connection.needs_rollback
            transaction.set_rollback(True)
        return 500 if broken else status, frozenset(shapes)

    def honest(self, door: PageDoor) -> Honest:
        """What honest readers' words bring about."""
        if door not in self._honest:
            ids = [text for text in self.planted.units["town-a"].ids.values() if len(text) == 14]
            texts = ["", *HARMLESS, *ids]
            self._honest[door] = Honest(self.ask(door.reader, _with(door, text))[1] for text in texts)
        return self._honest[door]

    def strike(self, door: PageDoor, text: str) -> Iterator[str]:
        """What a hostile text does that it must not."""
        began = time.monotonic()
        status, shapes = self.ask(door.reader, _with(door, text))
        seconds = time.monotonic() - began
        if status >= 500:
            yield f"answers {status}"
        if seconds > SLOW_SECONDS:
            yield f"takes {seconds:.1f} s"
        if strange := self.honest(door).without(shapes):
            yield f"asks the database something else: {sorted(strange)[0][:200]}"


def _with(door: PageDoor, text: str) -> str:
    asked = QueryDict(mutable=True)
    asked[door.name] = text
    return f"{door.address}?{asked.urlencode()}"


def search_door() -> PageDoor:
    """The one box that looks for people by whatever is typed."""
    return PageDoor(READERS[0], reverse("desk_search"), "q")
