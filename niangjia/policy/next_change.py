"""The next day on which an answer may change by itself, without anybody doing anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from niangjia.engines import rules
from niangjia.engines.rules import dates

# How far ahead ages and months are looked at.
YEARS_AHEAD, MONTHS_AHEAD = 2, 12
Readings = Mapping[str, rules.Reading]
# What every condition answers to these readings on a day.
Ask = Callable[[Readings, date], object]


def next_change_on(
    decider: rules.Decider,
    readings: Readings,
    today: date,
    records: Mapping[str, Sequence[rules.Row]] | None = None,
) -> date | None:
    """The first day after today on which a derived fact changes, a proof goes stale, or an age tips a condition.

    Beyond two years nothing is looked for: the nightly sweep asks everybody anyway.
    """

    def ask(now: Readings, day: date) -> object:
        return decider.answers(decider.context(now, records or {}, day))

    known = [day for day in _stated(decider, readings, today, ask) if day > today]
    programme = decider.programme
    if programme.uses_as_of and programme.as_of.kind == "today":
        rows = [row for some in (records or {}).values() for row in some]
        told = [*readings.values(), *(one for row in rows for one in row.values())]
        tipped = _first_tip(readings, told, today, ask)
        known += [tipped] if tipped is not None else []
    return min(known, default=None)


def _stated(decider: rules.Decider, readings: Readings, today: date, ask: Ask) -> Iterator[date]:
    for code, reading in readings.items():
        if reading.next_change_on is not None and _would_tell(readings, code, today, ask):
            yield reading.next_change_on
    for item in decider.conditions:
        fresh = item.condition.need.fresh_days
        for code in item.facts if fresh is not None else ():
            found = readings.get(code)
            if found is not None and found.on is not None and found.value is not None:
                yield found.on + timedelta(days=fresh + 1)


def _would_tell(readings: Readings, code: str, today: date, ask: Ask) -> bool:
    """Whether the next value of a derived fact would change any answer: a month more, or yes for no.

    A fourth month says nothing to a rule that asks for three.
    """
    reading = readings[code]
    if reading.unknown or reading.value is None or isinstance(reading.value, str | date):
        return True
    after = not reading.value if isinstance(reading.value, bool) else reading.value + 1
    now = ask(readings, today)
    if ask({**readings, code: replace(reading, value=after)}, today) != now:
        return True
    unknown = {name: value for name, value in readings.items() if name != code}
    # A proof that goes stale takes the fact away altogether.
    return _stale_after(reading) and ask(unknown, today) != now


def _stale_after(reading: rules.Reading) -> bool:
    return reading.on is not None and reading.next_change_on is not None and not reading.records


def _first_tip(readings: Readings, known: Iterable[rules.Reading], today: date, ask: Ask) -> date | None:
    now = ask(readings, today)
    for day in sorted(set(_anniversaries(known, today))):
        if ask(readings, day) != now:
            return day
    return None


def _anniversaries(known: Iterable[rules.Reading], today: date) -> Iterator[date]:
    for reading in known:
        start = reading.value
        if not isinstance(start, date) or start > today:
            continue
        passed = dates.months_since(start, today)
        steps = {passed + ahead for ahead in range(1, MONTHS_AHEAD + 1)}
        steps |= {(passed // 12 + ahead) * 12 for ahead in range(1, YEARS_AHEAD + 1)}
        # A 29 February counts on 1 March for years and on the 28th for months: both days are looked at.
        for step in steps:
            day = dates.plus_months(start, step)
            yield day
            yield day + timedelta(days=1)
