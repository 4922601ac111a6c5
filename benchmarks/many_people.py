"""Forty programmes of four conditions and people to ask, the same for all who are measured."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from niangjia.engines import rules

PROGRAMMES, CONDITIONS = 40, 4
NUMBERS, FLAGS = 12, 6
TODAY = dt.date(2026, 8, 3)
UNKNOWN_SHARE, TOP, PROOF = 0.06, 300_000, 2


@dataclass(frozen=True)
class Test:
    """One condition: a number of at most so much, or a flag; `proved` asks for a document."""

    fact: str
    most: int | None
    proved: bool

    @property
    def name(self) -> str:
        """A name for it, the same wherever it is asked."""
        return f"{self.fact}{'_is' if self.most is None else f'_most_{self.most}'}{'_proved' if self.proved else ''}"


@dataclass(frozen=True)
class Task:
    """One programme: its conditions, and money that is fixed, or a number but no more than the cap."""

    name: str
    tests: tuple[Test, ...]
    fact: str | None
    cap: int


def tasks(seed: int = 1) -> list[Task]:
    """Half of the forty give a fixed sum, half a number with a cap; some conditions are shared."""
    rng = random.Random(seed)
    pool = [Test(f"n{rng.randrange(NUMBERS)}", rng.randrange(50, 300) * 1_000, at % 8 == 0) for at in range(34)]
    pool += [Test(f"b{at}", None, at == 0) for at in range(FLAGS)]
    found = []
    for at in range(PROGRAMMES):
        fact = f"n{rng.randrange(NUMBERS)}" if at % 2 else None
        found.append(Task(f"p{at:02d}", tuple(rng.sample(pool, CONDITIONS)), fact, rng.randrange(1_000, 200_000)))
    return found


def facts() -> list[rules.Fact]:
    """The facts that are asked about."""
    numbers = [rules.Fact(f"n{at}", "fen", "数", "number") for at in range(NUMBERS)]
    return numbers + [rules.Fact(f"b{at}", "bool", "是", "flag") for at in range(FLAGS)]


HEAD = """format: 1
system: S00
name: {zh: 测速, en: Measured}
source: {paper: none}
owner_level: county
subject: person
payee: person
per: [person]
valid: {from: 2020-01-01}
ask: automatic
decide: rule
give: {kind: cash, amount: grant}
fund: {line: none}
"""


def programme(task: Task) -> rules.Programme:
    """The task as a folder that is read and checked like any other."""
    lines, amounts = ["conditions:"], [_amount("cap", task.cap)]
    for at, test in enumerate(task.tests):
        when = test.fact if test.most is None else f"{test.fact} <= most_{at}"
        lines += [f"  - id: c{at}", f"    when: {when}", "    zh: 条件", "    en: condition"]
        lines += ["    proof: document"] if test.proved else []
        amounts += [] if test.most is None else [_amount(f"most_{at}", test.most)]
    lines += ["amounts:", f"  grant: {'cap' if task.fact is None else f'least({task.fact}, cap)'}"]
    bundle = {
        "programme.yaml": HEAD,
        "rules.yaml": "\n".join(lines) + "\n",
        "amounts.yaml": "".join(amounts),
        "notice.zh.md": "测速\n",
        "notice.en.md": "measured\n",
    }
    return rules.load(bundle, rules.Catalogue(tuple(facts())), check_examples=False)


def _amount(code: str, value: int) -> str:
    return f"{code}: [{{from: 2020-01-01, value: {value}, unit: fen, stated: true}}]\n"


@dataclass(frozen=True)
class People:
    """The people as NumPy has them: values, where they are known, and whether a document proves them."""

    count: int
    values: dict[str, np.ndarray]
    known: dict[str, np.ndarray]
    proved: dict[str, np.ndarray]

    def table(self) -> pa.Table:
        """The same people as a table of facts in memory, numbers in 32 bits as the others have them."""
        columns = {"subject_id": pa.array(np.arange(self.count)).cast(pa.string())}
        for name, values in self.values.items():
            columns[f"f_{name}"] = pa.array(values, mask=~self.known[name])
            columns[f"p_{name}"] = pa.array(np.where(self.proved[name], 5, 1).astype(np.int8))
        return pa.table(columns)


def people(count: int, seed: int = 2) -> People:
    """Numbers spread evenly, flags true for three in five, one in sixteen unknown, one in five unproved."""
    rng = np.random.default_rng(seed)
    values: dict[str, np.ndarray] = {f"n{at}": rng.integers(0, TOP, count, np.int32) for at in range(NUMBERS)}
    values |= {f"b{at}": rng.random(count) < 0.6 for at in range(FLAGS)}
    known = {name: rng.random(count) >= UNKNOWN_SHARE for name in values}
    proved = {name: rng.random(count) < 0.8 for name in values}
    return People(count, values, known, proved)


@dataclass(frozen=True)
class Found:
    """What one of the measured says of one programme; what it cannot say is nothing."""

    fen: int
    yes: int | None = None
    unknown: int | None = None
    conditions: tuple[tuple[int, int], ...] | None = None


def must_agree(name: str, one: Sequence[Found], two: Sequence[Found]) -> None:
    """Raise unless both say the same wherever both say something: no time counts before that."""
    for at, (mine, theirs) in enumerate(zip(one, two, strict=True)):
        parts = [part for part in ("fen", "yes", "unknown", "conditions") if getattr(theirs, part) is not None]
        if any(getattr(mine, part) != getattr(theirs, part) for part in parts):
            raise RuntimeError(f"{name} says {theirs} of programme {at}, not {mine}.")
