"""Rules that nobody wrote: typed expressions of the closed grammar, drawn construct by construct."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from niangjia.engines.rules import RuleErrors
from niangjia.engines.rules.tests import kit

Draw = Callable[[st.SearchStrategy[Any]], Any]
UNITS = ("month", "age", "person", "year", "")
LEAVES: dict[str, tuple[str, ...]] = {
    "bool": ("member", "true", "false"),
    "fen": ("bill", "paid", "limit_fen"),
    "month": ("months", "months_needed"),
    "age": ("age",),
    "person": ("household.size",),
    "year": ("years_needed", "years_since(born_on)"),
    "": ("0", "1", "2", "5"),
    "ppm": ("part", "rate"),
    "date": ("born_on", "lost_on", "first_day", "date '2020-02-29'", "date '2020-01-31'"),
    "code": ("grade", "wanted_grade", "'a'", "'b'"),
}
# A bare number takes the unit of what it stands beside, so it is drawn only beside something.
BARE: dict[str, tuple[str, ...]] = {
    "fen": ("0", "5000", "10000"),
    "month": ("0", "3"),
    "age": ("16", "18"),
    "person": ("1", "3"),
    "year": ("16", "17"),
    "": ("0", "2"),
    "ppm": ("333333", "500000"),
}
COLUMNS: dict[str, tuple[str, ...]] = {
    "bool": ("insured", "(kind = 'full')", "jobs.insured"),
    "fen": ("wage", "jobs.wage"),
    "date": ("began_on",),
}
OPERATORS = ("=", "<>", "<", "<=", ">", ">=")
NUMBERS = ("fen", *UNITS)


@dataclass
class Maker:
    """Draws one expression; `room` is how many more constructs it may hold."""

    draw: Draw
    room: int
    row: bool = False

    def pick(self, *options: Any) -> Any:
        """Draw one of these."""
        return self.draw(st.sampled_from(options))

    def leaf(self, kind: str) -> str:
        """Draw a name or a constant."""
        columns = COLUMNS.get(kind, ()) if self.row else ()
        return str(self.pick(*columns, *LEAVES[kind]))

    def beside(self, kind: str) -> str:
        """Draw what may stand beside an expression of a kind: another one, or a bare number."""
        return str(self.pick(*BARE[kind])) if kind in BARE and self.pick(True, False) else self.make(kind)

    def make(self, kind: str) -> str:
        """Draw an expression of a kind."""
        if self.room <= 0 or self.draw(st.integers(0, 5)) == 0:
            return self.leaf(kind)
        self.room -= 1
        if kind == "bool":
            return self.boolean()
        if kind in NUMBERS:
            return self.number(kind)
        return self.other(kind)

    def boolean(self) -> str:
        makers = [self.joined, self.negated, self.compared, self.inside, self.between, self.flags, self.case_bool]
        return str(self.pick(*makers, *([] if self.row else [self.any_or_all] * 2))())

    def joined(self) -> str:
        parts = [self.make("bool") for _at in range(self.pick(2, 2, 3))]
        return "(" + f" {self.pick('and', 'or')} ".join(parts) + ")"

    def negated(self) -> str:
        return f"(not ({self.make('bool')}))"

    def compared(self) -> str:
        kind = self.pick(*NUMBERS, "fen", "date", "ppm")
        left, right = self.make(kind), self.beside(kind)
        return f"({left} {self.pick(*OPERATORS)} {right})"

    def flags(self) -> str:
        kind = self.pick("bool", "code")
        return f"({self.make(kind)} {self.pick('=', '<>')} {self.make(kind)})"

    def inside(self) -> str:
        item, options = self.pick(
            (self.make("code"), "'a', wanted_grade"),
            (self.make("fen"), "0, limit_fen, 5000"),
            (self.make("date"), "first_day, date '2020-02-28'"),
        )
        return f"({item} {self.pick('in', 'not in')} ({options}))"

    def between(self) -> str:
        kind = self.pick("fen", "month", "date")
        return f"({self.make(kind)} between {self.beside(kind)} and {self.beside(kind)})"

    def case_bool(self) -> str:
        return self.case("bool")

    def case(self, kind: str) -> str:
        branches = [f"when {self.make('bool')} then {self.make(kind)}" for _at in range(self.pick(1, 1, 2))]
        return f"(case {' '.join(branches)} else {self.beside(kind)} end)"

    def any_or_all(self) -> str:
        return f"{self.pick('any', 'all')}(jobs, {self.inner('bool')})"

    def inner(self, kind: str) -> str:
        """Draw an expression over the columns of a record."""
        made = Maker(self.draw, min(self.room, 2), row=True)
        self.room -= 1
        return made.make(kind)

    def number(self, kind: str) -> str:
        makers: list[Callable[[str], str]] = [self.arithmetic, self.scaled, self.extreme, self.case, self.negative]
        if kind == "fen":
            makers += [self.share, self.part, self.band] + ([] if self.row else [self.sum])
        if kind in {"month", "year"}:
            makers += [self.since, self.since]
        if kind == "" and not self.row:
            makers += [self.count, self.count]
        return str(self.pick(*makers)(kind))

    def arithmetic(self, kind: str) -> str:
        return f"({self.make(kind)} {self.pick('+', '-')} {self.beside(kind)})"

    def negative(self, kind: str) -> str:
        return f"(-{self.make(kind)})"

    def scaled(self, kind: str) -> str:
        if kind == "fen":
            factor = self.pick("2", "0", "(-3)", "months_needed", "months", "household.size")
        else:
            factor = self.pick("2", "0", "(-3)")
        parts = [self.make(kind), factor]
        return "(" + " * ".join(parts if self.pick(True, False) else parts[::-1]) + ")"

    def extreme(self, kind: str) -> str:
        parts = [self.make(kind), *(self.beside(kind) for _at in range(self.pick(1, 1, 2)))]
        return f"{self.pick('least', 'greatest')}({', '.join(parts)})"

    def share(self, kind: str) -> str:
        return f"share({self.make('fen')}, {self.beside('ppm')})"

    def part(self, kind: str) -> str:
        place, ratios = self.pick((1, "part, 666667"), (2, "500000, part, part"), (3, "1, 1, 1"), (1, "part"))
        return f"part({self.make('fen')}, {place}, {ratios})"

    def band(self, kind: str) -> str:
        return f"band(steps, {self.make('fen')})"

    def since(self, kind: str) -> str:
        return f"{kind}s_since({self.make('date')})"

    def sum(self, kind: str) -> str:
        test = f", {self.inner('bool')}" if self.pick(True, True, False) else ""
        return f"sum(jobs, {self.inner('fen')}{test})"

    def count(self, kind: str) -> str:
        return f"count(jobs, {self.inner('bool')})" if self.pick(True, True, False) else "count(jobs)"

    def other(self, kind: str) -> str:
        if kind == "date":
            return str(self.pick(self.extreme, self.case, self.later, self.later)(kind))
        if kind == "ppm":
            return str(self.pick(self.extreme, self.case, self.arithmetic)(kind))
        return self.case(kind)

    def later(self, kind: str) -> str:
        return str(
            self.pick(
                f"plus_months({self.make('date')}, {self.pick('months', 'months_needed', '1', '-1')})",
                f"plus_days({self.make('date')}, {self.pick('1', '30', '-29', 'days_since(first_day)')})",
            )
        )


@st.composite
def expressions(draw: Draw, kind: str, room: int = 5) -> str:
    """Draw the text of one expression of a kind: bool, fen, date, code, ppm or a unit."""
    return Maker(draw, room).make(kind)


def conditions() -> st.SearchStrategy[str]:
    """Return yes/no expressions that are short enough to stand inside others."""
    return expressions("bool", 3).filter(lambda text: _loads({"one": f"case when {text} then member else true end"}))


def numbers() -> st.SearchStrategy[str]:
    """Return expressions of money that are short enough to stand inside others."""
    return expressions("fen", 3).filter(lambda text: _loads({"one": f"least(bill, least({text}, paid)) > 0"}))


def _loads(conditions: dict[str, str]) -> bool:
    try:
        kit.programme(conditions)
    except RuleErrors as error:
        if {item.code for item in error.problems} != {"too-long"}:
            raise
        return False
    return True


NEEDS = ("", "proof: seal", "fresh_days: 30", "proof: bureau\n    fresh_days: 29")
HEADS = (kit.HEAD, kit.HEAD, kit.HEAD + "as_of: {fact: lost_on, plus_months: 1}\n")


@st.composite
def programmes(draw: Draw) -> dict[str, str]:
    """Draw a folder: two conditions, an amount of money, a further value, a group and a rank.

    Small ones as often as large: the SQL grows with each construct many times over, and so does the time of a night.
    """
    room = st.integers(1, 5)
    conditions = {name: draw(expressions("bool", draw(room))) for name in ("one", "two")}
    kind = draw(st.sampled_from(sorted(LEAVES)))
    formulas = {"money": draw(expressions("fen", draw(room))), "more": draw(expressions(kind, draw(room)))}
    extra, head = draw(st.sampled_from(NEEDS)), draw(st.sampled_from(HEADS))
    tail = f"group: >-\n  {draw(expressions('bool', 3))}\nrank_key: >-\n  {draw(expressions('month', 3))}\n"
    return kit.bundle(conditions, formulas, head=head, extra=extra, tail=tail)
