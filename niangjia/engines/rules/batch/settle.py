"""Settling a programme on a day: the numbers in force become plain constants."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from niangjia.engines.rules.compile_duckdb import column, literal, plus_days_sql, plus_months_sql
from niangjia.engines.rules.dates import plus_days, plus_months
from niangjia.engines.rules.errors import AmountMissing
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.model import AsOf, Programme


@dataclass(frozen=True)
class Reckoning:
    """How the day of reckoning and the day of the numbers are found for a row `s` of subjects."""

    as_of: str
    lookup_day: str


def settled(programme: Programme, today: dt.date) -> Programme:
    """Return the programme as it stands on a day.

    Where the day of reckoning is the same for everybody, each amount keeps only the entry in force
    on it, so that two programmes that ask the same of the same numbers can share one answer. Where
    it hangs on a fact of each subject, nothing changes. Raises `AmountMissing` while a number is open.
    """
    if programme.missing_amounts:
        raise AmountMissing(programme.missing_amounts)
    rule = programme.as_of
    if rule.kind == "fact":
        return programme
    day: Value | None = today
    if rule.kind == "date":
        day = rule.day
    elif rule.kind == "amount":
        day = programme.amounts[rule.code].entries[0].value
    if not isinstance(day, dt.date):
        return programme
    day = plus_days(plus_months(day, rule.months), rule.days)
    held = programme.lookup_day(day)
    amounts = {}
    for code, amount in programme.amounts.items():
        entry = amount.at(held)
        amounts[code] = amount if entry is None else replace(amount, entries=(entry,))
    return replace(programme, amounts=amounts, as_of=AsOf("date", day))


def reckoning(programme: Programme) -> Reckoning:
    """Return the SQL of the two days of a settled programme."""
    rule = programme.as_of
    if rule.kind == "date" and rule.day is not None:
        as_of = literal(rule.day)
    else:
        as_of = f"s.{column('f', rule.code)}"
        if rule.months:
            as_of = plus_months_sql(as_of, str(rule.months))
        if rule.days:
            as_of = plus_days_sql(as_of, str(rule.days))
    held = f"GREATEST({as_of}, {literal(programme.valid_from)})"
    if programme.valid_to is not None:
        held = f"LEAST({held}, {literal(programme.valid_to)})"
    return Reckoning(f"CAST({as_of} AS DATE)", f"CASE WHEN ({as_of}) IS NULL THEN NULL ELSE {held} END")
