"""The tests' databases: an empty one that is migrated once for all that run side by side, and copies of it."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections


@contextmanager
def working_in(name: str) -> Iterator[None]:
    """Let this process, its later threads too, work on another database for a while."""
    connections.close_all()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def beside(suffix: str) -> str:
    """The name of another database of this process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return str(Path(name).with_name(f"county-{suffix}.sqlite3"))
    return f"{name}_county_{suffix}"


def create(name: str, template: str = "") -> None:
    """A new database, where one is there already in its place; like another one that nobody works in."""
    drop(name)
    if connection.vendor == "sqlite":
        if template:
            shutil.copyfile(template, name)
        return
    quote = connection.ops.quote_name
    like = f" TEMPLATE {quote(template)}" if template else ""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quote(name)}{like}")


def drop(name: str) -> None:
    """Let go of a database of these."""
    connections.close_all()
    if connection.vendor == "sqlite":
        for tail in ("", "-wal", "-shm"):
            Path(name + tail).unlink(missing_ok=True)
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)} WITH (FORCE)")


@contextmanager
def empty_database(shared: Path) -> Iterator[str]:
    """The tests of this process work in an empty database meanwhile; gives the name of the one it is a copy of.

    That one is migrated by the first process that needs it and dropped by the last that lets go of it: migrating takes
    ten seconds of a processor, a copy a tenth of one. `shared` is a folder that all of them know.
    """
    template = str(shared / "empty.sqlite3")
    if connection.vendor != "sqlite":
        template = f"test_{settings.DATABASES['default']['NAME']}_empty"
    own = connection.creation._get_test_db_name()
    with _counted(shared, +1) as others:
        if not others:
            create(template)
            with working_in(template):
                call_command("migrate", verbosity=0)
        create(own, template)
    with working_in(own):
        yield template
    drop(own)
    with _counted(shared, -1) as others:
        if not others:
            drop(template)


@contextmanager
def _counted(shared: Path, change: int) -> Iterator[int]:
    """One process at a time: how many others hold the empty database."""
    with (shared / "empty-database").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        before = int(file.read() or 0)
        yield before if change > 0 else before - 1
        file.truncate(0)
        file.write(str(before + change))
