"""Backing up: one moment of the database, and every file, while officers go on working."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from niangjia.core import clock, crypto
from niangjia.federation import queries
from niangjia.federation.services import audit
from niangjia.files.services import contents as contents_of
from niangjia.site.backup.archive import ArchiveWriter, Contents, check, written_whole
from niangjia.site.backup.refusals import BackupRefused
from niangjia.site.backup.tables import all_tables, lines_of, next_number


class OtherVersion(BackupRefused):
    """The tables are of another version than the programme that would read them: it would miss columns."""

    def __init__(self) -> None:
        super().__init__(
            "程序和数据库不是同一个版本（更新程序之后还没有重启，或者换回了旧程序），这时备份会漏掉内容，所以没有备份。"
            "请先用原来的程序备份（git checkout 原来的版本），再更新；或者重启服务，等数据库更新好了再备份。",
            "The programme and the database are of different versions (it was updated and not yet restarted, or an "
            "older one was put back). A backup now would miss something, so none was made. Back up with the version "
            "that was here before (git checkout), then update; or restart the service, and back up once the database "
            "is up to date.",
        )


SUFFIX = ".backup"
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Taken:
    """An archive that was written and read back, and the files that could not go into it."""

    path: Path
    contents: Contents
    lost: tuple[str, ...]  # digests that rows name, without a whole file behind them


def take(folder: Path) -> Taken:
    """Write an archive into a folder, read it back whole, and leave it there; system act, audited."""
    known = MigrationLoader(connection)
    if known.applied_migrations.keys() != known.disk_migrations.keys():
        raise OtherVersion
    if not queries.top_union_names():
        raise BackupRefused(
            "这里还没有任何工会，没有可备份的数据。请检查 NIANGJIA_HOME 和 DATABASE_URL。",
            "There is no union here yet, nothing to back up. Check NIANGJIA_HOME and DATABASE_URL.",
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = clock.now().astimezone(clock.LOCAL)
    path = _free_name(folder, f"niangjia-{stamp:%Y%m%d-%H%M%S}")
    with transaction.atomic():
        audit.record(
            "federation.installation:backup", acting_user=None, object_kind="installation", object_id=1,
            after={"archive": path.name},
        )  # fmt: skip
    audit.seal_all()
    with written_whole(path) as file, _one_moment():
        lost = _write(ArchiveWriter(file))
    # An archive that was never read is a hope, not a backup.
    return Taken(path, check(path), lost)


def _free_name(folder: Path, stem: str) -> Path:
    path, number = folder / f"{stem}{SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{SUFFIX}"
    return path


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """All reads inside see one moment, and nobody who writes is kept waiting."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    before, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = before


def _write(archive: ArchiveWriter) -> tuple[str, ...]:
    contents = Contents(
        taken_at=clock.now().isoformat(),
        roots=queries.top_union_names(),
        demo=clock.is_demo(),
        head=audit.head_note(),
        migrations=sorted(MigrationRecorder(connection).applied_migrations()),
    )
    for table in all_tables():
        tally = archive.add_rows(table, lines_of(connection, table))
        contents.tables[table.name] = {**table.described(), **tally, "last": next_number(connection, table)}
    for path in sorted(Path(settings.MEDIA_ROOT).glob("??/*")):
        if not _DIGEST.fullmatch(path.name):
            continue  # an upload on its way
        try:
            content = contents_of.read(path.name)
        except crypto.Unreadable:
            continue  # told as lost
        if hashlib.sha256(content).hexdigest() == path.name:
            archive.add_file(path.name, content)
            contents.files[path.name] = len(content)
    archive.finish(contents)
    return tuple(sorted(_named_files() - contents.files.keys()))


def _named_files() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT digest FROM files_storedfile")
        return {str(row[0]) for row in cursor.fetchall()}


def forget_old(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest archives in a folder; returns those that went."""
    found = sorted(folder.glob(f"niangjia-*{SUFFIX}"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    gone = found[:-keep] if keep > 0 else []
    for path in gone:
        path.unlink()
    return gone
