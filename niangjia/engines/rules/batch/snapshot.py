"""A folder of facts: one table per kind of subject, read in chunks, as Parquet or CSV.

`person.parquet` (or `person.csv`, or a folder `person/` of Parquet parts) has one row per person with
`subject_id` and, for a fact `born_on`, the columns `f_born_on` (value), `p_born_on` (proof, 1 to 5),
`o_born_on` (seen on), and for numbers `l_` and `h_` (bounds). A column that is simply called
`born_on` is its value. `person.jobs.parquet` has the records of the relation `jobs`; a column
`k_jobs` of `person` says whose are all there. What is not there is unknown. Records are found
fastest where both tables are ordered by `subject_id`. Where a key is given, every file is sealed with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.csv as pacsv  # type: ignore[import-untyped]

from niangjia.engines.rules.batch.bitmaps import is_narrower
from niangjia.engines.rules.batch.passes import CHUNK_ROWS, Records
from niangjia.engines.rules.batch.sealed import SnapshotKey
from niangjia.engines.rules.late import ds, pa, pc, pq

CSV_BLOCK = 16 * 2**20
YES_WORDS, NO_WORDS = ["true", "True", "TRUE", "1", "yes", "是"], ["false", "False", "FALSE", "0", "no", "否"]


class SnapshotUnusable(Exception):
    """A table of facts that cannot be read, with the reason as a sentence in English."""


@dataclass(frozen=True)
class Snapshot:
    """Facts in a folder; where a value has no proof of its own, `proof` and `seen_on` stand for it."""

    folder: Path
    proof: int = 0
    seen_on: dt.date | None = None
    key: SnapshotKey | None = None

    def has(self, subject: str) -> bool:
        """Return whether there is a table of such subjects."""
        return bool(self._files(subject))

    def rows(self, subject: str) -> int | None:
        """Return how many subjects there are; not known for CSV before it was read."""
        files = self._files(subject)
        if any(file.suffix == ".csv" for file in files):
            return None
        return sum(int(self._parquet(file).metadata.num_rows) for file in files)

    def columns(self, subject: str) -> list[str]:
        """Return the names of the columns there are."""
        files = self._files(subject)
        if not files:
            return []
        if files[0].suffix == ".csv":
            with _open_csv(files[0], pa.schema([])) as reader:
                return list(reader.schema.names)
        return list(self._parquet(files[0]).schema_arrow.names)

    def chunks(
        self, subject: str, schema: pa.Schema, extras: Iterable[str] = (), size: int = CHUNK_ROWS
    ) -> Iterator[pa.RecordBatch]:
        """Yield the subjects in chunks, with the columns of `schema` that are there and the extras."""
        for file in self._files(subject):
            for batch in self._batches(file, schema, tuple(extras), size):
                yield self._proved(batch, schema)

    def records(self, subject: str, relation: str, schema: pa.Schema) -> Records | None:
        """Return the reader of one relation's records; nothing where there is no such table."""
        return self._reader(f"{subject}.{relation}", schema)

    def about(self, subject: str, schema: pa.Schema, subject_id: str) -> pa.Table:
        """Return the rows of one subject; one or none in a table that is in order."""
        reader = self._reader(subject, schema)
        return schema.empty_table() if reader is None else reader(subject_id, subject_id)

    def _reader(self, name: str, schema: pa.Schema) -> Records | None:
        files = self._files(name)
        if not files:
            return None
        if files[0].suffix == ".csv":
            whole = pa.Table.from_batches(self._batches(files[0], schema, (), CHUNK_ROWS))
            return lambda first, last: whole.filter(_between(first, last))
        source = self._source(files)
        names = _wanted(source.schema.names, schema, ())

        def read(first: str, last: str) -> pa.Table:
            table = source.to_table(columns=list(names), filter=_between(first, last))
            parts = [self._proved(_typed(one, names, schema), schema) for one in table.to_batches()]
            return pa.Table.from_batches(parts) if parts else schema.empty_table()

        return read

    def _files(self, name: str) -> list[Path]:
        folder = self.folder / name
        if folder.is_dir():
            return sorted(folder.glob("*.parquet"))
        endings = (".parquet", ".csv") if self.key is None else (".parquet",)
        return [file for ending in endings if (file := self.folder / f"{name}{ending}").is_file()][:1]

    def _source(self, files: list[Path]) -> ds.Dataset:
        try:
            if self.key is None:
                return ds.dataset([str(file) for file in files])
            return ds.dataset([ds.dataset(str(file), format=self.key.format_of(file.name)) for file in files])
        except (pa.ArrowInvalid, OSError) as error:
            raise SnapshotUnusable(_unreadable(files[0], error)) from None

    def _parquet(self, file: Path) -> pq.ParquetFile:
        try:
            decryption = None if self.key is None else self.key.to_decrypt(file.name)
            return pq.ParquetFile(file, decryption_properties=decryption)
        except (pa.ArrowInvalid, OSError) as error:
            raise SnapshotUnusable(_unreadable(file, error)) from None

    def _batches(self, file: Path, schema: pa.Schema, extras: tuple[str, ...], size: int) -> Iterator[pa.RecordBatch]:
        try:
            if file.suffix == ".csv":
                with _open_csv(file, schema) as reader:
                    names = _wanted(reader.schema.names, schema, extras)
                    for batch in reader:
                        for at in range(0, batch.num_rows, size):
                            yield _typed(batch.slice(at, size), names, schema)
                return
            parquet = self._parquet(file)
            names = _wanted(parquet.schema_arrow.names, schema, extras)
            for batch in parquet.iter_batches(size, columns=list(names)):
                yield _typed(batch, names, schema)
        except (pa.ArrowInvalid, OSError) as error:
            raise SnapshotUnusable(f"{file.name}: {error}") from None

    def _proved(self, batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
        """Return the chunk with the proof that stands for values without one."""
        if not self.proof:
            return batch
        arrays = dict(zip(batch.schema.names, batch.columns, strict=True))
        for name in [name for name in arrays if name.startswith("f_")]:
            for edge, value in (("p", self.proof), ("o", self.seen_on)):
                own = f"{edge}_{name[2:]}"
                if own not in arrays:
                    arrays[own] = pa.repeat(pa.scalar(value, schema.field(own).type), batch.num_rows)
        return pa.record_batch(arrays)


def _unreadable(file: Path, error: Exception) -> str:
    if "crypt" in str(error):
        return f"{file.name} is sealed with another key, or with one that was not given (--key)."
    return f"{file.name} is not a Parquet file that can be read: {error}"


def _between(first: str, last: str) -> pc.Expression:
    return (pc.field("subject_id") >= first) & (pc.field("subject_id") <= last)


def _wanted(there: Iterable[str], schema: pa.Schema, extras: tuple[str, ...]) -> dict[str, str]:
    """Return the columns to read and what each is called in the pass."""
    there = list(there)
    if "subject_id" not in there:
        raise SnapshotUnusable("There is no column subject_id; each row needs the pseudonym it belongs to.")
    found = {name: name for name in schema.names if name in there}
    for name in schema.names:
        if name.startswith("f_") and name not in found:
            plain = next((one for one in there if one.replace(".", "__") == name[2:]), None)
            if plain is not None:
                found[plain] = name
    return {**found, **{name: name for name in extras if name in there and name not in found}}


def _typed(batch: pa.RecordBatch, names: dict[str, str], schema: pa.Schema) -> pa.RecordBatch:
    arrays = {}
    for name, own in names.items():
        column = batch.column(batch.schema.get_field_index(name))
        at = schema.get_field_index(own)
        kind = column.type if at < 0 else schema.field(at).type
        if column.type != kind and not is_narrower(column.type, kind):
            try:
                column = pc.cast(column, kind)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise SnapshotUnusable(f"Column {name}: {error}") from None
        arrays[own] = column
    return pa.record_batch(arrays)


def _open_csv(file: Path, schema: pa.Schema) -> pacsv.CSVStreamingReader:
    types = {name: schema.field(name).type for name in schema.names}
    types |= {name[2:].replace("__", "."): kind for name, kind in types.items() if name.startswith("f_")}
    options = pacsv.ConvertOptions(
        column_types={**types, "subject_id": pa.string()},
        null_values=[""],
        strings_can_be_null=True,
        true_values=YES_WORDS,
        false_values=NO_WORDS,
    )
    return pacsv.open_csv(file, read_options=pacsv.ReadOptions(block_size=CSV_BLOCK), convert_options=options)
