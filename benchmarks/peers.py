"""Who we are measured beside: NumPy written by hand, and OpenFisca-core (AGPL, imported here only)."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.many_people import Found, People, Task, Test

# Of each array so many rows at once: what is in work stays in a core's own cache.
CHUNK = 16_384
PERIOD = "2026-08"


def by_numpy(tasks: Sequence[Task], people: People, cores: int, *, conditions: bool) -> list[Found]:
    """The totals by hand: three-valued answers as two arrays, each distinct condition once, in chunks."""
    tests = list(dict.fromkeys(test for task in tasks for test in task.tests))
    amounts = list(dict.fromkeys((task.fact, task.cap) for task in tasks if task.fact))

    def chunk(first: int) -> tuple[np.ndarray, dict[Test, np.ndarray]]:
        part = slice(first, first + CHUNK)
        sure: dict[Test, np.ndarray] = {}
        maybe: dict[Test, np.ndarray] = {}
        for test in tests:
            known = people.known[test.fact][part]
            if test.proved:
                known = known & people.proved[test.fact][part]
            value = people.values[test.fact][part]
            answer = value if test.most is None else value <= test.most
            sure[test], maybe[test] = answer & known, answer | ~known
        money = {key: np.minimum(people.values[key[0]][part], key[1]).astype(np.int64) for key in amounts}
        for key in amounts:
            money[key] *= people.known[key[0]][part]
        rows = np.zeros((len(tasks), 3), np.int64)
        for at, task in enumerate(tasks):
            one, two, three, four = task.tests
            yes = sure[one] & sure[two] & sure[three] & sure[four]
            open_ = maybe[one] & maybe[two] & maybe[three] & maybe[four]
            count = np.count_nonzero(yes)
            fen = count * task.cap if task.fact is None else int(np.dot(money[task.fact, task.cap], yes))
            rows[at] = count, np.count_nonzero(open_) - count, fen
        counts = {}
        if conditions:
            for test in tests:
                count = np.count_nonzero(sure[test])
                counts[test] = np.array([count, np.count_nonzero(maybe[test]) - count])
        return rows, counts

    with ThreadPoolExecutor(cores) as pool:
        found = list(pool.map(chunk, range(0, people.count, CHUNK)))
    total = sum(rows for rows, _counts in found)
    each = {test: sum(counts[test] for _rows, counts in found) for test in tests} if conditions else {}
    return [
        Found(int(fen), int(yes), int(unknown), _pairs(each, task) if conditions else None)
        for task, (yes, unknown, fen) in zip(tasks, total, strict=True)
    ]


def _pairs(each: dict[Test, Any], task: Task) -> tuple[tuple[int, int], ...]:
    return tuple((int(each[test][0]), int(each[test][1])) for test in task.tests)


class OpenFisca:
    """The forty amounts as OpenFisca variables.

    `shared`: each distinct condition is a variable of its own, which is worked out once. Without, each
    formula asks its own four conditions, as country packages are mostly written.

    It has no unknown: a number that is not known is given as too large, a flag as false, and an
    unproved value likewise through a second input, so that the same people get the same amounts.
    """

    def __init__(self, tasks: Sequence[Task], *, shared: bool) -> None:
        """Declare the variables once."""
        self.tasks = tasks
        person = build_entity("person", "persons", "Somebody", is_person=True)
        self.system = TaxBenefitSystem([person])
        names = {test.fact for task in tasks for test in task.tests} | {task.fact for task in tasks if task.fact}
        for name in sorted(names):
            kind, default = (int, 2_000_000_000) if name.startswith("n") else (bool, False)
            self.system.add_variable(_variable(name, kind, person, default))
            self.system.add_variable(_variable(f"proved_{name}", bool, person, False))
        for test in dict.fromkeys(test for task in tasks for test in task.tests if shared):
            self.system.add_variable(_variable(test.name, bool, person, False, _answer(test)))
        for task in tasks:
            self.system.add_variable(_variable(task.name, int, person, 0, _amount(task, shared=shared)))

    def simulation(self, people: People) -> Any:
        """People with their inputs set, nothing computed yet: what is not timed."""
        found = SimulationBuilder().build_default_simulation(self.system, count=people.count)
        for name, values in people.values.items():
            if name in self.system.variables:
                missing = 2_000_000_000 if values.dtype != bool else False
                found.set_input(name, PERIOD, np.where(people.known[name], values, missing))
                found.set_input(f"proved_{name}", PERIOD, people.proved[name])
        return found

    def compute(self, simulation: Any) -> list[Found]:
        """The forty amounts, added up."""
        amounts = [simulation.calculate(task.name, PERIOD) for task in self.tasks]
        return [Found(int(fen.sum(dtype=np.int64))) for fen in amounts]


def _variable(name: str, kind: type, person: Any, default: object, formula: Any = None) -> type[Variable]:
    own = {
        "value_type": kind,
        "entity": person,
        "definition_period": DateUnit.MONTH,
        "default_value": default,
        "label": name,
    }
    return type(name, (Variable,), own if formula is None else {**own, "formula": formula})


def _answer(test: Test) -> Any:
    def formula(person: Any, period: Any) -> Any:
        return _asked(test, person, period)

    return formula


def _asked(test: Test, person: Any, period: Any) -> Any:
    value = person(test.fact, period)
    answer = value if test.most is None else value <= test.most
    return answer * person(f"proved_{test.fact}", period) if test.proved else answer


def _amount(task: Task, *, shared: bool) -> Any:
    def formula(person: Any, period: Any) -> Any:
        answers = (person(test.name, period) if shared else _asked(test, person, period) for test in task.tests)
        one, two, three, four = answers
        yes = one * two * three * four
        if task.fact is None:
            return yes * task.cap
        fen = person(task.fact, period)
        # A number that is not known is no money, as it is for the others.
        return yes * (fen < 2_000_000_000) * np.minimum(fen, task.cap)

    return formula
