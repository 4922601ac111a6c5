"""The archive: rows, files by content, and a list of contents, in one sealed file."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from niangjia.core.crypto import Unreadable
from niangjia.core.sealedfile import OtherKeys, SealedReader, SealedWriter
from niangjia.site.backup.refusals import ArchiveDamaged, SealedWithOtherKeys
from niangjia.site.backup.tables import Table, Tally, described_table

FORMAT = 1
PART_ROWS = 5_000
CONTENTS = "contents.json"
_ROWS, _FILES = "rows/", "files/"


@dataclass
class Contents:
    """What an archive holds: said in it, and checked against it before anything is done with it."""

    taken_at: str
    roots: list[str]  # names of the unions at the top of the tree
    demo: bool
    head: str  # the audit chain's last place and digest
    migrations: list[tuple[str, str]]
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)  # described, with rows, digest and last number
    files: dict[str, int] = field(default_factory=dict)  # digest of the content: bytes

    @property
    def rows(self) -> int:
        """How many rows in all."""
        return sum(said["rows"] for said in self.tables.values())

    def table(self, name: str) -> Table:
        """One table as it was described."""
        return described_table(self.tables[name])


class ArchiveWriter:
    """Writes one archive; it is whole when the block ends without an error."""

    def __init__(self, beneath: BinaryIO) -> None:
        self._sealed = SealedWriter(beneath)
        self._packed = gzip.GzipFile(fileobj=self._sealed, mode="wb", compresslevel=3, mtime=0)
        self._tar = tarfile.open(fileobj=self._packed, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  closed in finish

    def add_rows(self, table: Table, lines: Iterator[bytes]) -> dict[str, Any]:
        """All rows of a table, in parts; returns how many they were and their digest."""
        tally, part, number = Tally(), bytearray(), 0
        for line in lines:
            tally.add(line)
            part += line
            if tally.rows % PART_ROWS == 0:
                self._add(f"{_ROWS}{table.name}/{number:06d}", bytes(part))
                part, number = bytearray(), number + 1
        if part:
            self._add(f"{_ROWS}{table.name}/{number:06d}", bytes(part))
        return tally.told()

    def add_file(self, digest: str, content: bytes) -> None:
        """One file, named by its content."""
        self._add(_FILES + digest, content)

    def finish(self, contents: Contents) -> None:
        """The list of contents comes last: only then is everything counted."""
        self._add(CONTENTS, json.dumps({"format": FORMAT, **contents.__dict__}, ensure_ascii=False).encode())
        self._tar.close()
        self._packed.close()
        self._sealed.finish()

    def _add(self, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        self._tar.addfile(member, io.BytesIO(content))


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with path.open("rb") as beneath:
            packed = gzip.GzipFile(fileobj=io.BufferedReader(SealedReader(beneath)), mode="rb")
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                for member in tar:
                    taken = tar.extractfile(member)
                    yield member.name, taken.read() if taken else b""
            packed.read()  # to the last block: what was cut off behind the end shows too
    except OtherKeys:
        raise SealedWithOtherKeys(settings.KEY_FILE) from None
    except (Unreadable, tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile):
        raise ArchiveDamaged from None


def read_rows(path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Table and lines of each part, in the order they were written."""
    for name, content in _members(path):
        if name.startswith(_ROWS):
            yield name.split("/")[1], content.splitlines(keepends=True)


def read_files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Digest and content of each file."""
    for name, content in _members(path):
        if name.startswith(_FILES):
            yield name.removeprefix(_FILES), content


def check(path: Path) -> Contents:
    """Read the whole archive and compare everything in it with its list of contents; raises a refusal."""
    tallies: dict[str, Tally] = {}
    files: dict[str, int] = {}
    contents: Contents | None = None
    for name, content in _members(path):
        if name.startswith(_ROWS):
            tally = tallies.setdefault(name.split("/")[1], Tally())
            for line in content.splitlines(keepends=True):
                tally.add(line)
        elif name.startswith(_FILES):
            digest = name.removeprefix(_FILES)
            if hashlib.sha256(content).hexdigest() != digest:
                raise ArchiveDamaged
            files[digest] = len(content)
        elif name == CONTENTS:
            contents = _contents(content)
    if contents is None or files != contents.files:
        raise ArchiveDamaged
    for name, said in contents.tables.items():
        if {key: said[key] for key in ("rows", "digest")} != tallies.pop(name, Tally()).told():
            raise ArchiveDamaged
    if tallies:
        raise ArchiveDamaged
    return contents


def _contents(content: bytes) -> Contents:
    said = json.loads(content)
    if said.pop("format") != FORMAT:
        raise ArchiveDamaged
    said["migrations"] = [(app, name) for app, name in said["migrations"]]
    return Contents(**said)


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name only when the block ends without an error, readable by its owner only."""
    beside = path.with_name(f"{path.name}.part")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
