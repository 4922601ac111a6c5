"""Emptying the stage: only where the installation says that it is one."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection


def empty_database() -> None:
    """Remove every table and make them anew; refuses outside a demo stage.

    Append-only tables refuse to be emptied, also here: they go with their tables, and come back with the migrations.
    """
    if settings.DEMO_NOW is None:
        raise CommandError("This is not a demo stage (NIANGJIA_DEMO_NOW is not set). Nothing was removed.")
    if connection.vendor == "postgresql":
        _drop_postgresql()
    else:
        _drop_sqlite()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def _drop_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
        if tables:
            cursor.execute(f"DROP TABLE {tables} CASCADE")
        cursor.execute(
            "SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "JOIN pg_language l ON l.oid = p.prolang WHERE n.nspname = current_schema() AND l.lanname = 'plpgsql'"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function} CASCADE")


def _drop_sqlite() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'DROP TABLE "{table}"')
        cursor.execute("PRAGMA foreign_keys=ON")
