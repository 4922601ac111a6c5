"""40 programmes of 4 conditions about 2 million people: ours, OpenFisca-core and NumPy by hand, same data and answers.

The three take turns; of each the best of the rounds counts. A decision is one programme about one person.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from benchmarks.many_people import (
    PROGRAMMES,
    TODAY,
    Found,
    People,
    Task,
    must_agree,
    people as invent,
    programme,
    tasks as all_tasks,
)
from benchmarks.peers import OpenFisca, by_numpy
from niangjia.engines.rules.batch.passes import CHUNK_ROWS, Part, Pass, Wanted
from niangjia.engines.rules.batch.plan import Plan
from niangjia.engines.rules.batch.totals import Totals

PEOPLE, ROUNDS = 2_000_000, 7
CORES = os.cpu_count() or 1
Timed = tuple[float, float]
FISCA = {"OpenFisca-core, each condition once": True, "OpenFisca-core, conditions in each formula": False}


def measure() -> dict[str, str]:
    """Decisions per second of each, how they compare, and the load beside them."""
    tasks, crowd = all_tasks(), invent(PEOPLE)
    load = os.getloadavg()[0]
    found = _race(tasks, crowd)
    figures = {name: _decisions(*timed, PEOPLE) for name, timed in found.items()}
    ours, plain = found["ours, with each condition"], found["ours"]
    by_hand = found["NumPy by hand, with each condition"]
    for name in FISCA:
        figures[f"ours, with each condition, to {name}"] = _ratio(found[name], ours)
        figures[f"ours to {name}"] = _ratio(found[name], plain)
    figures["our time to NumPy's, both with each condition"] = _ratio(ours, by_hand)
    figures["load"] = f"{load:.1f} before, {os.getloadavg()[0]:.1f} after (on {CORES} cores), best of {ROUNDS} rounds"
    return figures


def _decisions(seconds: float, processor: float, count: int) -> str:
    millions = PROGRAMMES * count / 1e6
    return f"{millions / seconds:.0f} M decisions/s ({seconds:.3f} s, {processor:.3f} s of processor)"


def _ratio(one: Timed, two: Timed) -> str:
    return f"{one[0] / two[0]:.2f} by the clock, {one[1] / two[1]:.2f} by processor time"


def _race(tasks: list[Task], crowd: People) -> dict[str, Timed]:
    fisca = {name: OpenFisca(tasks, shared=shared) for name, shared in FISCA.items()}
    plan = Plan({task.name: programme(task) for task in tasks}, TODAY)
    table = crowd.table()
    runs: dict[str, Callable[[Any], list[Found]]] = {
        "ours, with each condition": lambda _ready: _ours(plan, table, conditions=True),
        "ours": lambda _ready: _ours(plan, table, conditions=False),
        "NumPy by hand, with each condition": lambda _ready: by_numpy(tasks, crowd, CORES, conditions=True),
        "NumPy by hand": lambda _ready: by_numpy(tasks, crowd, CORES, conditions=False),
        **{name: system.compute for name, system in fisca.items()},
    }
    first = {name: run(fisca[name].simulation(crowd) if name in fisca else None) for name, run in runs.items()}
    for name, found in first.items():
        must_agree(name, first["ours, with each condition"], found)
    best: dict[str, Timed] = {}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            ready = fisca[name].simulation(crowd) if name in fisca else None
            began, used = time.perf_counter(), time.process_time()
            run(ready)
            clock, processor = time.perf_counter() - began, time.process_time() - used
            old = best.get(name, (clock, processor))
            best[name] = (min(old[0], clock), min(old[1], processor))
    return best


def _ours(plan: Plan, table: Any, *, conditions: bool) -> list[Found]:
    totals = {name: Totals() for name in plan.programmes}

    def add(part: Part) -> None:
        for name, one in part.totals.items():
            totals[name].add(one)

    Pass(plan, wanted=Wanted(conditions=conditions), workers=CORES).run(table.to_batches(CHUNK_ROWS), add)
    return [
        Found(one.fen, one.yes, one.unknown, tuple((yes, open_) for yes, _no, open_ in one.conditions.values()) or None)
        for one in totals.values()
    ]
