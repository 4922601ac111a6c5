"""T21 beyond pages: what leaves as a table or on paper, fragments, what is typed, faults, texts and logs."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.template.base import Template
from django.test import Client
from django.urls import reverse

from niangjia.accounts.services.codes import ask_code
from niangjia.federation.listing.kinds import ListKind, list_kinds
from niangjia.federation.models import UnionClosure
from niangjia.federation.scopes import Scope
from tests.permissions.answers import answer_of
from tests.permissions.asking import Asker, Leak, Route, routes
from tests.permissions.planted import FIRMS, NAMES, Caller, Planted

pytestmark = [pytest.mark.django_db, pytest.mark.nightly, pytest.mark.one_database]
# Who sees one town, and who sees the other county: whatever is not theirs must stand in nothing they are handed.
CALLERS = ("town_officer at town-a", "county_officer at town-a", "deputy_chair at town-a", "auditor at town-a",
           "viewer at town-a", "assessor at town-a", "county_officer at county", "worker of town-a")  # fmt: skip
OTHERS = ("town-b", "far-town")
# Lists of what hangs on one thing: which of a unit's ids it stands behind.
ABOUT = {
    "benefits.list": "version", "people.check_rows": "check", "visits.recheck": "campaign", "visits.drawn": "sample",
    "cases.returns": "assignment",
}  # fmt: skip
TYPED = (*(NAMES[code] for code in OTHERS), FIRMS["far-town"], "1380000")


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """What the installation's own handler writes meanwhile."""
    handler = next(one for one in logging.getLogger().handlers if one.name == "stderr")
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    try:
        yield written
    finally:
        handler.setStream(before or io.StringIO())


def foreign(planted: Planted, caller: Caller) -> set[str]:
    """Every canary that is not this caller's."""
    return {canary for unit in planted.units.values() for canary in unit.canaries} - caller.allowed


def texts_in(body: bytes) -> str:
    """All words of an answer; a workbook is opened for them."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())


def leaks(planted: Planted, name: str, address: str, body: bytes) -> list[Leak]:
    """What of others stands in an answer, and not in the question."""
    words = texts_in(body)
    return [Leak(name, "", address, f"shows {canary}") for canary in sorted(foreign(planted, planted.callers[name]))
            if canary in words and canary not in address]  # fmt: skip


def tables(planted: Planted, kind: ListKind) -> list[str]:
    """The ways a list is asked for: as it stands, about each unit's programme, narrowed to each unit.

    A name the list does not declare is as if it were not there, so each list is asked by its own alone.
    """
    if kind.code in ABOUT:
        return [f"?about={planted.units[code].ids[ABOUT[kind.code]]}" for code in ("town-a", "far-town")]
    declared = {one.code for one in kind.conditions}
    narrowed = []
    for code in OTHERS:
        told = {"union": planted.units[code].ids["union"], "name": NAMES[code], "head": NAMES[code]}
        narrowed += [f"?{name}={value}" for name, value in told.items() if name in declared]
    return ["", *narrowed]


def taken_out(planted: Planted, name: str) -> Iterator[tuple[str, bytes, int]]:
    """Every list in every form it leaves in, with every column that can be had."""
    asker = Asker(planted.callers[name])
    for kind in list_kinds.all():
        for query in tables(planted, kind):
            for way in ("xlsx", "paper"):
                sent = {"way": way, "purpose": "核对", "columns": [one.code for one in kind.columns if not one.right]}
                address = reverse("list_export", args=[kind.code]) + query
                answer = asker.ask("POST", address, sent)  # type: ignore[arg-type]
                yield address, answer.body, answer.status


def test_no_table_or_paper_that_leaves_holds_anything_of_others(planted: Planted) -> None:
    found, left = [], 0
    for name in CALLERS:
        for address, body, status in taken_out(planted, name):
            left += status == 200
            found += leaks(planted, name, address, body)
    assert found == [], "\n".join(map(str, found[:20]))
    assert left > 40, "hardly anything left at all"


def whole(answer: Any) -> bytes:
    """The body of an answer, of a file too."""
    return answer_of(answer).body


def fragments(planted: Planted, name: str, wanted: list[Route]) -> list[Leak]:
    """Each page asked as the scripts of a page ask, and each box that answers while somebody types."""
    caller = planted.callers[name]
    client, found = Client(headers={"hx-request": "true"}), []
    if caller.user is not None:
        client.force_login(caller.user)
    for route in wanted:
        for unit in (planted.units[code] for code in ("town-a", *OTHERS)):
            address = route.address_of(unit) if route.keys() else route.address({})
            for typed in ("",) if route.keys() else ("", *(f"?q={word}" for word in TYPED)):
                answer = client.get(address + typed)
                found += leaks(planted, name, address + typed, whole(answer))
            if not route.keys():
                break
    return found


def test_no_fragment_shows_anything_of_others_whatever_is_typed(planted: Planted) -> None:
    wanted = [route for route in routes() if route.name != "logout"]
    found = [leak for name in CALLERS[:2] for leak in fragments(planted, name, wanted)]
    assert found == [], "\n".join(map(str, found[:20]))


def test_no_fault_log_or_text_message_holds_anything(planted: Planted, settings: LazySettings, tmp_path: Path) -> None:
    """A page that breaks, with everything it had read at hand, tells nobody; a text tells its receiver his own."""
    settings.TEXTS_FILE = str(tmp_path / "texts.log")
    caller = planted.callers["county_officer at county"]
    client = Client(raise_request_exception=False)
    assert caller.user is not None
    client.force_login(caller.user)
    everything = {canary for unit in planted.units.values() for canary in unit.canaries}
    numbers = {canary for canary in everything if canary.isdigit() or canary[:-1].isdigit()}
    pages: list[tuple[str, int, str]] = []
    armed: dict[str, bool] = {}
    with logged() as log, pytest.MonkeyPatch.context() as breaking:
        render = Template.render

        def breaks_once(template: Template, context: Any) -> Any:
            # The page of the fault is rendered too.
            if not armed.pop("armed", False):
                return render(template, context)
            told = {name: value for part in context.dicts for name, value in part.items()}
            raise ValueError(f"cannot show {told!r}")

        breaking.setattr(Template, "render", breaks_once)
        for route in routes():
            if route.path.startswith("desk/") and route.keys():
                armed["armed"] = True
                answer = client.get(route.address_of(planted.units["town-a"]))
                pages.append((route.name, answer.status_code, whole(answer).decode(errors="replace")))
    broken = [(name, page) for name, status, page in pages if status == 500]
    assert len(broken) > 30, "hardly a page broke"
    # The address stands on the page, for the way back after a choice of language.
    words = everything - set(planted.units["town-a"].ids.values())
    assert [(name, word) for name, page in broken for word in words if word in page] == []
    assert [word for word in numbers if word in log.getvalue()] == []
    for unit in planted.units.values():
        assert unit.person is not None
        ask_code(phone=unit.person.phone)
    texts = Path(settings.TEXTS_FILE).read_text()
    assert texts.count("验证码") >= len(planted.units)
    assert [word for word in everything - numbers if word in texts] == []


def test_control_what_reaches_everywhere_is_found_in_a_workbook(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere = UnionClosure.objects.values_list("descendant_id", flat=True)
    monkeypatch.setattr(Scope, "union_ids", lambda self: everywhere)
    monkeypatch.setattr(Scope, "reaches_union", lambda self, union_id: True)
    name = "county_officer at town-a"
    found = [leak for address, body, _ in taken_out(planted, name) for leak in leaks(planted, name, address, body)]
    for code in ("people.persons", "people.households", "people.employers"):
        assert [leak for leak in found if code in leak.address], f"no leak was found in {code}"
