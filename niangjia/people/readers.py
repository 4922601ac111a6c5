"""How this room's facts are read, in bulk: subject id -> reading, absent when nothing is known.

Every reader takes the ids wanted (None for all) and the date asked for, and makes a fixed number
of queries however many subjects there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from niangjia.core.facts import BUREAU, SEAL, VISIT, Fact, FactReading, facts
from niangjia.people import coverage, zone
from niangjia.people.consents import refused_subjects
from niangjia.people.models import (
    EmploymentSpell,
    HardshipFile,
    HouseholdMember,
    Person,
    RecordedFact,
)
from niangjia.people.recorded import known_facts
from niangjia.people.values import from_text

Readings = dict[int, FactReading]
Wanted = Collection[int] | None
# Above this many ids a full read is cheaper than a list of parameters (SQLite allows 32,766).
ID_LIST_LIMIT = 2_000


def only(ids: Wanted, column: str) -> Q:
    """The condition that a column is among the wanted ids; long lists read everything instead."""
    return Q() if ids is None or len(ids) > ID_LIST_LIMIT else Q(**{f"{column}__in": list(ids)})


def recorded(subject: str, code: str) -> Callable[[Wanted, date], Readings]:
    """A reader of the newest row of one fact on or before a date, of those that had been recorded by then."""

    def read(ids: Wanted, on: date) -> Readings:
        fact: Fact = facts.get(f"{subject}.{code}")
        rows = known_facts(on).filter(only(ids, "subject_id"), subject_kind=subject, code=code, true_on__lte=on)
        return newest(fact, rows)

    return read


def newest(fact: Fact, rows: QuerySet[RecordedFact]) -> Readings:
    """Which of these rows of one fact stands for each subject."""
    found: Readings = {}
    columns = rows.order_by("id").values_list("subject_id", "value", "proof", "true_on", "source_zh", "source_en")
    for subject_id, value, proof, true_on, source_zh, source_en in columns:
        typed = from_text(fact.type, value)
        older = found.get(subject_id)
        # What a person states never hides what was proved before: it waits for confirmation.
        if older is not None and older.proof > proof and proof == 1:
            continue
        reason = "never_asked" if typed is None else ""
        found[subject_id] = FactReading(typed, proof, true_on, source_zh, source_en, unknown=reason)
    return _without_refused(f"{fact.subject}.{fact.code}", found)


def _without_refused(fact_key: str, found: Readings) -> Readings:
    """Where somebody took his consent back, the value is there and nobody may use it: unknown, refused."""
    if found:
        for subject_id in refused_subjects(fact_key) & found.keys():
            found[subject_id] = FactReading(None, unknown="refused")
    return found


def person_column(column: str) -> Callable[[Wanted, date], Readings]:
    """A reader of a column that stands on the person's own row."""

    def read(ids: Wanted, on: date) -> Readings:
        rows = Person.objects.filter(only(ids, "pk")).values_list("pk", column)
        return {
            pk: FactReading(value, BUREAU, None, "公安登记", "Police register")
            for pk, value in rows
            if value not in (None, "")
        }

    return read


def jobs(ids: Wanted, on: date) -> QuerySet[EmploymentSpell]:
    """The jobs that had begun, and were known of, on a date."""
    return EmploymentSpell.objects.filter(only(ids, "person_id"), coverage.known_on(on), started_on__lte=on)


def in_work(ids: Wanted, on: date) -> Readings:
    """Whether a person has a job on a date; no row means no only where the register is complete."""
    found: Readings = {}
    spells = jobs(ids, on).order_by("started_on")
    for person_id, started, ended, source in spells.values_list("person_id", "started_on", "ended_on", "source"):
        working = ended is None or ended >= on
        if person_id in found and found[person_id].value is True and not working:
            continue
        since = started if working or ended is None else ended
        found[person_id] = FactReading(working, BUREAU, since, source, "Employment register")
    covered = covered_people("employment", ids, on)
    for person_id, complete_on in covered.items():
        found.setdefault(person_id, FactReading(False, BUREAU, complete_on, "人社登记", "Employment register"))
    return found


def covered_people(register: str, ids: Wanted, on: date) -> Mapping[int, date]:
    """The people of unions whose register was complete not long before a date, with the day it was."""
    units = coverage.complete_units([register], on)[register]
    if not units:
        return {}
    people = Person.objects.filter(only(ids, "pk")).values_list("pk", "union_id")
    return {pk: units[union_id] for pk, union_id in people if union_id in units}


def is_worker(ids: Wanted, on: date) -> Readings:
    """Whether a person is a worker: has or had a job in the register of employment."""
    found = {
        person_id: FactReading(False, BUREAU, complete_on, "人社登记", "Employment register")
        for person_id, complete_on in covered_people("employment", ids, on).items()
    }
    rows = jobs(ids, on).order_by("started_on")
    for person_id, started, source in rows.values_list("person_id", "started_on", "source"):
        found[person_id] = FactReading(True, BUREAU, started, source, "Employment register")
    return found


def hardship_in_file(ids: Wanted, on: date) -> Readings:
    """Whether a household has an open file of difficulty: the union's own register, so absent is no."""
    found: Readings = {}
    files = HardshipFile.objects.filter(only(ids, "household_id"), entered_on__lte=on).order_by("entered_on")
    for household_id, entered, exited in files.values_list("household_id", "entered_on", "exited_on"):
        is_open = exited is None or exited > on
        found[household_id] = FactReading(
            is_open, VISIT, entered if is_open else exited, "困难职工档案", "Hardship file"
        )
    return found


def has_child_under_18(ids: Wanted, on: date) -> Readings:
    """Whether a child under 18 lives in the household; `next_change_on` is a birthday."""
    children = HouseholdMember.objects.filter(only(ids, "household_id"), relation="child", valid_from__lte=on).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    )
    births: dict[int, list[date | None]] = defaultdict(list)
    for household_id, born in children.values_list("household_id", "person__born_on"):
        births[household_id].append(born)
    found: Readings = {}
    for household_id, dates in births.items():
        adult_days = [birthday(born, 18) for born in dates if born is not None]
        minors = [day for day in adult_days if day > on]
        if minors:
            found[household_id] = FactReading(
                True, BUREAU, None, "户籍登记", "Household register", next_change_on=max(minors)
            )
        elif None not in dates:
            found[household_id] = FactReading(False, BUREAU, None, "户籍登记", "Household register")
    return found


def birthday(born: date, age: int) -> date:
    """The day somebody completes so many years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:  # born on 29 February: the birthday counts on 1 March
        return date(born.year + age, 3, 1)


def zone_spells(ids: Wanted, on: date) -> Mapping[int, list[zone.Spell]]:
    """Each person's spells of work in the zone, in order."""
    rows = jobs(ids, on).filter(employer__in_zone=True).order_by("started_on", "pk")
    spells: dict[int, list[zone.Spell]] = defaultdict(list)
    for pk, person_id, started, ended in rows.values_list("pk", "person_id", "started_on", "ended_on"):
        spells[person_id].append(zone.Spell(str(pk), started, ended))
    return spells


def zone_started_on(ids: Wanted, on: date) -> Readings:
    """The day a person's present chain of work in the zone began."""
    return _from_chains(
        ids, on, lambda chain: FactReading(chain.started_on, 3, chain.started_on, *_ROSTER, records=chain.records)
    )


def zone_unbroken_months(ids: Wanted, on: date) -> Readings:
    """Completed months of the chain, and the day the next one completes; who is on no complete roster has none."""
    found = _from_chains(
        ids,
        on,
        lambda chain: FactReading(
            chain.months,
            3,
            min(on, chain.ended_on or on),
            *_ROSTER,
            records=chain.records,
            next_change_on=chain.next_on,
        ),
    )
    for person_id, complete_on in covered_people("zone_roster", ids, on).items():
        found.setdefault(person_id, FactReading(0, SEAL, complete_on, *_ROSTER))
    return found


_ROSTER = ("园区用工花名册", "Roster of the zone")


def _from_chains(ids: Wanted, on: date, make: Callable[[zone.Chain], FactReading]) -> Readings:
    chains: Iterable[tuple[int, zone.Chain | None]] = (
        (person_id, zone.chain(spells, on)) for person_id, spells in zone_spells(ids, on).items()
    )
    return {person_id: make(found) for person_id, found in chains if found is not None}
