"""Restoring: into an empty place, or, with a word, over what stands; all of it or nothing."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from niangjia.core import clock
from niangjia.federation import queries
from niangjia.federation.guards import guards_lifted
from niangjia.federation.services import audit
from niangjia.files.services import contents as contents_of
from niangjia.site.backup import archive
from niangjia.site.backup.archive import Contents, written_whole
from niangjia.site.backup.refusals import ArchiveDamaged, BackupRefused
from niangjia.site.backup.tables import empty, put_rows, set_next_number, tally_of
from niangjia.site.emptying import drop_everything


class Occupied(BackupRefused):
    """Somebody's data stands where the archive should go."""

    def __init__(self, names: str) -> None:
        super().__init__(
            f'这里已经有数据：{names}。为免覆盖，什么都没有动。确实要换成备份里的，请加 --replace "{names}"；'
            "现有的会先备份一份。",
            f"Data stands here already: {names}. Nothing was touched. To put the archive in its place, add "
            f'--replace "{names}"; what stands here is backed up first.',
        )


class MadeByNewer(BackupRefused):
    """The archive knows steps of the database that this programme does not."""

    def __init__(self) -> None:
        super().__init__(
            "这份备份是用更新版本的程序做的，这里的程序读不了；数据没有动。请先更新程序。",
            "This archive was made by a newer version of the programme; no data was touched. Update the programme.",
        )


class WrongStage(BackupRefused):
    """Invented people do not go among real ones, nor real ones onto a stage."""

    def __init__(self) -> None:
        super().__init__(
            "演示数据和真实数据不能互换：备份与这里一个是演示县、一个不是（NIANGJIA_DEMO_NOW）。什么都没有动。",
            "One of the two, archive and place, is the demo county and the other is not (NIANGJIA_DEMO_NOW). "
            "Nothing was touched.",
        )


class BeingServed(BackupRefused):
    """A site runs on it."""

    def __init__(self) -> None:
        super().__init__(
            "这个安装正在运行。请先停掉，再恢复。什么都没有动。",
            "This installation is being served. Stop it, then restore. Nothing was touched.",
        )


class KeysMissing(BackupRefused):
    """Without the keys of the old installation nothing in it can be read."""

    def __init__(self) -> None:
        super().__init__(
            f"这里没有密钥文件 {settings.KEY_FILE}。请用 --keys 指出原安装的 keys.json。什么都没有动。",
            f"There is no key file {settings.KEY_FILE}. Name the keys.json of the old installation with --keys. "
            "Nothing was touched.",
        )


def bring_keys(given: Path | None) -> None:
    """Put the old installation's keys in their place; keys that stand there already are never overwritten."""
    standing = Path(settings.KEY_FILE)
    if given is not None and not standing.exists():
        standing.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(standing) as file, given.open("rb") as source:
            shutil.copyfileobj(source, file)
    if not standing.exists():
        raise KeysMissing


def what_stands_here() -> str:
    """Names of the unions at the top of the tree in this database; empty when it holds nobody's data."""
    if "federation_union" not in connection.introspection.table_names():
        return ""
    return "、".join(queries.top_union_names())


def restore(path: Path, *, replace: str = "") -> Contents:
    """Restore an archive that was checked whole; a refusal says why nothing was done. System act, audited."""
    contents = archive.check(path)
    with _nobody_serves():
        _refuse_what_does_not_fit(contents, replace)
        for digest, content in archive.read_files(path):
            _put_file(digest, content)
        with _new_database():
            _load(path, contents)
            _compare(contents)
            call_command("migrate", interactive=False, verbosity=0)
            with transaction.atomic():
                audit.record(
                    "federation.installation:restore", acting_user=None, object_kind="installation", object_id=1,
                    after={"archive": path.name, "taken_at": contents.taken_at, "head": contents.head},
                )  # fmt: skip
    return contents


def _refuse_what_does_not_fit(contents: Contents, replace: str) -> None:
    if contents.demo != clock.is_demo():
        raise WrongStage
    if not set(contents.migrations) <= MigrationExecutor(connection).loader.disk_migrations.keys():
        raise MadeByNewer
    standing = what_stands_here()
    if standing and replace != standing:
        raise Occupied(standing)


@contextlib.contextmanager
def _nobody_serves() -> Iterator[None]:
    # The server holds this lock for as long as it runs.
    with open(Path(settings.HOME) / "serving.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BeingServed from None
        yield


def _put_file(digest: str, content: bytes) -> None:
    if not contents_of.is_whole(digest):
        contents_of.write(digest, content)


@contextlib.contextmanager
def _new_database() -> Iterator[None]:
    """An empty database that takes the place of the standing one when the block ends without an error."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            try:
                drop_everything()
            except OperationalError:  # somebody still reads or writes there, and was waited for
                raise BeingServed from None
            yield
        return
    standing = Path(str(connection.settings_dict["NAME"]))
    beside = standing.with_name("restoring.sqlite3")
    _remove(beside)
    _fold_log_away()
    connection.settings_dict["NAME"] = str(beside)
    try:
        yield
        _fold_log_away()
        os.replace(beside, standing)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(standing)
        _remove(beside)


def _fold_log_away() -> None:
    # A log beside the file would be taken for the log of whatever file comes to stand there.
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _remove(path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)


def _load(path: Path, contents: Contents) -> None:
    """The tables as they were at the time of the archive, with its rows."""
    _migrate_to(contents.migrations)
    tables = [contents.table(name) for name in contents.tables]
    with transaction.atomic(), guards_lifted(connection):
        empty(tables)
        for name, lines in archive.read_rows(path):
            put_rows(contents.table(name), [json.loads(line) for line in lines])
        for table in tables:
            set_next_number(table, contents.tables[table.name]["last"])
        connection.check_constraints()


def _migrate_to(wanted: list[tuple[str, str]]) -> None:
    executor = MigrationExecutor(connection)
    graph, known = executor.loader.graph, set(wanted)
    newest = [
        node for node in sorted(known) if not any(child.key in known and child.key[0] == node[0]
                                                  for child in graph.node_map[node].children)
    ]  # fmt: skip
    executor.migrate(newest)


def _compare(contents: Contents) -> None:
    """What stands in the tables now is what was read then, and the audit chain holds to its old head."""
    for name, said in contents.tables.items():
        found = tally_of(connection, contents.table(name))
        if found != {key: said[key] for key in ("rows", "digest")}:
            raise ArchiveDamaged
    state = audit.verify_chain(audit.parse_head(contents.head))
    if state.broken is not None:
        raise ArchiveDamaged
