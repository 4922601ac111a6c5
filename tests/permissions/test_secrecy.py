"""T24: what is another's and what does not exist are answered alike, in bytes and in time."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from niangjia.federation.middleware import RightsMiddleware
from niangjia.federation.scopes import rights_of
from tests.permissions.asking import Asker, alike, routes
from tests.permissions.planted import Planted

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PAIRS = 500
MOST_APART_SECONDS = 0.005
TURNS = 3
FOREIGN = ("town-b", "far-town")


@dataclass
class Pair:
    """One question about what is another's, the same about nothing, and how long each took."""

    asker: Asker
    method: str
    foreign: str
    nothing: str
    seconds: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))

    def ask(self) -> bool:
        """Ask both, one after the other; whether they are answered alike."""
        answers = []
        for address, kept in ((self.foreign, self.seconds[0]), (self.nothing, self.seconds[1])):
            began = time.perf_counter()
            answers.append(self.asker.ask(self.method, address))
            kept.append(time.perf_counter() - began)
        return alike(answers[0], answers[1], self.foreign, self.nothing)

    @property
    def apart(self) -> float:
        """By how much the one takes longer: the quickest of each, which nothing else on the machine delayed."""
        return min(self.seconds[0]) - min(self.seconds[1])


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


def told_apart(asked: list[Pair]) -> list[str]:
    """What tells them apart: an answer that differs, or the time of the median pair."""
    for pair in asked:
        pair.ask()  # warmed: what is read once is read
        for kept in pair.seconds:
            kept.clear()
    found = [f"{pair.method} {pair.foreign}" for _turn in range(TURNS) for pair in asked if not pair.ask()]
    apart = statistics.median(pair.apart for pair in asked)
    return [*found, *([f"{apart * 1000:.1f} ms longer"] if abs(apart) >= MOST_APART_SECONDS else [])]


def test_a_sample_of_foreign_things_is_answered_as_if_they_did_not_exist(planted: Planted) -> None:
    assert [pair.foreign for pair in pairs(planted, 30) if not pair.ask()] == []


@pytest.mark.nightly
def test_nobody_can_tell_what_is_anothers_from_what_does_not_exist(planted: Planted) -> None:
    asked = pairs(planted, PAIRS)
    assert len(asked) == PAIRS
    assert len({pair.foreign for pair in asked}) > PAIRS // 4
    assert told_apart(asked) == []
    # The bar is on the median; one route alone that looks up more is told by its own pairs.
    slow = [
        f"{pair.method} {pair.foreign}: {pair.apart * 1000:.0f} ms"
        for pair in asked
        if pair.apart > 4 * MOST_APART_SECONDS
    ]
    assert slow == []


@pytest.mark.nightly
def test_control_a_view_that_looks_first_and_asks_whose_it_is_afterwards_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {value for code in FOREIGN for value in planted.units[code].ids.values()}
    check = RightsMiddleware.process_view

    def slow(this: Any, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if any(str(value) in known for value in kwargs.values()):
            time.sleep(2 * MOST_APART_SECONDS)
        return check(this, request, view, args, kwargs)

    monkeypatch.setattr(RightsMiddleware, "process_view", slow)
    assert told_apart(pairs(planted, 60))[-1].endswith("ms longer")
