"""What is known of a subject on a day, before any rule is asked: coverage of registers, and recorded time.

Nothing is read from silence. That a register has no record of somebody means something only where the
register was complete for the somebody's unit, and not too long ago; else the fact is unknown, and the
records of a relation are `Partial`. Of two times, `on` says when something was true or proved; what was
recorded later than a day was not known on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from niangjia.engines.rules.facts import BUREAU, Catalogue, Partial, Reading, Readings, Records, Row

# How many days a statement that a register is complete is believed.
BELIEVED_DAYS = 90


@dataclass(frozen=True, slots=True)
class Coverage:
    """One register was complete for one unit, and all under it, on one day."""

    register: str
    unit: str
    complete_on: dt.date


@dataclass(frozen=True)
class Registers:
    """What is said about the registers; `days` is how long it is believed."""

    rows: tuple[Coverage, ...] = ()
    days: int = BELIEVED_DAYS

    def complete_on(self, register: str, units: Collection[str], day: dt.date) -> dt.date | None:
        """Return the last day on which a register was complete for one of the units, or nothing."""
        found = (
            row.complete_on
            for row in self.rows
            if row.register == register and row.unit in units and row.complete_on <= day
        )
        last = max(found, default=None)
        return None if last is None or (day - last).days > self.days else last


def known_by(readings: Readings, day: dt.date) -> dict[str, Reading]:
    """Return the readings that were recorded by a day; one without a day of recording always was."""
    return {
        code: reading for code, reading in readings.items() if reading.recorded_on is None or reading.recorded_on <= day
    }


def rows_known_by(rows: Sequence[Row], day: dt.date) -> Sequence[Row]:
    """Return the records that were recorded by a day; where one came later, the rest is `Partial`."""
    kept = [(row, known_by(row, day)) for row in rows]
    found = tuple(known for row, known in kept if known or not row)
    return Partial(found) if isinstance(rows, Partial) or len(found) < len(rows) else found


def what_is_known(
    catalogue: Catalogue,
    readings: Readings,
    records: Records,
    *,
    units: Collection[str],
    registers: Registers,
    day: dt.date,
) -> tuple[dict[str, Reading], dict[str, Sequence[Row]]]:
    """Return the readings and records of a subject as rules may see them on a day.

    `units` are the subject's unit and those above it. A fact that a complete register is silent about has
    its absent value, proved by the register on the day it was complete.
    """
    found = known_by(readings, day)
    for fact in catalogue.facts:
        if fact.code in found or fact.absent is None or not fact.register:
            continue
        on = registers.complete_on(fact.register, units, day)
        if on is not None:
            found[fact.code] = Reading(fact.absent, BUREAU, on, recorded_on=on)
    rows: dict[str, Sequence[Row]] = {code: rows_known_by(some, day) for code, some in records.items()}
    for relation in catalogue.relations:
        if not relation.register:
            continue
        kept = rows.get(relation.code, ())
        if registers.complete_on(relation.register, units, day) is not None:
            rows[relation.code] = kept
        elif kept:
            rows[relation.code] = Partial(kept)
        else:
            rows.pop(relation.code, None)
    return found, rows


def in_bulk(
    catalogue: Catalogue,
    subjects: Iterable[tuple[str, Readings, Records]],
    *,
    units: Mapping[str, Collection[str]],
    registers: Registers,
    day: dt.date,
) -> Iterable[tuple[str, Readings, Records]]:
    """Yield subjects for `tables_of`, each as it is known on a day; `units` by subject."""
    for name, readings, records in subjects:
        seen = what_is_known(catalogue, readings, records, units=units.get(name, ()), registers=registers, day=day)
        yield name, *seen
