"""T24: what is another's and what does not exist are answered alike, in bytes and in time."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from niangjia.federation.middleware import RightsMiddleware
from niangjia.federation.scopes import rights_of
from tests.permissions.answers import Answer, alike
from tests.permissions.asking import HARVESTED, HOME, NOBODY, NOBODYS_ID, Asker, harvest, routes
from tests.permissions.filling import LENGTH, Form, exchange
from tests.permissions.planted import Planted

# Answers are compared on one database; a time is the database's own, so by night each is asked.
pytestmark = pytest.mark.django_db
PAIRS = 500
MOST_APART_SECONDS = 0.005
TURNS, AGAIN = 2, 20
FOREIGN = ("town-b", "far-town")
ASKS_WITH_FORMS = ("town_officer at town-a", "viewer at town-a", "worker of town-a", "county_officer at county")
Exchange = Mapping[str, str]
# Where an answer sends on to one thing.
_MADE = re.compile(f"Location: \\S*/([a-z0-9]{{{LENGTH}}})/\\S*")


@dataclass
class Pair:
    """One question about what is another's, the same about nothing, and how long each took.

    Whose it is stands in the address, or in the fields of a form that is sent to one's own.
    """

    asker: Asker
    method: str
    foreign: str
    nothing: str
    form: Form | None = None
    exchanges: tuple[Exchange, Exchange] = ({}, {})
    seconds: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))

    def ask(self) -> bool:
        """Ask both, one after the other; whether they are answered alike."""
        answers = []
        for address, change, kept in zip((self.foreign, self.nothing), self.exchanges, self.seconds, strict=True):
            sent = self.form.data(change) if self.form else None  # its files are read once, so each time anew
            began = time.perf_counter()
            answers.append(self.asker.ask(self.method, address, sent))
            kept.append(time.perf_counter() - began)
        return alike(*map(self._without_echo, answers), self.foreign, self.nothing)

    def _without_echo(self, answer: Answer) -> Answer:
        """The answer with nothing's id in place of what was sent, and without the id of what was made just now."""
        body, headers = answer.body, answer.headers
        sent = {foreign for own, foreign in self.exchanges[0].items() if len(own) == LENGTH}
        for foreign in sent:
            body = body.replace(foreign.encode(), NOBODYS_ID.encode())
            headers = headers.replace(foreign, NOBODYS_ID)
        if self.form:
            headers = _MADE.sub(lambda found: found[0] if found[1] in self.foreign else "Location: new", headers)
        return replace(answer, body=body, headers=headers)

    @property
    def apart(self) -> float:
        """By how much the one takes longer: each time they were asked one after the other, and in the middle of these.

        A machine that grows slower from one turn to the next slows both; the quickest of each came from two turns.
        """
        return statistics.median(one - other for one, other in zip(*self.seconds, strict=True))

    @property
    def is_far_apart(self) -> bool:
        """Whether somebody could tell by this pair alone, whichever of the two takes longer."""
        return abs(self.apart) > 4 * MOST_APART_SECONDS

    @property
    def told(self) -> str:
        """Which question it is."""
        return f"{self.method} {self.foreign}" + (f" {self.form.data(self.exchanges[0])}" if self.form else "")


def pairs(planted: Planted, most: int) -> list[Pair]:
    """That many pairs, over all routes with ids, read and sent, as those who hold the right and one who does not."""
    askers = {name: Asker(caller) for name, caller in planted.callers.items() if name.endswith("town-a")}
    held = {name: rights_of(planted.callers[name].user) | {"*"} for name in askers}
    found = []
    wanted = [route for route in routes() if route.keys()]
    for turn, (name, method, code) in enumerate(
        (name, method, code) for name in askers for method in ("GET", "POST") for code in FOREIGN
    ):
        for at, route in enumerate(wanted):
            unit = planted.units[code]
            if route.is_foreign(planted.callers[name], unit) and (route.right in held[name] or (at + turn) % 9 == 0):
                found.append(Pair(askers[name], method, route.address_of(unit), route.address_of_nothing()))
    return list(islice(cycle(found[:: max(1, len(found) // most)]), most))


def pairs_of_fields(planted: Planted, foreign: tuple[str, ...] = FOREIGN) -> list[Pair]:
    """Every form of one's own pages with what is another's in a field, and with what does not exist there."""
    own, found = [planted.units[code].ids for code in sorted(HARVESTED)], []
    for name in ASKS_WITH_FORMS:
        caller = planted.callers[name]
        units = [planted.units[code] for code in foreign if code not in caller.below]
        # What is another's stands on a page of the county's already; in place of nothing it may not stand either.
        gone = [*own, *(unit.ids for unit in units)]
        empty = {
            key: NOBODYS_ID if len(value) == LENGTH else NOBODY["row"] for ids in gone for key, value in ids.items()
        }
        nothing, asker, held = exchange(gone, empty), Asker(caller), rights_of(caller.user) | {"*"}
        for route in routes():
            address = route.address_of(planted.units[HOME]) if route.keys() else route.address({})
            for form in planted.forms.get(route.name, []) if route.right in held else []:
                for unit in units:
                    change = exchange(own, unit.ids)
                    if any(form.data(change)[key] != values for key, values in form.values.items()):
                        found.append(Pair(asker, "POST", address, address, form, (change, nothing)))
    return found


def told_apart(asked: list[Pair]) -> list[str]:
    """What tells them apart: an answer that differs, or the time of the median pair."""
    found = []
    for pair in asked:
        found += [] if pair.ask() else [pair.told]
        for kept in pair.seconds:
            kept.clear()  # warmed only: what is read once is read
    found += [pair.told for _turn in range(TURNS) for pair in asked if not pair.ask()]
    apart = statistics.median(pair.apart for pair in asked)
    return [*found, *([f"{apart * 1000:.1f} ms longer"] if abs(apart) >= MOST_APART_SECONDS else [])]


def far_apart(asked: list[Pair]) -> list[str]:
    """The bar is on the median; one route alone that looks up more, or less, is told by its own pairs.

    One that seems so is asked again: what else this machine did does not come back each time.
    """
    for pair in asked:
        for _again in range(AGAIN):
            if pair.is_far_apart:
                pair.ask()
    return [f"{pair.told}: {pair.apart * 1000:.0f} ms" for pair in asked if pair.is_far_apart]


@pytest.mark.one_database
def test_a_sample_of_foreign_things_is_answered_as_if_they_did_not_exist(planted: Planted) -> None:
    assert [pair.told for pair in pairs(planted, 30) if not pair.ask()] == []


@pytest.mark.nightly
def test_nobody_can_tell_what_is_anothers_from_what_does_not_exist(planted: Planted) -> None:
    asked = pairs(planted, PAIRS)
    assert len(asked) == PAIRS
    assert len({pair.foreign for pair in asked}) > PAIRS // 4
    assert told_apart(asked) == []
    assert far_apart(asked) == []


@pytest.mark.nightly
def test_nobody_can_tell_by_what_he_writes_into_a_form(planted: Planted) -> None:
    planted.forms = harvest(planted, ["county_officer at county", "worker of town-a"])
    asked = pairs_of_fields(planted)
    assert len(asked) > 20
    assert told_apart(asked) == []
    assert far_apart(asked) == []


def _known(planted: Planted, foreign: tuple[str, ...] = FOREIGN) -> set[str]:
    return {value for code in foreign for value in planted.units[code].ids.values()}


def _tell(known: set[str], monkeypatch: pytest.MonkeyPatch, status: int, words: str) -> None:
    """Let each view answer so about what is another's; a browser keeps to the middleware it began with."""
    check = RightsMiddleware.process_view

    def telling(this: Any, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        given = {*map(str, kwargs.values()), *(value for values in request.POST.lists() for value in values[1])}
        return HttpResponse(words, status=status) if given & known else check(this, request, view, args, kwargs)

    monkeypatch.setattr(RightsMiddleware, "process_view", telling)


@pytest.mark.one_database
@pytest.mark.parametrize(("status", "words"), [(403, ""), (404, "这不归您管。")])
def test_control_a_view_that_says_it_is_anothers_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch, status: int, words: str
) -> None:
    _tell(_known(planted), monkeypatch, status, words)
    assert [pair.told for pair in pairs(planted, 10) if pair.ask()] == []


@pytest.mark.nightly
@pytest.mark.one_database
def test_control_a_form_that_says_it_is_anothers_is_found(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    planted.forms = harvest(planted, ["county_officer at county", "worker of town-a"])
    far = ("far-town",)  # another's for each of them
    _tell(_known(planted, far), monkeypatch, 404, "这不归您管。")
    asked = pairs_of_fields(planted, far)
    assert len(asked) > 10
    assert [pair.told for pair in asked if pair.ask()] == []


@pytest.mark.nightly
@pytest.mark.one_database
@pytest.mark.parametrize("about", ["foreign", "nothing"])
def test_control_a_view_that_takes_longer_about_the_one_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch, about: str
) -> None:
    """It looks first and asks whose it is afterwards; or it looks for what does not exist everywhere else too."""
    known = _known(planted) if about == "foreign" else {NOBODYS_ID, *NOBODY.values()}
    check = RightsMiddleware.process_view

    def slow(this: Any, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if any(str(value) in known for value in kwargs.values()):
            time.sleep(8 * MOST_APART_SECONDS)
        return check(this, request, view, args, kwargs)

    monkeypatch.setattr(RightsMiddleware, "process_view", slow)
    asked = pairs(planted, 10)
    assert told_apart(asked)[-1].endswith("ms longer")
    assert len(far_apart(asked)) == len(asked)
