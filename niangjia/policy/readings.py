"""What is known of many subjects at once: each fact is read once, in bulk, for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from niangjia.core.facts import BUREAU, Fact, FactReading, Record
from niangjia.engines import rules
from niangjia.people.queries import complete_units
from niangjia.people.values import from_text
from niangjia.policy.catalogue import fact_of, links_of, record_set, relation_of

# Where a register was complete, this is what it says of whom it does not name.
NOT_LISTED = ("登记在册名单里没有", "Not in the register's list")
# Above this many subjects a reader is asked for all: one full read is cheaper than a long list of ids.
READ_ALL_ABOVE = 2_000


@dataclass
class Knowledge:
    """Readings of some subjects of one kind on one date; add as many programmes' facts as are needed."""

    subject: str
    ids: list[int]
    today: date
    unions: Mapping[int, int] = field(default_factory=dict)
    links: dict[str, Mapping[int, int]] = field(default_factory=dict)
    columns: dict[str, Mapping[int, rules.Reading]] = field(default_factory=dict)
    # By fact, then by union: what it means there that a register says nothing; nothing where it was not complete.
    silent: dict[str, Mapping[int, rules.Reading]] = field(default_factory=dict)
    # By relation: the records of each subject, and the unions whose register of them was complete.
    dated: dict[str, Mapping[int, tuple[rules.Row, ...]]] = field(default_factory=dict)
    complete: dict[str, Mapping[int, date]] = field(default_factory=dict)
    # By link: the union that owns the linked record.
    owners: dict[str, Mapping[int, int]] = field(default_factory=dict)

    def about(self, ids: list[int], programme: rules.Programme) -> Knowledge:
        """What one programme may see of it: these subjects and its own facts, nothing read again."""
        columns = {code: self.columns[code] for code in programme.fact_codes if code in self.columns}
        records = {code: self.dated[code] for code in programme.relation_codes}
        unions = {pk: self.unions[pk] for pk in ids}
        return replace(self, ids=ids, unions=unions, columns=columns, dated=records)

    def readings(self, subject_id: int) -> dict[str, rules.Reading]:
        """What is known of one subject, by the codes that rules use."""
        found: dict[str, rules.Reading] = {}
        for code in self.columns:
            reading = self.reading(code, subject_id)
            if reading is not None:
                found[code] = reading
        return found

    def reading(self, code: str, subject_id: int) -> rules.Reading | None:
        """One reading, read through the link where the fact belongs to another record."""
        owner, _, _name = code.rpartition(".")
        key = self.links[owner].get(subject_id) if owner else subject_id
        known = self.columns[code].get(key) if key is not None else None
        return self._silence(code, owner, subject_id, key) if known is None else known

    def _silence(self, code: str, owner: str, subject_id: int, key: int | None) -> rules.Reading | None:
        """What the silence about one subject means: where the register of its record's union was complete, no."""
        silent = self.silent.get(code)
        if not silent:
            return None
        # Who belongs to no such record is looked for in the register of his own union.
        union_id = self.owners[owner].get(key) if owner and key is not None else None
        return silent.get(self.unions[subject_id] if union_id is None else union_id)

    def column(self, code: str, ids: Sequence[int]) -> list[rules.Reading | None]:
        """One fact of many subjects, in their order."""
        owner, rows = code.rpartition(".")[0], self.columns[code]
        keys = list(map(self.links[owner].get, ids)) if owner else ids
        found = [rows.get(key) for key in keys]  # type: ignore[arg-type]
        if not self.silent.get(code):
            return found
        return [
            self._silence(code, owner, pk, key) if one is None else one
            for pk, key, one in zip(ids, keys, found, strict=True)
        ]

    def records(self, subject_id: int) -> dict[str, Sequence[rules.Row]]:
        """The records of one subject by relation; `Partial` where their register was not complete."""
        found: dict[str, Sequence[rules.Row]] = {}
        for code in self.dated:
            rows = self.dated[code].get(subject_id, ())
            if self.is_complete(code, subject_id):
                found[code] = rows
            elif rows:
                found[code] = rules.Partial(rows)
        return found

    def is_complete(self, code: str, subject_id: int) -> bool:
        """Whether all records of a relation are there of one subject."""
        return self.unions[subject_id] in self.complete[code]

    def household_id(self, subject_id: int) -> int | None:
        """The household a subject stands for in counts of households."""
        if self.subject == "household":
            return subject_id
        return self.links.get("household", {}).get(subject_id)


def gather(
    subject: str, ids: Collection[int], codes: Iterable[str], today: date, relations: Iterable[str] = ()
) -> Knowledge:
    """Read the facts `codes` and the records of `relations` of these subjects, with a fixed number of queries each."""
    found = record_set(subject)
    wanted = set(ids)
    unions = {pk: union_id for pk, union_id in found.unions(ids).items() if pk in wanted}
    known = Knowledge(subject, sorted(unions), today, unions)
    for link in links_of(subject):
        known.links[link] = found.links[link](known.ids)
    add_facts(known, codes)
    _add_records(known, list(relations))
    return known


def gather_for(programmes: Collection[rules.Programme], ids: Collection[int], today: date) -> Knowledge:
    """Read once what these programmes about one kind of subject ask of these subjects."""
    (subject,) = {programme.subject for programme in programmes}
    codes = dict.fromkeys(code for programme in programmes for code in programme.fact_codes)
    dated = dict.fromkeys(code for programme in programmes for code in programme.relation_codes)
    return gather(subject, ids, codes, today, dated)


def _add_records(known: Knowledge, codes: Collection[str]) -> None:
    found = {code: relation_of(known.subject, code) for code in codes}
    units = complete_units({one.register for one in found.values()}, known.today)
    wanted = None if len(known.ids) > READ_ALL_ABOVE else known.ids
    for code, relation in found.items():
        rows = relation.read(wanted, known.today)
        known.dated[code] = {pk: tuple(map(_engine_row, some)) for pk, some in rows.items()}
        known.complete[code] = units[relation.register]


def _engine_row(record: Record) -> rules.Row:
    return {code: _plain(reading) for code, reading in record.items()}


def add_facts(known: Knowledge, codes: Iterable[str]) -> None:
    """Read further facts of the same subjects."""
    wanted = None if len(known.ids) > READ_ALL_ABOVE else known.ids
    asked = {code: fact_of(known.subject, code) for code in codes if code not in known.columns}
    _hear_silence(known, asked)
    for code, fact in asked.items():
        owner = code.rpartition(".")[0]
        ids = wanted
        if owner and wanted is not None:
            ids = sorted({known.links[owner][pk] for pk in wanted if pk in known.links[owner]})
        rows = fact.read(ids, known.today)
        known.columns[code] = {
            pk: _engine_reading(fact, row, known.today) for pk, row in rows.items() if _was_known(row, known.today)
        }


def _was_known(row: FactReading, day: date) -> bool:
    return row.recorded_on is None or row.recorded_on <= day


def _hear_silence(known: Knowledge, asked: Mapping[str, Fact]) -> None:
    """Find out where the registers behind these facts were complete: only there does absence mean anything."""
    meaning = {code: fact for code, fact in asked.items() if fact.absent != "unknown"}
    if not meaning:
        return
    units = complete_units({fact.register for fact in meaning.values()}, known.today)
    for code, fact in meaning.items():
        value = from_text(fact.type, fact.absent)
        days = {on: rules.Reading(value, BUREAU, on, *NOT_LISTED) for on in set(units[fact.register].values())}
        known.silent[code] = {union_id: days[on] for union_id, on in units[fact.register].items()}
        owner = code.rpartition(".")[0]
        if owner and owner not in known.owners and known.silent[code]:
            known.owners[owner] = record_set(owner).unions(list(set(known.links[owner].values())))


def _engine_reading(fact: Fact, row: FactReading, today: date) -> rules.Reading:
    limit = fact.stale_after_days
    if limit is None or row.on is None or row.value is None:
        return _plain(row)
    last_good = row.on + timedelta(days=limit)
    if last_good < today:
        # What was true too long ago is not known any more, whatever a condition asks of it.
        return rules.Reading(
            None, row.proof, row.on, row.source_zh, row.source_en, unknown="stale", records=row.records
        )
    stale_on = last_good + timedelta(days=1)
    return _plain(row, min(stale_on, row.next_change_on or stale_on))


def _plain(row: FactReading, next_change_on: date | None = None) -> rules.Reading:
    return rules.Reading(
        row.value, row.proof, row.on, row.source_zh, row.source_en, row.unknown,
        next_change_on or row.next_change_on, row.records,
    )  # fmt: skip
