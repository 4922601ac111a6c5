"""What the rules may see, as tables without a name or number in them: for work outside the database.

Whoever is in them is called by a pseudonym that is made with a key of this one snapshot, which is
forgotten with it: two snapshots cannot be joined, and nobody can go back from a pseudonym to a
person. The owning union and its town stay as public ids, so that figures by town are possible.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cryptography.hazmat.primitives import hashes, hmac

from niangjia.engines import rules
from niangjia.engines.rules.late import pa, pc
from niangjia.federation.queries import descendants, public_ids, towns_of
from niangjia.policy.catalogue import catalogue_for, record_set
from niangjia.policy.evaluate import batch_of, fields_of, records_table
from niangjia.policy.readings import Knowledge, gather

CHUNK_ROWS = 65_536
OWNER, TOWN, HOUSEHOLD = "union_id", "town", "household_id"


class Pseudonyms:
    """Names for the subjects of one snapshot; the key lives as long as this object."""

    def __init__(self) -> None:
        self._mac = hmac.HMAC(secrets.token_bytes(32), hashes.SM3())

    def of(self, kind: str, pk: int) -> str:
        """The pseudonym of one subject: the same within the snapshot, and nowhere else."""
        mac = self._mac.copy()
        mac.update(f"{kind}:{pk}".encode())
        return mac.finalize()[:16].hex()


@dataclass
class RecordSetTables:
    """One record set: its table in chunks and the records of each of its relations, ordered by pseudonym."""

    subject: str
    known: Knowledge
    names: Mapping[int, str]
    catalogue: rules.Catalogue
    places: Mapping[int, tuple[str, str | None]]
    homes: Mapping[int, str | None] = field(default_factory=dict)

    def chunks(self) -> Iterator[pa.RecordBatch]:
        """The subjects, one row each."""
        schema = fields_of(self.catalogue.facts, self.catalogue.relations)
        ids = self._ordered()
        # An empty record set has a file too: that there is nobody is something else than that nobody looked.
        for start in range(0, max(len(ids), 1), CHUNK_ROWS):
            chunk = ids[start : start + CHUNK_ROWS]
            facts = self.catalogue.facts
            batch = only_codes(batch_of(schema, facts, self.known, chunk), facts)
            yield self._named(batch, chunk)

    def records(self) -> Iterator[tuple[str, pa.Table]]:
        """The records of each relation, by its code."""
        for relation in self.catalogue.relations:
            schema = fields_of(relation.columns)
            table = records_table(relation, schema, self.known, self._ordered(), self.names)
            yield relation.code, only_codes(table, relation.columns)

    def _ordered(self) -> list[int]:
        return sorted(self.names, key=self.names.__getitem__)

    def _named(self, batch: pa.RecordBatch, ids: Sequence[int]) -> pa.RecordBatch:
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        columns["subject_id"] = pa.array([self.names[pk] for pk in ids], pa.string())
        owners = [self.places[self.known.unions[pk]] for pk in ids]
        more = {
            OWNER: [owner for owner, _town in owners],
            TOWN: [town for _owner, town in owners],
            HOUSEHOLD: [self.homes.get(pk) for pk in ids],
        }
        return pa.record_batch(columns | {name: pa.array(some, pa.string()) for name, some in more.items()})


def only_codes(table: pa.Table | pa.RecordBatch, facts: Iterable[rules.Fact]) -> pa.Table | pa.RecordBatch:
    """The table with every code that is not a registered one left out: a code is never free text."""
    for fact in facts:
        name = rules.column_names(fact)[0]
        if fact.type != "code":
            continue
        column = table.column(name)
        registered = pc.is_in(column, value_set=pa.array(sorted(fact.codes), pa.string()))
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, pc.if_else(registered, column, pa.scalar(None, pa.string())))
    return table


def tables_of(subject: str, area_id: int, today: date, names: Pseudonyms) -> RecordSetTables:
    """Everything that rules may ask of one record set in a union's area."""
    catalogue = catalogue_for(subject)
    ids = sorted(record_set(subject).ids(descendants(area_id)))  # type: ignore[arg-type]
    codes = [fact.code for fact in catalogue.facts]
    known = gather(subject, ids, codes, today, [relation.code for relation in catalogue.relations])
    owners = set(known.unions.values())
    towns, shown = towns_of(owners), public_ids(owners)
    places = {pk: (shown[pk], towns[pk].public_id if pk in towns else None) for pk in owners}
    homes = {pk: known.household_id(pk) for pk in known.ids}
    return RecordSetTables(
        subject, known, {pk: names.of(subject, pk) for pk in known.ids}, catalogue, places,
        {pk: names.of("household", home) for pk, home in homes.items() if home is not None},
    )  # fmt: skip
