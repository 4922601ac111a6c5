"""Asking every route as every caller about every unit, and finding what leaks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, reverse

from niangjia.core import clock
from niangjia.federation.looking import look_codes
from niangjia.federation.models import AuditRow
from niangjia.federation.routes import declared_right, discovered_routes
from niangjia.federation.scopes import rights_of
from tests.permissions.answers import Answer, alike, answer_of
from tests.permissions.filling import Form, by_hand, exchange, forms_on, routes_of
from tests.permissions.planted import BESIDE, COUNTY_OF, NAMES, SECOND, Caller, Planted, Unit
from tests.permissions.watching import Watch, noting_writes

# What a parameter is filled with: a key of `Unit.ids`.
SAMPLES = {
    "file_id": "file", "spell": "spell", "version": "version", "frozen": "frozen", "row": "row",
    "serving": "serving", "hold": "hold", "grant": "grant", "approval": "approval", "task": "task",
    "union": "union", "change": "change", "draw": "draw", "assignment": "assignment", "due": "due",
    "saved_list": "saved", "export": "export", "contact": "contact",
    "pair": "pair", "merge": "merge", "officer": "officer",
    "stay": "stay", "need": "need", "desk_quota_reallot.version": "quota",
    "own_request": "own_request", "desk_erasure.own_request": "erasure", "mandate": "mandate",
    "paper_file.photo": "form", "paper_picture.photo": "form", "deputy_end.grant": "deputy",
    "upload": "upload", "consent_paper.public_id": "person", "person_mandate.public_id": "person",
    "decision": "decision", "subject": "person",
    "household_file.public_id": "household", "member_new.public_id": "household", "place": "place",
    "member_leave.public_id": "household", "head_change.public_id": "household", "step_undo.public_id": "household",
    "household_unite.public_id": "household", "household_correct.public_id": "household",
    "person_correct.public_id": "person", "job_correct.public_id": "person", "person_erasure.public_id": "person",
    "membership_new.public_id": "person", "membership_correct.public_id": "person",
    "membership_correct.spell": "membership", "employer_correct.public_id": "employer",
    "person_join.public_id": "person",
    "hardship_open.public_id": "household", "hardship_close.public_id": "household",
    "household_print.public_id": "household", "paper_new.public_id": "household", "visit_new.public_id": "household",
    "visit_form.public_id": "household", "grade_decide.public_id": "household",
    "call_id": "call", "visit_id": "visit", "visit_take_back.visit_id": "wrong_visit",
    "photo_id": "photo", "paper_id": "paper", "campaign_id": "campaign",
    "sample_id": "sample", "stratum": "stratum", "row_id": "sample_row",
    "person_file.public_id": "person", "person_reveal.public_id": "person", "person_move.public_id": "person",
    "person_consents.public_id": "person", "person_copy.public_id": "person",
    "job_new.public_id": "person", "job_end.public_id": "person", "employer_file.public_id": "employer",
    "agent_new.public_id": "employer", "agent_take.public_id": "employer",
    "agent_take.grant": "employer_grant",
    "provider_file.public_id": "provider", "contract_new.public_id": "provider", "contract": "contract",
    "provider_agent_new.public_id": "provider", "provider_agent_take.public_id": "provider",
    "provider_agent_take.grant": "provider_grant",
    "roster_file.public_id": "roster", "roster_columns.public_id": "roster", "roster_approve.public_id": "roster",
    "roster_drop.public_id": "roster", "roster_undo.public_id": "roster", "roster_refused.public_id": "roster",
    "verify_statement.public_id": "statement", "fact_list.public_id": "household",
    "check_confirm.public_id": "leaves", "check_rows.public_id": "check",
    "check_file.public_id": "check", "check_send.public_id": "check", "check_take.public_id": "check",
    "check_answers.public_id": "check", "check_choose.public_id": "check", "check_settle.public_id": "check",
    "check_close.public_id": "check", "check_reopen.public_id": "check",
    "check_drop.public_id": "check", "check_rest.public_id": "check", "check_of_roster.public_id": "answers",
    "employer_size.public_id": "employer",
    "employer_registration.public_id": "employer", "employer_pair.public_id": "employer", "other": "employer",
    "upper_copy.public_id": "household", "upper_mark.public_id": "household",
    "upper_unmark.public_id": "household",
    "authority_new.public_id": "household", "authority_form.public_id": "household",
    "authority_paper.public_id": "authority", "authority_withdraw.public_id": "authority",
    "fact_new.public_id": "household", "employer_benefit.subject": "employer", "employer_benefit.version": "quota",
    "desk_quotas.version": "quota", "desk_quota_return.version": "quota", "desk_quota_undo.version": "quota",
}  # fmt: skip
# Parameters that name no row of anybody's.
FIXED = {
    "kind": "household",
    "code": "income_per_head",
    "roster_kind": "members",
    "number": "1",
    "folder": "yantai-consolation",
    "fact": "person.admission_letter",
    "list_code": "people.persons",
    "purpose": "illness",
}  # fmt: skip
NOBODY = {"spell": "999999999", "place": "999999999", "row": "999999999", "grant": "999999999", "stratum": "999999999"}
SIBLING_AND_FAR = ("town-b", "far-town")
# What callers at a city or province are asked about: something of theirs, of another city, of another federation.
UNDER_CITY_AND_OUTER = ("far-town", "outer-town", SECOND)
# What is below the county as `town-a` is: its own officers would be asked the same three times.
AS_TOWN_A = {"grid-a", "town-b"}
# And callers of the other federation: something of theirs, and of this one, of which everything is as foreign to them.
SECOND_AND_FIRST = (SECOND, "town-b")
NOT_ALLOWED = 405
NOBODYS_ID = "zzzzzzzzzzzzzz"
# Of a programme and its list everybody in its county knows; a person's row is its unit's.
COUNTY_WIDE = {"version", "frozen", "draw", "quota"}
# Forms are read on the pages about this unit; what stands in them is a thing of one of these.
HOME = "town-a"
HARVESTED = {"town-a", "grid-a", "county"}
MOST_FORMS = 3
# What is asked behind the question mark, with a unit's name in it.
ASKED = {"desk_search": "?q={name}", "check_new": "?bureau=民政局&subject=household"}
# The same form on each page, about nobody's things.
SAME_EVERYWHERE = {"preference", "logout", "design", "contact_progress"}
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
        keys = set(self.keys().values())
        if keys <= COUNTY_WIDE:
            known = {COUNTY_OF.get(code, "county") for code in caller.below & NAMES.keys()}
            return COUNTY_OF.get(unit.code, "county") not in known
        # An employer's agent has his firm, and nothing else of its union.
        own = {unit.ids[key] for key in keys - COUNTY_WIDE} <= caller.allowed
        return unit.code not in caller.below and not own


def routes() -> list[Route]:
    """Every address of the site, found from the URL configuration."""
    return [_route(path, pattern) for path, pattern in discovered_routes()]


def _route(path: str, pattern: URLPattern) -> Route:
    right = declared_right(pattern.callback)
    return Route(pattern.name or path, path, "" if right is None else right, tuple(_PARAMETER.findall(path)))


class Asker:
    """A browser of one caller; what it changes is taken back after each question."""

    def __init__(self, caller: Caller, below: frozenset[int] = frozenset()) -> None:
        self._client = Client()
        if caller.user is not None:
            self._client.force_login(caller.user)
            # Not taken back: the numbers in his menu are counted once, and not for each of his questions anew.
            self._client.get(reverse("landing"), follow=True)
            session = self._client.session
            session["step_up_at"] = clock.now().timestamp()  # he has said again who he is
            session.save()
        self._cookies = {name: morsel.value for name, morsel in self._client.cookies.items()}
        self._watch = Watch(below)
        self._last_row: int | None = None  # of the trail: what a question adds is taken back with it

    def ask(self, method: str, address: str, sent: Mapping[str, Any] | None = None, accept: str = "*/*") -> Answer:
        """One question."""
        # Logging out is one of the questions: each begins with the cookies of the first.
        self._client.cookies.clear()
        self._client.cookies.load(self._cookies)
        written: set[str] = set()
        if self._last_row is None:
            self._last_row = AuditRow.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with transaction.atomic(), noting_writes(written):
            how = {"headers": {"accept": accept}}
            response = self._client.get(address, **how) if method == "GET" else self._client.post(address, sent or {})
            answer = answer_of(response)
            # Many rows at once PostgreSQL takes past every listener.
            is_told = AuditRow._meta.db_table in written or connection.vendor == "postgresql"
            if is_told and not connection.needs_rollback:
                answer = replace(answer, looks=_looks_since(self._last_row))
            digests = self._watch.digests(written) if method == "POST" and not connection.needs_rollback else {}
            transaction.set_rollback(True)
        return replace(answer, harmed=tuple(self._watch.harmed(digests)))


def _looks_since(last: int) -> frozenset[tuple[str, int]]:
    rows = AuditRow.objects.filter(pk__gt=last, action__in=look_codes())
    return frozenset(rows.values_list("object_kind", "object_id"))


@dataclass(frozen=True)
class Leak:
    """One thing somebody learnt that he must not."""

    caller: str
    method: str
    address: str
    what: str


def find_leaks(planted: Planted, wanted: list[Route], names: list[str], *, every_unit: bool = True) -> Iterator[Leak]:
    """Ask everything as these callers; yields every leak.

    Who does not hold a route's right is refused before anybody looks whose it is: he asks about a sibling and about a
    far unit by turns. Without `every_unit` it is a sample: who holds it asks about those two, and every second of the
    others asks about the far one.
    """
    for turn, name in enumerate(names):
        asking = Asking(planted, name)
        for at, route in enumerate(wanted):
            if not (every_unit or asking.holds(route) or (at + turn) % 2):
                continue
            codes = _asked_about(asking, route, at + turn, every_unit=every_unit)
            yield from asking.about(route, [planted.units[code] for code in codes], at + turn)


def _asked_about(asking: Asking, route: Route, turn: int, *, every_unit: bool) -> tuple[str, ...]:
    below, codes = asking.caller.below, SIBLING_AND_FAR
    if "city" in below:
        codes = UNDER_CITY_AND_OUTER
    elif SECOND in below:
        codes = SECOND_AND_FIRST
    if not asking.holds(route):
        return (codes[turn % len(codes)],)
    if codes != SIBLING_AND_FAR:
        return codes
    if every_unit:
        left_out = {BESIDE} | (AS_TOWN_A if "county" in below else set())
        codes = tuple(code for code in asking.planted.units if code not in left_out)
    # Of officers it is no other's than what they are asked about already.
    return codes if BESIDE in below else (*codes, BESIDE)


class Asking:
    """One caller's questions about everything."""

    def __init__(self, planted: Planted, name: str) -> None:
        self.planted, self.name, self.caller = planted, name, planted.callers[name]
        below = frozenset(planted.world.union(code).pk for code in self.caller.below)
        self.asker = Asker(self.caller, below)
        self._held = rights_of(self.caller.user)
        own = [unit.ids for code, unit in planted.units.items() if code in HARVESTED]
        self._exchanges = {code: exchange(own, unit.ids) for code, unit in planted.units.items()}
        self._foreign = [
            (unit.code, canary, canary.encode())
            for unit in planted.units.values() for canary in sorted(unit.canaries - self.caller.allowed)
        ]  # fmt: skip
        # Most answers are the same page of nothing found: what stands in one is looked for once.
        self._found: dict[tuple[bytes, str], list[tuple[str, str]]] = {}

    def holds(self, route: Route) -> bool:
        """Whether he has the right the route declares."""
        return route.right in self._held or route.right == "*"

    def about(self, route: Route, units: list[Unit], turn: int = 0) -> Iterator[Leak]:
        """One route, read and written, about each unit."""
        yield from self._read(route, units, turn)
        yield from self._write(route, units, turn)

    def _is_held_to_nothing(self, route: Route, turn: int) -> bool:
        """Whether what does not exist is asked for beside: one answer is for all who are refused at the door."""
        return self.holds(route) or turn % 4 == 0

    def _read(self, route: Route, units: list[Unit], turn: int) -> Iterator[Leak]:
        if not route.keys():
            behind = ASKED.get(route.name, "")
            for address in {route.address({}) + behind.format(name=NAMES[unit.code]) for unit in units}:
                yield from self._checked(route, "GET", address, None)
            return
        nowhere, nothing = route.address_of_nothing(), None
        if self._is_held_to_nothing(route, turn):
            nothing = self.asker.ask("GET", nowhere)
            yield from self._judged(route, "GET", nowhere, nothing)
        for unit in units:
            address = route.address_of(unit)
            answer = self.asker.ask("GET", address)
            yield from self._judged(route, "GET", address, answer)
            if nothing and route.is_foreign(self.caller, unit):
                yield from self._compared("GET", address, answer, nowhere, nothing)

    def _write(self, route: Route, units: list[Unit], turn: int) -> Iterator[Leak]:
        """Each form of the route, filled in with another unit's things: at its address, and at one's own.

        At one's own it goes through to what stands in its fields, and takes ten times as long: two units by turns.
        """
        own = self.planted.units.get(next(iter(sorted(self.caller.below & HARVESTED)), "")) if route.keys() else None
        units = [unit for unit in units if route.is_foreign(self.caller, unit)] or units[:1]
        forms = self.planted.forms.get(route.name, [None])
        for at, form in enumerate(forms if self.holds(route) else forms[:1], turn):
            smuggled = [units[place] for place in sorted({at % len(units), (at + 1) % len(units)})]
            nowhere, nothing = route.address_of_nothing(), None
            if route.keys() and self._is_held_to_nothing(route, turn):
                nothing = self.asker.ask("POST", nowhere, _sent(form, route, units[0], self._exchanges))
                yield from self._judged(route, "POST", nowhere, nothing)
                if nothing.status == NOT_ALLOWED:
                    return  # nothing is posted here, whatever it is about
            for unit in units:
                sent = _sent(form, route, unit, self._exchanges)
                if route.keys():
                    address = route.address_of(unit)
                    answer = self.asker.ask("POST", address, sent)
                    yield from self._judged(route, "POST", address, answer, str(sent))
                    if nothing and route.is_foreign(self.caller, unit):
                        yield from self._compared("POST", address, answer, nowhere, nothing)
            for unit in smuggled:
                if not route.keys() or (own and self.holds(route) and form and unit.code not in self.caller.below):
                    address = route.address_of(own) if own else route.address({})
                    yield from self._checked(route, "POST", address, _sent(form, route, unit, self._exchanges))

    def _checked(self, route: Route, method: str, address: str, sent: Mapping[str, Any] | None) -> Iterator[Leak]:
        yield from self._judged(route, method, address, self.asker.ask(method, address, sent), str(sent))

    def _compared(self, method: str, address: str, answer: Answer, nowhere: str, nothing: Answer) -> Iterator[Leak]:
        if not alike(answer, nothing, address, nowhere):
            what = f"{answer.status} instead of {nothing.status} as for what does not exist"
            yield Leak(self.name, method, address, what)

    def _judged(self, route: Route, method: str, address: str, answer: Answer, sent: str = "") -> Iterator[Leak]:
        """What no answer may do, whatever was asked."""
        if answer.harmed:
            yield Leak(self.name, method, address, f"changes rows of others: {', '.join(answer.harmed)}")
        if route.right not in ("", "*") and not self.holds(route) and answer.status not in _shut(self.caller):
            yield Leak(self.name, method, address, f"{answer.status} without the right {route.right}")
        for code, canary in self._shown(answer):
            if canary not in address and canary not in sent:
                yield Leak(self.name, method, address, f"shows {canary} of {code}")

    def _shown(self, answer: Answer) -> list[tuple[str, str]]:
        """The canaries of others that stand in an answer, each with its unit."""
        key = (hashlib.sha256(answer.body).digest(), answer.headers)
        if key not in self._found:
            self._found[key] = [
                (code, canary)
                for code, canary, encoded in self._foreign
                if encoded in answer.body or canary in answer.headers
            ]
        return self._found[key]


def _shut(caller: Caller) -> set[int]:
    return {302} if caller.user is None else {404}


def _sent(form: Form | None, route: Route, unit: Unit, exchanges: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What is posted to a route about one unit's things; files are read once, so each time anew."""
    return form.data(exchanges[unit.code]) if form else by_hand(route.name, unit.ids)


def harvest(planted: Planted, names: Iterable[str]) -> dict[str, list[Form]]:
    """The forms of all pages about one's own things that these callers are shown, by the route they lead to."""
    found: dict[str, dict[tuple[str, ...], Form]] = {}
    for name in names:
        asker = Asker(planted.callers[name])
        for route in routes():
            if route.name in SAME_EVERYWHERE:
                continue
            address = route.address_of(planted.units[HOME]) if route.keys() else route.address({})
            answer = asker.ask("GET", address)
            if answer.status == 200 and b"<form" in answer.body:
                for leads_to, forms in routes_of(forms_on(address, answer.body.decode(errors="replace"))).items():
                    for form in forms:
                        found.setdefault(leads_to, {}).setdefault(tuple(sorted(form.values)), form)
    return {name: list(forms.values())[:MOST_FORMS] for name, forms in found.items() if name not in SAME_EVERYWHERE}
