"""T34: what a list's read can do to PostgreSQL, statement by statement, and what remains possible."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from niangjia.core.reading import only_reading

# That SQLite refuses to write is in test_limits; it knows no functions that do.
pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
INSERT = "INSERT INTO planted_seed (weight) VALUES (1)"
WRITES = (
    INSERT, "UPDATE planted_seed SET weight = 2", "DELETE FROM planted_seed", "TRUNCATE planted_seed",
    "WITH gone AS (DELETE FROM planted_seed RETURNING 1) SELECT * FROM gone",
    "MERGE INTO planted_seed USING (SELECT 9 AS w) AS s ON weight = w WHEN NOT MATCHED THEN INSERT (weight) VALUES (9)",
    "SELECT sow_seed()", f"DO $$ BEGIN {INSERT}; END $$", f"EXPLAIN ANALYZE {INSERT}",
    "SELECT nextval('planted_seed_id_seq')", "SELECT setval('planted_seed_id_seq', 77)",
    "SELECT * FROM planted_seed FOR UPDATE", "COPY planted_seed FROM PROGRAM 'echo 1'",
    "CREATE TABLE planted_tree (x int)", "CREATE TEMP TABLE planted_tree (x int)", "DROP TABLE planted_seed",
    "ALTER TABLE planted_seed ADD height int", "CREATE INDEX ON planted_seed (weight)",
    "GRANT ALL ON planted_seed TO public", "COMMENT ON TABLE planted_seed IS 'x'",
    "SET TRANSACTION READ WRITE", "SELECT set_config('transaction_read_only', 'off', true)",
    "SELECT set_config('transaction_read_only', 'off', false)",
    # Behind a semicolon, where the transaction could be ended first.
    f"SELECT 1; {INSERT}", f"SELECT 1; COMMIT; {INSERT}", f"SELECT 1; RESET ROLE; {INSERT}",
)  # fmt: skip
# Of the server, for whom a role without power may not: the ordinary account of deploy.md.
OF_THE_SERVER = (
    "COPY (SELECT 1) TO '/tmp/planted_seed'", "COPY (SELECT 1) TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/hostname')", "SELECT lo_export(0, '/tmp/planted_seed')",
    "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()",
)  # fmt: skip
# What changes no row is not refused: `reading.py` says so, and this says when that is no longer true.
REMAINS = (
    "SELECT pg_advisory_xact_lock(34)", "SELECT pg_notify('planted', 'x')", "SELECT pg_sleep(0)",
    "SELECT set_config('statement_timeout', '0', true)",
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE false",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE false",
)  # fmt: skip


@pytest.fixture
def account(db: None) -> Iterator[None]:
    """A table with one row, and the statements run by an account as deploy.md makes it, which owns them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            # A name of its own: a broken lock lets a statement commit it, and a role stays on the server.
            role = f"planted_{secrets.token_hex(6)}"
            cursor.execute(f"CREATE ROLE {role} NOLOGIN")
            cursor.execute(f"GRANT CREATE ON SCHEMA public TO {role}")
            cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute("CREATE TABLE planted_seed (id serial PRIMARY KEY, weight int)")
        cursor.execute(f"CREATE FUNCTION sow_seed() RETURNS void LANGUAGE sql AS '{INSERT}'")
        cursor.execute(INSERT)
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def run(statement: str, *, reading: bool) -> str:
    """What the database says to it; empty if it is done. It is taken back either way."""
    try:
        with transaction.atomic():
            if reading:
                with only_reading(), connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM planted_seed")
                    cursor.execute(statement)
            else:
                with connection.cursor() as cursor:
                    cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as refused:
        return str(refused).splitlines()[0]
    return ""


def test_no_statement_of_a_list_can_write(account: None) -> None:
    assert [one for one in WRITES if not run(one, reading=True)] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(weight) FROM planted_seed")
        assert cursor.fetchone() == (1, 1)


def test_control_outside_of_it_the_same_statements_are_done(account: None) -> None:
    able = [one for one in WRITES[:9] if not run(one, reading=False)]
    assert able == list(WRITES[:9])


def test_the_account_of_the_programme_has_no_power_over_the_server(account: None) -> None:
    assert [one for one in OF_THE_SERVER if not run(one, reading=True)] == []


def test_what_remains_possible_is_what_is_written_down(account: None) -> None:
    assert {one: answer for one in REMAINS if (answer := run(one, reading=True))} == {}
