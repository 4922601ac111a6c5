"""Deciding one subject: yes, no or unknown, with what to ask and what would change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from niangjia.engines.rules.advise import Asked, asks, smallest_change
from niangjia.engines.rules.compile_python import Builder
from niangjia.engines.rules.dates import plus_days, plus_months, whole
from niangjia.engines.rules.decision import Decision
from niangjia.engines.rules.errors import AmountMissing, ReadingInvalid
from niangjia.engines.rules.evidence import (
    AmountUsed,
    ConditionResult,
    ConditionSpec,
    FactUsed,
    RelationUsed,
)
from niangjia.engines.rules.facts import Partial, Reading, Readings, Records, Value
from niangjia.engines.rules.model import Amount, Condition, Entry, Formula, Need, Programme
from niangjia.engines.rules.tree import amounts_of, facts_of, relations_of
from niangjia.engines.rules.trit import Context, Exact, usable
from niangjia.engines.rules.unknowns import reason_of, unknown_facts

# For how many days of reckoning the numbers in force are kept at hand.
DAYS_KEPT = 4096
WANTED: dict[str, type] = {"bool": bool, "date": dt.date, "code": str}


@dataclass(frozen=True)
class _Compiled:
    """A condition ready to run."""

    condition: Condition
    proved: Exact
    stated: Exact
    near: Exact | None
    spec: ConditionSpec
    facts: tuple[str, ...]
    amounts: tuple[str, ...]
    relations: tuple[str, ...]


def compile_python(programme: Programme) -> Decider:
    """Return the decider of a programme; raise `AmountMissing` while a number is open."""
    return Decider(programme)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes out for one subject, without its reasons; `amount_fen` as in a decision."""

    outcome: str
    if_confirmed: bool
    near_miss: bool
    amount_fen: int | None
    as_of: dt.date | None


class Decider:
    """A programme compiled to closures; safe to keep and to share between threads."""

    def __init__(self, programme: Programme) -> None:
        """Compile every condition and formula."""
        if programme.missing_amounts:
            raise AmountMissing(programme.missing_amounts)
        self.programme = programme
        self._builders: dict[Need, Builder] = {}
        self._stated = Builder(None)
        self.conditions = tuple(self._compile(item) for item in programme.conditions)
        self._formulas = tuple((f, self._proved(f)) for f in programme.every_formula)
        self._paid = {item.amount for item in programme.give if item.amount}
        self._lookups: dict[dt.date | None, Mapping[str, Entry | None]] = {}
        self._numbers: dict[dt.date | None, Mapping[str, AmountUsed]] = {}
        known = (programme.catalogue.relation(code) for code in programme.relation_codes)
        self._looked_into = tuple(relation for relation in known if relation is not None)
        self._wanted = {}
        for code in programme.fact_codes:
            fact = programme.catalogue.fact(code)
            if fact is not None:
                self._wanted[code] = (fact, WANTED.get(fact.type, int))

    def builder(self, need: Need) -> Builder:
        """Return the builder whose closures see only readings that meet the need."""
        if need not in self._builders:
            self._builders[need] = Builder(need)
        return self._builders[need]

    def _proved(self, item: Condition | Formula) -> Exact:
        node = item.when if isinstance(item, Condition) else item.value
        return self.builder(item.need).exact(node)

    def _compile(self, item: Condition) -> _Compiled:
        near = None if item.near is None else self.builder(item.need).exact(item.near)
        spec = ConditionSpec(
            item.id,
            item.text,
            item.words,
            item.need.proof,
            item.need.fresh_days,
            item.near_text,
            item.clause,
        )
        return _Compiled(
            item,
            self._proved(item),
            self._stated.exact(item.when),
            near,
            spec,
            facts_of(item.when),
            amounts_of(item.when),
            relations_of(item.when),
        )

    def context(self, readings: Readings, relations: Records, today: dt.date) -> Context:
        """Return the subject as the closures see it, after checking the readings' types."""
        for code, (fact, wanted) in self._wanted.items():
            reading = readings.get(code)
            value = reading.value if reading is not None else None
            if value is None:
                continue
            if type(value) is not wanted:
                raise ReadingInvalid(f"{code}: {fact.type} needed, {value!r} given")
        as_of = self.as_of(readings, today)
        return Context(readings, relations, self._amounts_on(as_of), as_of)

    def as_of(self, readings: Readings, today: dt.date) -> dt.date | None:
        """Return the day of reckoning for a subject, or nothing while its fact is unknown."""
        rule = self.programme.as_of
        day: Value | None = today
        if rule.kind == "date":
            day = rule.day
        elif rule.kind == "amount":
            day = self.programme.amounts[rule.code].entries[0].value
        elif rule.kind == "fact":
            reading = readings.get(rule.code)
            day = reading.value if reading is not None else None
        if not isinstance(day, dt.date):
            return None
        return plus_days(plus_months(day, rule.months), rule.days)

    def _amounts_on(self, as_of: dt.date | None) -> Mapping[str, Entry | None]:
        day = self.programme.lookup_day(as_of)
        found = self._lookups.get(day)
        if found is None:
            found = {code: item.at(day) for code, item in self.programme.amounts.items()}
            if len(self._lookups) < DAYS_KEPT:
                self._lookups[day] = found
        return found

    def answers(self, context: Context) -> tuple[bool | None, ...]:
        """Return the answer of each condition on proved values."""
        return tuple(_truth(item.proved(context)) for item in self.conditions)

    def decide(
        self,
        readings: Readings,
        relations: Records | None = None,
        today: dt.date | None = None,
        *,
        advise: bool = True,
    ) -> Decision:
        """Return the decision for one subject; without advice nothing is asked or suggested.

        A relation that is not given counts as not complete, so that nothing is read from silence.
        """
        if today is None:
            raise ReadingInvalid("today is needed")
        context = self.context(readings, relations or {}, today)
        results = tuple(self._result(item, context) for item in self.conditions)
        answers = tuple(item.answer for item in results)
        outcome = outcome_of(answers)
        confirmed = outcome == "unknown" and all(item.answer_stated for item in results)
        near_miss = is_near_miss(answers, lambda place: results[place].near)
        formulas = {item.name: exact(context) for item, exact in self._formulas}
        asked: tuple[str, ...] = ()
        change = None
        if advise and outcome != "yes":
            case = Asked(self, readings, relations or {}, today, results)
            asked = asks(case) if outcome == "unknown" else ()
            change = smallest_change(case) if outcome == "no" else None
        elif advise:
            asked = self._amount_asks(context)
        return Decision(
            system=self.programme.system,
            name=self.programme.name,
            bundle_hash=self.programme.bundle_hash,
            subject=self.programme.subject,
            today=today,
            as_of=context.as_of,
            as_of_rule=self.programme.as_of,
            outcome=outcome,
            if_confirmed=confirmed,
            near_miss=near_miss,
            conditions=results,
            amount_fen=None if outcome == "no" else self._money(formulas),
            amounts={item.name: formulas[item.name] for item in self.programme.formulas},
            amount_kinds={item.name: item.value.kind for item, _exact in self._formulas},
            give=self.programme.give,
            group=formulas["group"] if self.programme.group else None,
            rank_key=formulas["rank_key"] if self.programme.rank_key else None,
            ask=asked,
            smallest_change=change,
            facts=self._facts(readings),
            relations=self._relations(relations or {}),
            amounts_used=self._used(context),
        )

    def verdict(self, readings: Readings, relations: Records, today: dt.date) -> Verdict:
        """Return what comes out for one subject, without reasons and advice: a few microseconds."""
        context = self.context(readings, relations, today)
        answers = self.answers(context)
        outcome = outcome_of(answers)
        confirmed = outcome == "unknown" and all(item.stated(context) is True for item in self.conditions)

        def near(place: int) -> bool | None:
            found = self.conditions[place].near
            return None if found is None else _truth(found(context))

        amount = None
        if outcome != "no" and self._paid:
            paid = [(item.name, exact) for item, exact in self._formulas if item.name in self._paid]
            amount = self._money({name: exact(context) for name, exact in paid})
        return Verdict(outcome, confirmed, is_near_miss(answers, near), amount, context.as_of)

    def _result(self, item: _Compiled, context: Context) -> ConditionResult:
        answer = _truth(item.proved(context))
        stated = _truth(item.stated(context))
        unknown: tuple[str, ...] = ()
        reason = ""
        if answer is None:
            need = item.condition.need
            as_of_fact = self.programme.as_of.code if self.programme.as_of.kind == "fact" else ""
            unknown = unknown_facts(item.condition.when, self.builder(need), context, as_of_fact)
            reason = reason_of(unknown, item.relations, need, context)
        near = _truth(item.near(context)) if item.near is not None and answer is False else None
        return ConditionResult(
            item.condition.id,
            answer,
            stated,
            reason,
            item.facts,
            item.amounts,
            item.relations,
            unknown,
            near,
            item.spec,
        )

    def _amount_asks(self, context: Context) -> tuple[str, ...]:
        """Return the facts that the amount of a yes still waits for."""
        found: list[str] = []
        for formula, exact in self._formulas:
            if exact(context) is None:
                builder = self.builder(formula.need)
                found.extend(unknown_facts(formula.value, builder, context, ""))
        return tuple(dict.fromkeys(found))

    def _money(self, formulas: Mapping[str, Value | None]) -> int | None:
        names = [item.amount for item in self.programme.give if item.amount]
        values = [formulas[name] for name in names]
        if not values or None in values:
            return None
        return whole(sum(int(value) for value in values if isinstance(value, int)))

    def _facts(self, readings: Readings) -> dict[str, FactUsed]:
        return {code: FactUsed(fact, readings.get(code)) for code, (fact, _w) in self._wanted.items()}

    def _relations(self, records: Records) -> dict[str, RelationUsed]:
        found: dict[str, RelationUsed] = {}
        for relation in self._looked_into:
            rows = records.get(relation.code)
            kept = rows if rows is None or isinstance(rows, Partial) else tuple(rows)
            found[relation.code] = RelationUsed(relation, kept)
        return found

    def _used(self, context: Context) -> Mapping[str, AmountUsed]:
        """Return the numbers of the day; decisions of one day share them."""
        day = self.programme.lookup_day(context.as_of)
        if day not in self._numbers:
            if len(self._numbers) >= DAYS_KEPT:
                self._numbers.clear()
            amounts = ((self.programme.amounts[code], context.amounts[code]) for code in self.programme.amount_codes)
            self._numbers[day] = {amount.code: used_on(amount, entry) for amount, entry in amounts}
        return self._numbers[day]


def used_on(amount: Amount, entry: Entry | None) -> AmountUsed:
    """Return a number as a decision keeps it; it is unknown while the day of reckoning is."""
    if entry is None:
        return AmountUsed(amount.code, amount.kind, None, None, (), amount.over)
    return AmountUsed(amount.code, amount.kind, entry.value, entry.from_, entry.bands, amount.over)


def outcome_of(answers: tuple[bool | None, ...]) -> str:
    """Return the outcome: one no settles it, whatever else is unknown."""
    if False in answers:
        return "no"
    return "unknown" if None in answers else "yes"


def is_near_miss(answers: tuple[bool | None, ...], near: Callable[[int], bool | None]) -> bool:
    """Return whether one condition alone is missed, and by no more than what the rule calls near."""
    if answers.count(False) != 1 or None in answers:
        return False
    return near(answers.index(False)) is True


def is_usable(reading: Reading | None, need: Need, as_of: dt.date | None) -> bool:
    """Return whether a reading meets a need."""
    return usable(reading, need, as_of)


def _truth(value: Value | None) -> bool | None:
    return None if value is None else bool(value)
