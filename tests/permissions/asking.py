"""Asking every route as every caller about every unit, and finding what leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.test import Client
from django.urls import URLPattern

from niangjia.federation.looking import look_codes
from niangjia.federation.models import AuditRow
from niangjia.federation.routes import declared_right, discovered_routes
from niangjia.federation.scopes import rights_of
from tests.permissions.planted import Caller, Planted, Unit

# What a parameter is filled with: a key of `Unit.ids`.
SAMPLES = {
    "file_id": "file", "spell": "spell", "version": "version", "frozen": "frozen", "row": "row",
    "serving": "serving", "hold": "hold", "grant": "grant", "approval": "approval", "task": "task",
    "union": "union", "change": "change", "draw": "draw", "assignment": "assignment", "due": "due",
    "saved_list": "saved", "export": "export", "contact": "contact",
    "pair": "pair", "merge": "merge",
    "stay": "stay", "need": "need",
    "own_request": "own_request", "mandate": "mandate",
    "upload": "upload", "photo": "photo", "consent_paper.public_id": "person",
    "person_mandate.public_id": "person",
    "decision": "decision", "subject": "person",
    "household_file.public_id": "household", "member_new.public_id": "household", "place": "place",
    "member_leave.public_id": "household", "head_change.public_id": "household", "step_undo.public_id": "household",
    "person_join.public_id": "person",
    "hardship_open.public_id": "household", "hardship_close.public_id": "household",
    "household_print.public_id": "household", "paper_new.public_id": "household", "visit_new.public_id": "household",
    "visit_form.public_id": "household", "grade_decide.public_id": "household",
    "call_id": "call", "visit_id": "visit", "photo_id": "photo", "paper_id": "paper", "campaign_id": "campaign",
    "sample_id": "sample", "stratum": "stratum", "row_id": "sample_row",
    "person_file.public_id": "person", "person_reveal.public_id": "person", "person_move.public_id": "person",
    "person_consents.public_id": "person", "person_copy.public_id": "person",
    "job_new.public_id": "person", "job_end.public_id": "person", "employer_file.public_id": "employer",
    "agent_new.public_id": "employer", "agent_take.public_id": "employer",
    "roster_file.public_id": "roster", "roster_columns.public_id": "roster", "roster_approve.public_id": "roster",
    "roster_drop.public_id": "roster", "roster_undo.public_id": "roster", "roster_refused.public_id": "roster",
    "verify_statement.public_id": "statement", "fact_list.public_id": "household",
    "check_confirm.public_id": "check",
    "check_file.public_id": "check", "check_send.public_id": "check", "check_take.public_id": "check",
    "check_answers.public_id": "check", "check_choose.public_id": "check", "check_settle.public_id": "check",
    "check_drop.public_id": "check", "check_rest.public_id": "check", "check_of_roster.public_id": "answers",
    "employer_size.public_id": "employer",
    "employer_registration.public_id": "employer", "employer_pair.public_id": "employer", "other": "employer",
    "upper_copy.public_id": "household", "upper_mark.public_id": "household",
    "authority_new.public_id": "household", "authority_form.public_id": "household",
    "authority_paper.public_id": "authority", "authority_withdraw.public_id": "authority",
    "fact_new.public_id": "household", "employer_benefit.subject": "employer",
}  # fmt: skip
# Parameters that name no row of anybody's.
FIXED = {
    "kind": "household",
    "code": "income_per_head",
    "roster_kind": "members",
    "number": "1",
    "folder": "yantai-consolation",
    "fact": "admission_letter",
    "list_code": "people.persons",
    "purpose": "illness",
}  # fmt: skip
NOBODY = {"spell": "999999999", "place": "999999999", "row": "999999999", "grant": "999999999", "stratum": "999999999"}
SIBLING_AND_FAR = ("town-b", "far-town")
NOBODYS_ID = "zzzzzzzzzzzzzz"
# Of a programme and its list everybody in its county knows; a person's row is its unit's.
COUNTY_WIDE = {"version", "frozen", "draw"}
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


class NoSample(Exception):
    """A route has a parameter this test cannot fill: add it to SAMPLES or FIXED."""


@dataclass(frozen=True)
class Route:
    """One address of the site with its parameters."""

    name: str
    path: str
    right: str
    parameters: tuple[str, ...]

    def keys(self) -> dict[str, str]:
        """For each parameter that names a row: which of a unit's ids fills it."""
        found = {}
        for parameter in self.parameters:
            key = SAMPLES.get(f"{self.name}.{parameter}") or SAMPLES.get(parameter)
            if key is None and parameter not in FIXED:
                raise NoSample(f"{self.path}: {parameter}")
            if key is not None and parameter not in FIXED:
                found[parameter] = key
        return found

    def address(self, ids: dict[str, str]) -> str:
        """The address with these parameters."""
        return "/" + _PARAMETER.sub(lambda match: {**FIXED, **ids}[match.group(1)], self.path)

    def address_of(self, unit: Unit) -> str:
        """The address about one unit's things."""
        return self.address({name: unit.ids[key] for name, key in self.keys().items()})

    def address_of_nothing(self) -> str:
        """The address about things that do not exist."""
        return self.address({name: NOBODY.get(name, NOBODYS_ID) for name in self.keys()})

    def is_foreign(self, caller: Caller, unit: Unit) -> bool:
        """Whether this caller must not learn that these things exist."""
        if set(self.keys().values()) <= COUNTY_WIDE:
            return not caller.below or (unit.code == "far-town") != ("far-town" in caller.below)
        return unit.code not in caller.below


def routes() -> list[Route]:
    """Every address of the site, found from the URL configuration."""
    return [_route(path, pattern) for path, pattern in discovered_routes()]


def _route(path: str, pattern: URLPattern) -> Route:
    right = declared_right(pattern.callback)
    return Route(pattern.name or path, path, "" if right is None else right, tuple(_PARAMETER.findall(path)))


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers and body in one text to look for canaries in."""

    status: int
    body: bytes
    headers: str
    cache: str
    # What the trail says was looked at by this very question: kind and key of each object.
    looks: frozenset[tuple[str, int]] = frozenset()

    def holds(self, canary: str) -> bool:
        """Whether a canary stands anywhere in it."""
        return canary.encode() in self.body or canary in self.headers


class Asker:
    """A browser of one caller; what it changes is taken back after each question."""

    def __init__(self, caller: Caller) -> None:
        self._client = Client()
        if caller.user is not None:
            self._client.force_login(caller.user)
        self._cookies = {name: morsel.value for name, morsel in self._client.cookies.items()}

    def ask(self, method: str, address: str, sent: dict[str, str] | None = None) -> Answer:
        """One question."""
        # Logging out is one of the questions: each begins with the cookies of the first.
        self._client.cookies.clear()
        self._client.cookies.load(self._cookies)
        with transaction.atomic():
            last = AuditRow.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            response = self._client.get(address) if method == "GET" else self._client.post(address, sent or {})
            answer = replace(_answer(response), looks=_looks_since(last))
            transaction.set_rollback(True)
        return answer


def _looks_since(last: int) -> frozenset[tuple[str, int]]:
    rows = AuditRow.objects.filter(pk__gt=last, action__in=look_codes())
    return frozenset(rows.values_list("object_kind", "object_id"))


def _answer(response: HttpResponse) -> Answer:
    if isinstance(response, FileResponse):
        body = b"".join(response.streaming_content)
        # The file only: closing the answer would close the test's connection to the database too.
        for close in response._resource_closers:
            close()
    else:
        body = response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return Answer(response.status_code, _TOKEN.sub(b"", body), headers, response.headers.get("Cache-Control", ""))


@dataclass(frozen=True)
class Leak:
    """One thing somebody learnt that he must not."""

    caller: str
    method: str
    address: str
    what: str


def find_leaks(planted: Planted, wanted: list[Route], names: list[str], *, every_unit: bool = True) -> Iterator[Leak]:
    """Ask everything as these callers; yields every leak.

    Without `every_unit` it is a sample: who holds a route's right asks about a sibling and a far unit, and every
    second of the others asks about the far one.
    """
    for turn, name in enumerate(names):
        caller, asker = planted.callers[name], Asker(planted.callers[name])
        held = rights_of(caller.user)
        for at, route in enumerate(wanted):
            holds = route.right in held or route.right == "*"
            if not (every_unit or holds or (at + turn) % 2):
                continue
            codes = planted.units if every_unit else SIBLING_AND_FAR if holds else SIBLING_AND_FAR[1:]
            for method in ("GET", "POST"):
                yield from _ask_route(planted, route, method, name, asker, [planted.units[code] for code in codes])


def _ask_route(
    planted: Planted, route: Route, method: str, name: str, asker: Asker, units: list[Unit]
) -> Iterator[Leak]:
    caller = planted.callers[name]
    if not route.keys():
        yield from _canaries(planted, caller, name, method, route.address({}), asker.ask(method, route.address({})))
        return
    nowhere = route.address_of_nothing()
    nothing = asker.ask(method, nowhere)
    yield from _canaries(planted, caller, name, method, nowhere, nothing)
    for unit in units:
        address = route.address_of(unit)
        answer = asker.ask(method, address)
        if route.is_foreign(caller, unit) and not _alike(answer, nothing, address, nowhere):
            yield Leak(name, method, address, f"{answer.status} instead of {nothing.status} as for what does not exist")
        yield from _canaries(planted, caller, name, method, address, answer)


def _alike(answer: Answer, nothing: Answer, address: str, nowhere: str) -> bool:
    same = (answer.status, answer.body) == (nothing.status, nothing.body)
    return same and _told(answer.headers, address) == _told(nothing.headers, nowhere)


def _told(headers: str, address: str) -> str:
    """The headers without what the asker said himself: a way to the log-in, or up from where he is, carries that."""
    lines = []
    for line in headers.replace(quote(address, safe=""), "(the address)").split("\n"):
        name, _colon, way = line.partition(": ")
        up = name == "Location" and way != "/" and address.startswith(way)
        lines.append(f"up to part {way.count('/')} of the address" if up else line)
    return "\n".join(lines)


def _canaries(planted: Planted, caller: Caller, name: str, method: str, address: str, answer: Answer) -> Iterator[Leak]:
    for unit in planted.units.values():
        for canary in sorted(unit.canaries - caller.allowed):
            if canary not in address and answer.holds(canary):
                yield Leak(name, method, address, f"shows {canary} of {unit.code}")
