"""The same comparison of two versions, person by person, written without the engine.

A version is drawn as text for the engine and as plain functions for here; nothing of the engine is
used to answer, only Python's own arithmetic and a calendar of months.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Person = dict[str, Any]
Answer = Callable[[Person], bool | None]
Money = Callable[[Person], int | None]
TODAY = dt.date(2022, 3, 31)


@dataclass(frozen=True)
class Version:
    """One version twice: what the engine reads, and what it means."""

    conditions: Mapping[str, str]
    amount: str
    months: int | None
    answers: tuple[Answer, ...]
    money: Money

    def yes(self, person: Person) -> bool:
        return all(answer(person) is True for answer in self.answers)

    def day(self, person: Person) -> dt.date | None:
        if self.months is None:
            return TODAY
        lost: dt.date | None = person["lost_on"]
        if lost is None:
            return None
        month = lost.month - 1 + self.months
        return lost.replace(year=lost.year + month // 12, month=month % 12 + 1)


def draw(rng: random.Random) -> Version:
    """A version of two or three conditions, near the values that people have."""
    age, bill, left = rng.randint(15, 20), rng.choice([4_999, 5_000, 10_000]), rng.choice([0, 1, 4_000])
    pool: list[tuple[str, Answer]] = [
        (f"age >= {age}", lambda one: _known(one["age"], lambda value: value >= age)),
        (f"bill <= {bill}", lambda one: _known(one["bill"], lambda value: value <= bill)),
        ("member", lambda one: one["member"]),
        ("grade in ('a', 'c')", lambda one: _known(one["grade"], lambda value: value in "ac")),
        (f"bill - paid > {left}", lambda one: _both(one, lambda value: value > left)),
        (
            f"age < {age} or member",
            lambda one: _either(_known(one["age"], lambda value: value < age), one["member"]),
        ),
    ]
    chosen = rng.sample(pool, rng.randint(1, 3))
    text, money = _money(rng)
    return Version(
        {f"c{at}": words for at, (words, _answer) in enumerate(chosen)},
        text,
        rng.choice([None, 0, 1, 5]),
        tuple(answer for _words, answer in chosen),
        money,
    )


def _money(rng: random.Random) -> tuple[str, Money]:
    fixed, cap = rng.choice([100, 2_500]), rng.choice([3_000, 7_000])
    return rng.choice(
        [
            (f"{fixed} + bill - bill", lambda one: None if one["bill"] is None else fixed),
            (f"least(bill, {cap})", lambda one: None if one["bill"] is None else min(one["bill"], cap)),
            (
                f"case when member then bill else bill + {fixed} end",
                lambda one: (
                    None if None in (one["member"], one["bill"]) else one["bill"] + (0 if one["member"] else fixed)
                ),
            ),
        ]
    )


def _known(value: Any, test: Callable[[Any], bool]) -> bool | None:
    return None if value is None else test(value)


def _both(one: Person, test: Callable[[int], bool]) -> bool | None:
    return None if None in (one["bill"], one["paid"]) else test(one["bill"] - one["paid"])


def _either(one: bool | None, two: bool | None) -> bool | None:
    if True in (one, two):
        return True
    return None if None in (one, two) else False


def crowd(rng: random.Random, count: int) -> list[Person]:
    """People in households and towns, one fact in ten unknown."""

    def maybe(value: Any) -> Any:
        return None if rng.random() < 0.1 else value

    return [
        {
            "subject_id": f"{at:06d}",
            "household_id": f"h{at // 3}",
            "town": f"town {rng.choice('aaaabbbc') if at % 40 else 'd'}",
            "received_before": rng.random() < 0.3,
            "age": maybe(rng.randint(14, 21)),
            "bill": maybe(rng.choice([0, 1, 4_999, 5_000, 5_001, 10_000, 10_001])),
            "paid": maybe(rng.choice([0, 1, 4_999, 5_000])),
            "member": maybe(rng.random() < 0.7),
            "grade": maybe(rng.choice("abc")),
            "lost_on": maybe(dt.date(2021, rng.randint(1, 12), rng.randint(1, 28))),
        }
        for at in range(count)
    ]


def side(people: list[Person], version: Version, fund_fen: int) -> tuple[int, int, int, dt.date | None]:
    """Yes, households, fen, and the first day at whose end the fund is used up."""
    found = [one for one in people if version.yes(one)]
    paid = [(version.day(one), version.money(one) or 0) for one in found]
    empty = None
    for day in sorted({day for day, fen in paid if day is not None and fen}):
        if sum(fen for on, fen in paid if on is not None and on <= day) >= fund_fen:
            empty = day
            break
    return len(found), len({one["household_id"] for one in found}), sum(fen for _day, fen in paid), empty


def change(people: list[Person], before: Version, after: Version) -> dict[str, int]:
    """Who gains and who loses, counted one by one."""
    counts = dict.fromkeys(("gain", "lose", "more", "less", "first_time"), 0)
    homes: dict[str, set[str]] = {"gain": set(), "lose": set()}
    for one in people:
        was, now = before.yes(one), after.yes(one)
        if now and not was:
            counts["gain"] += 1
            counts["first_time"] += not one["received_before"]
            homes["gain"].add(one["household_id"])
        elif was and not now:
            counts["lose"] += 1
            homes["lose"].add(one["household_id"])
        elif was and now:
            old, new = before.money(one), after.money(one)
            if old is not None and new is not None:
                counts["more"] += new > old
                counts["less"] += new < old
    return {**counts, "households_gain": len(homes["gain"]), "households_lose": len(homes["lose"])}


def towns(people: list[Person], before: Version, after: Version) -> dict[str, tuple[int, int, int, int]]:
    """Each town's people and fen, before and after."""
    found: dict[str, tuple[int, int, int, int]] = {}
    for one in people:
        parts = []
        for version in (before, after):
            yes = version.yes(one)
            parts += [int(yes), (version.money(one) or 0) if yes else 0]
        old = found.get(one["town"], (0, 0, 0, 0))
        found[one["town"]] = tuple(a + b for a, b in zip(old, parts, strict=True))  # type: ignore[assignment]
    return {name: cell for name, cell in found.items() if cell[0] or cell[2]}
