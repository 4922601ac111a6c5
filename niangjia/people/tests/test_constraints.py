"""What the database itself refuses about people, asked with raw SQL, on both kinds of database."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY, LATER = date(2026, 1, 1), date(2026, 6, 1)


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


PERSON = (
    "INSERT INTO people_person (id, public_id, union_id, name, name_key, name_initials, name_reading, other_initials, "
    "other_reading, sex, id_number, id_key, phone, data_key) "
    "VALUES (%s, %s, 1, %s, '', '', '', '', '', '', '', %s, '', %s)"
)
MEMBER = (
    "INSERT INTO people_householdmember (household_id, person_id, relation, valid_from, valid_to) "
    "VALUES (%s, %s, %s, %s, %s)"
)
FILE = (
    "INSERT INTO people_hardshipfile (household_id, grade, cause, entered_on, review_due_on, exited_on) "
    "VALUES (1, 'deep', '', %s, %s, %s)"
)
MEMBERSHIP = "INSERT INTO people_membershipspell (person_id, union_id, joined_on, ended_on) VALUES (1, 1, %s, %s)"
EMPLOYER = (
    "INSERT INTO people_employer (id, public_id, union_id, name, credit_code, in_zone) VALUES (%s, %s, 1, %s, %s, %s)"
)
JOB = (
    "INSERT INTO people_employmentspell (person_id, employer_id, form, started_on, ended_on, source, recorded_at) "
    "VALUES (1, 1, 'contract', %s, %s, '', %s)"
)
FACT = (
    "INSERT INTO people_recordedfact (subject_kind, subject_id, union_id, code, value, true_on, proof, source_zh, "
    "source_en, recorded_at) VALUES ('person', 1, 1, 'x', 'true', %s, %s, '', '', %s)"
)
STATEMENT = (
    "INSERT INTO people_statement (id, public_id, subject_kind, subject_id, union_id, code, value, stated_by_id, "
    "stated_at, request_id) VALUES (%s, %s, 'person', 1, 1, 'x', 'true', 1, %s, %s)"
)
PAIR = (
    "INSERT INTO people_suspectedpair (public_id, person_id, other_id, signs, found_at, reason, told_apart_by_id, "
    "told_apart_at) VALUES (%s, %s, %s, 'name', %s, %s, %s, %s)"
)
MERGED = (
    "INSERT INTO people_personmerge (public_id, survivor_id, union_id, absorbed_id, absorbed_public_id, kept, reason, "
    "merged_by_id, merged_at, undone_by_id, undone_at, undo_reason) "
    "VALUES (%s, 1, 1, 9, 'x', '', %s, 1, %s, %s, %s, %s)"
)
ANSWER = (
    "INSERT INTO people_verification (statement_id, verdict, note, verified_by_id, verified_at) "
    "VALUES (1, %s, %s, 1, %s)"
)
STORED = (
    "INSERT INTO files_storedfile (public_id, digest, media_type, size, purpose, object_kind, uploaded_by_id, "
    "uploaded_at) VALUES (%s, 'd', 'image/png', %s, '', '', 1, %s)"
)


@pytest.fixture(autouse=True)
def _rows() -> None:
    run(
        "INSERT INTO accounts_user (id, password, public_id, username, display_name, phone, email, is_active, "
        "joined_at) VALUES (1, '', 'p', 'n', 'x', '', '', %s, %s)",
        True, NOW,
    )  # fmt: skip
    run(
        "INSERT INTO federation_union (id, public_id, code, name, name_en, kind, level, telephone) "
        "VALUES (1, 'u', 'u', 'x', '', 'grid', 'primary', '')"
    )
    for pk in (1, 2):
        run(PERSON, pk, f"p{pk}", "麦", f"k{pk}", "key")
        run(
            "INSERT INTO people_household (id, public_id, union_id, address, registered_on) VALUES (%s, %s, 1, '', %s)",
            pk, f"h{pk}", DAY,
        )  # fmt: skip
    run(EMPLOYER, 1, "e1", "firm", "c1", False)
    run(STATEMENT, 1, "s1", NOW, "r1")


def test_a_person_has_a_name_a_key_and_a_number_of_his_own() -> None:
    refused(PERSON, 9, "p9", "", "k9", "key")
    refused(PERSON, 9, "p9", "麦", "k9", "")
    refused(PERSON, 9, "p9", "麦", "k1", "key")


def test_a_person_lives_in_one_household_and_a_household_has_one_head() -> None:
    run(MEMBER, 1, 1, "head", DAY, None)
    refused(MEMBER, 2, 1, "child", DAY, None)
    refused(MEMBER, 1, 2, "head", DAY, None)
    run(MEMBER, 1, 2, "spouse", DAY, None)


@pytest.mark.parametrize("query", [MEMBERSHIP, JOB])
def test_spells_end_after_they_begin(query: str) -> None:
    more = [NOW] if query is JOB else []
    refused(query, LATER, DAY, *more)
    run(query, DAY, DAY, *more)


def test_membership_of_a_household_ends_after_it_begins() -> None:
    refused(MEMBER, 1, 1, "head", LATER, DAY)


def test_one_open_membership_and_one_open_file() -> None:
    run(MEMBERSHIP, DAY, None)
    refused(MEMBERSHIP, LATER, None)
    run(FILE, DAY, LATER, None)
    refused(FILE, LATER, LATER, None)


def test_a_file_is_left_after_it_was_entered() -> None:
    refused(FILE, LATER, LATER, DAY)


def test_an_employer_has_a_name_and_a_code_of_its_own_and_a_job_is_recorded_once() -> None:
    refused(EMPLOYER, 2, "e2", "", "c2", False)
    refused(EMPLOYER, 2, "e2", "firm", "c1", False)
    run(JOB, DAY, None, NOW)
    refused(JOB, DAY, LATER, NOW)


@pytest.mark.parametrize("proof", [0, 6])
def test_a_facts_proof_is_one_of_five(proof: int) -> None:
    run(FACT, DAY, 1, NOW)
    refused(FACT, DAY, proof, NOW)


def test_one_request_is_one_statement() -> None:
    refused(STATEMENT, 2, "s2", NOW, "r1")


def test_an_answer_is_known_says_why_it_returns_and_is_given_once() -> None:
    refused(ANSWER, "perhaps", "x", NOW)
    refused(ANSWER, "returned", "", NOW)
    run(ANSWER, "returned", "看不清", NOW)
    refused(ANSWER, "confirmed", "", NOW)


def test_a_register_is_complete_once_for_a_day() -> None:
    insert = "INSERT INTO people_coverage (register, union_id, complete_on, source) VALUES ('employment', 1, %s, '')"
    run(insert, DAY)
    refused(insert, DAY)


def test_a_stored_file_is_not_empty() -> None:
    run(STORED, "f1", 1, NOW)
    refused(STORED, "f2", 0, NOW)


def test_a_pair_stands_once_older_first_and_two_persons_are_said_by_somebody_with_a_reason() -> None:
    run(PAIR, "a", 1, 2, NOW, "", None, None)
    refused(PAIR, "b", 1, 2, NOW, "", None, None)
    refused(PAIR, "c", 2, 1, NOW, "", None, None)
    run("DELETE FROM people_suspectedpair")
    refused(PAIR, "d", 1, 2, NOW, "", 1, NOW)
    refused(PAIR, "e", 1, 2, NOW, "见过", None, NOW)
    run(PAIR, "f", 1, 2, NOW, "见过", 1, NOW)


def test_a_file_goes_into_one_other_with_a_reason_and_is_parted_with_one() -> None:
    refused(MERGED, "a", "", NOW, None, None, "")
    run(MERGED, "b", "同一人", NOW, None, None, "")
    refused(MERGED, "c", "同一人", NOW, None, None, "")
    refused(MERGED, "d", "同一人", NOW, 1, NOW, "")
    run(MERGED, "e", "同一人", NOW, 1, NOW, "看错了")
