"""What the database itself refuses, asked with raw SQL, on both kinds of database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

pytestmark = pytest.mark.django_db
DAY, LATER = "2026-01-01", "2026-06-01"
NOW, THEN = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def run(query: str, *values: object) -> None:
    """One raw statement."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)


def _to_the_end(query: str, *values: object) -> None:
    run(query, *values)
    connection.check_constraints()


def refused(query: str, *values: object) -> None:
    """The database must refuse this statement, at the latest at the end of its transaction."""
    with pytest.raises(IntegrityError), transaction.atomic():
        _to_the_end(query, *values)


@pytest.fixture(autouse=True)
def _rows() -> None:
    for pk in (1, 2, 3):
        user(pk)
    for pk in (1, 2):
        run(
            "INSERT INTO federation_union (id, public_id, code, name, name_en, kind, level, telephone) "
            "VALUES (%s, %s, %s, 'x', '', 'grid', 'primary', '')",
            pk, f"u{pk}", f"u{pk}",
        )  # fmt: skip


USER = (
    "INSERT INTO accounts_user (id, password, public_id, username, display_name, phone, phone_key, email, is_active, "
    "joined_at) VALUES (%s, '', %s, %s, 'x', '', %s, '', %s, %s)"
)


def user(pk: int, username: str | None = None, phone_key: str | None = None) -> None:
    """A raw user."""
    run(USER, pk, f"p{pk}", f"n{pk}" if username is None else username, phone_key, True, NOW)


EDGE = (
    "INSERT INTO federation_unionedge (child_id, parent_id, hierarchy, valid_from, valid_to) "
    "VALUES (%s, %s, %s, %s, %s)"
)
GRANT = (
    "INSERT INTO federation_grant (user_id, role, scope_kind, union_id, programme, scope_id, valid_from, expires_at, "
    "granted_by_id) VALUES (1, 'worker', %s, %s, '', %s, %s, %s, %s)"
)
APPROVAL = (
    "INSERT INTO federation_approval (public_id, kind, object_id, digest, union_id, asked_by_id, asked_at, "
    "decided_by_id, decided_at, verdict, note) VALUES (%s, 'k', 1, 'd', 1, 1, %s, %s, %s, %s, '')"
)


def test_a_log_in_name_is_neither_empty_nor_taken() -> None:
    refused(USER, 9, "p9", "", None, True, NOW)
    refused(USER, 9, "p9", "n1", None, True, NOW)


def test_one_telephone_opens_one_account() -> None:
    user(8, phone_key="k")
    refused(USER, 9, "p9", "n9", "k", True, NOW)


def test_a_code_has_at_most_five_tries_and_expires_after_it_was_asked_for() -> None:
    insert = (
        "INSERT INTO accounts_logincode (public_id, phone, digest, asked_at, expires_at, tries_left) "
        "VALUES (%s, '', '', %s, %s, %s)"
    )
    run(insert, "c1", NOW, THEN, 5)
    refused(insert, "c2", NOW, THEN, 6)
    refused(insert, "c3", NOW, THEN, -1)
    refused(insert, "c4", NOW, NOW, 5)


def test_failed_passwords_are_counted_to_five_once_per_name() -> None:
    insert = "INSERT INTO accounts_passwordtries (key, failed, last_at) VALUES (%s, %s, %s)"
    run(insert, "a", 5, NOW)
    refused(insert, "b", 6, NOW)
    refused(insert, "a", 1, NOW)


def test_a_union_has_one_open_parent_in_each_hierarchy() -> None:
    run(EDGE, 1, 2, "place", DAY, None)
    run(EDGE, 1, 2, "industry", DAY, None)
    refused(EDGE, 1, 2, "place", LATER, None)


def test_two_places_do_not_begin_on_one_day() -> None:
    run(EDGE, 1, 2, "place", DAY, LATER)
    refused(EDGE, 1, 2, "place", DAY, "2026-03-01")


def test_a_place_ends_after_it_began_and_is_not_under_itself() -> None:
    refused(EDGE, 1, 2, "place", DAY, DAY)
    refused(EDGE, 1, 1, "place", DAY, None)


def test_the_closure_holds_each_pair_once() -> None:
    insert = (
        "INSERT INTO federation_unionclosure (ancestor_id, descendant_id, hierarchy, depth) VALUES (1, 2, 'place', %s)"
    )
    run(insert, 1)
    refused(insert, 2)


@pytest.mark.parametrize(
    ("kind", "union", "scope"),
    [("union", None, None), ("union", 1, 5), ("self", 1, 5), ("self", None, None), ("employer", None, None),
     ("provider", None, None), ("provider", 1, 5), ("system", 1, None), ("elsewhere", 1, None)],
)  # fmt: skip
def test_a_grants_scope_is_whole(kind: str, union: int | None, scope: int | None) -> None:
    refused(GRANT, kind, union, scope, NOW, THEN, 2)


def test_a_grant_ends_after_it_begins_and_is_not_given_by_oneself() -> None:
    run(GRANT, "union", 1, None, NOW, THEN, 2)
    refused(GRANT, "union", 1, None, NOW, NOW, 2)
    refused(GRANT, "union", 1, None, NOW, THEN, 1)


def test_who_asks_does_not_decide() -> None:
    run(APPROVAL, "a1", NOW, 2, NOW, "confirmed")
    refused(APPROVAL, "a2", NOW, 1, NOW, "confirmed")


def test_nobody_is_his_own_deputy() -> None:
    insert = GRANT.replace("granted_by_id)", "granted_by_id, stands_in_for_id)").replace("%s)", "%s, %s)")
    run(insert, "union", 1, None, NOW, THEN, 2, 2)
    refused(insert, "union", 1, None, NOW, THEN, 2, 1)


def test_a_request_taken_back_has_a_time_and_no_judge() -> None:
    run(APPROVAL, "a1", NOW, None, NOW, "withdrawn")
    refused(APPROVAL, "a2", NOW, 2, NOW, "withdrawn")
    refused(APPROVAL, "a2", NOW, None, None, "withdrawn")


@pytest.mark.parametrize(
    ("by", "at", "verdict"),
    [(2, None, "confirmed"), (2, NOW, ""), (None, NOW, ""), (None, None, "confirmed"), (2, NOW, "perhaps")],
)
def test_a_decision_is_whole_or_absent(by: int | None, at: datetime | None, verdict: str) -> None:
    refused(APPROVAL, "a1", NOW, by, at, verdict)


def test_one_open_request_for_one_thing() -> None:
    run(APPROVAL, "a1", NOW, None, None, "")
    refused(APPROVAL, "a2", NOW, None, None, "")


def test_a_seal_binds_an_existing_row_once() -> None:
    run(
        "INSERT INTO federation_auditrow (id, at, action, object_kind, object_id, before, after, reason) "
        "VALUES (1, %s, 'x', 'x', 1, '', '', '')",
        NOW,
    )
    run("INSERT INTO federation_auditseal (chain_no, row_id, digest) VALUES (1, 1, 'd')")
    refused("INSERT INTO federation_auditseal (chain_no, row_id, digest) VALUES (2, 1, 'd')")
    refused("INSERT INTO federation_auditseal (chain_no, row_id, digest) VALUES (1, 1, 'd')")
    refused("INSERT INTO federation_auditseal (chain_no, row_id, digest) VALUES (3, 99, 'd')")


CHANGE = (
    'INSERT INTO federation_treechange (public_id, kind, hierarchy, union_id, target_id, "on", document, details, '
    "proposed_by_id, proposed_at) VALUES (%s, %s, 'place', 1, %s, %s, %s, %s, 1, %s)"
)


def test_a_change_of_the_tree_is_whole_stands_on_a_document_and_is_not_about_itself() -> None:
    run(CHANGE, "c1", "merge", 2, DAY, "x", "", NOW)
    run(CHANGE, "c2", "found", None, DAY, "x", "{}", NOW)
    refused(CHANGE, "c3", "merge", None, DAY, "x", "", NOW)
    refused(CHANGE, "c3", "found", 2, DAY, "x", "{}", NOW)
    refused(CHANGE, "c3", "split", None, DAY, "x", "", NOW)
    refused(CHANGE, "c3", "move", 1, DAY, "x", "", NOW)
    refused(CHANGE, "c3", "merge", 2, DAY, "", "", NOW)
    refused(CHANGE, "c1", "merge", 2, DAY, "x", "", NOW)


TASK = (
    "INSERT INTO federation_looktask (public_id, user_id, reason, most, used, opened_at, expires_at, closed_at) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)


def test_a_task_of_looks_has_a_measure_a_reason_and_an_end_and_one_is_open() -> None:
    run(TASK, "t1", 1, "x", 100, 0, NOW, THEN, None)
    refused(TASK, "t2", 1, "x", 1, 0, NOW, THEN, None)
    refused(TASK, "t2", 2, "x", 101, 0, NOW, THEN, None)
    refused(TASK, "t2", 2, "x", 0, 0, NOW, THEN, None)
    refused(TASK, "t2", 2, "x", 1, 2, NOW, THEN, None)
    refused(TASK, "t2", 2, "", 1, 0, NOW, THEN, None)
    refused(TASK, "t2", 2, "x", 1, 0, NOW, NOW, None)
    run(TASK, "t2", 1, "x", 1, 0, NOW, THEN, NOW)


def test_a_day_of_looks_has_its_measure_and_a_subject_counts_once_in_a_task() -> None:
    insert = "INSERT INTO federation_lookday (user_id, day, used) VALUES (%s, %s, %s)"
    run(insert, 1, DAY, 300)
    refused(insert, 1, DAY, 1)
    refused(insert, 2, DAY, 301)
    run(TASK.replace("(public_id", "(id, public_id").replace("(%s", "(9, %s"), "t1", 1, "x", 8, 0, NOW, THEN, None)
    subject = "INSERT INTO federation_looktasksubject (task_id, subject_kind, subject_id) VALUES (9, 'household', 1)"
    run(subject)
    refused(subject)
