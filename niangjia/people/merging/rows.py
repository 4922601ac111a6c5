"""Rows taken out of a table and put back byte for byte, sealed columns included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection

Raw = dict[str, Any]


def read_raw(label: str, pk: int) -> Raw:
    """One row as the database holds it, fit for JSON."""
    meta = apps.get_model(label)._meta
    columns = [field.column for field in meta.concrete_fields]
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {quoted} FROM {connection.ops.quote_name(meta.db_table)} WHERE {_pk(label)} = %s",  # noqa: S608
            [pk],
        )
        row = cursor.fetchone()
    return {column: _told(value) for column, value in zip(columns, row, strict=True)}


def insert_raw(label: str, raw: Mapping[str, Any]) -> None:
    """Put a row back."""
    meta = apps.get_model(label)._meta
    quoted = ", ".join(connection.ops.quote_name(column) for column in raw)
    holes = ", ".join(["%s"] * len(raw))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({quoted}) VALUES ({holes})",  # noqa: S608
            [_meant(value) for value in raw.values()],
        )


def update_raw(label: str, pk: int, raw: Mapping[str, Any]) -> None:
    """Put columns of a row back."""
    meta = apps.get_model(label)._meta
    sets = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in raw)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {connection.ops.quote_name(meta.db_table)} SET {sets} WHERE {_pk(label)} = %s",  # noqa: S608
            [*(_meant(value) for value in raw.values()), pk],
        )


def _pk(label: str) -> str:
    return connection.ops.quote_name(apps.get_model(label)._meta.pk.column)


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"on": value.isoformat()} if isinstance(value, date) else value


def _meant(value: Any) -> Any:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"]) if "at" in value else date.fromisoformat(value["on"])
    return value
