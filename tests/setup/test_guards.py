"""Tables that refuse changes go on refusing them: SQLite builds a table anew for a new column, without its triggers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection

import niangjia

pytestmark = pytest.mark.django_db
_ROOT = Path(niangjia.__file__).parent


def guarded_tables() -> set[str]:
    """Tables with a trigger in the database as it stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'" if connection.vendor == "sqlite"
            else "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        )  # fmt: skip
        return {row[0] for row in cursor.fetchall()}


def named_tables() -> set[str]:
    """Tables that a migration names which makes triggers."""
    made = connection.introspection.table_names()
    texts = [path.read_text() for path in _ROOT.glob("*/migrations/*.py") if "CREATE TRIGGER" in path.read_text()]
    return {word for text in texts for word in re.findall(r'"([a-z]+_[a-z_]+)"', text) if word in made}


def test_every_table_that_refused_changes_once_does_so_still() -> None:
    assert len(named_tables()) > 40
    assert named_tables() - guarded_tables() == set()


def test_control_a_table_that_lost_its_guard_is_found() -> None:
    drop = "DROP TRIGGER benefits_serving_no_update" if connection.vendor == "sqlite" else (
        "DROP TRIGGER benefits_serving_append_only ON benefits_serving"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(drop)
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER benefits_serving_no_delete")
    assert named_tables() - guarded_tables() == {"benefits_serving"}
