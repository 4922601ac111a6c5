"""A consent taken back at the very moment a file for another bureau is made: one of the two is first, never half."""

from __future__ import annotations

import threading
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections

from niangjia.people.services import authorities, consents, cross_checks

if TYPE_CHECKING:
    from tests.demo_stage import DemoCounty

pytestmark = pytest.mark.nightly
WAIT_SECONDS = 2


class Leaked(AssertionError):
    """A number went out after its person had said no."""


def _column(query: str, *values: object) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


def _sent_batch() -> tuple[str, int]:
    """The demo's batch that is out, and one person whose number is in it."""
    public_id = _column("SELECT public_id FROM people_crosscheck WHERE sent_on IS NOT NULL")[0]
    asked = _column(
        "SELECT s.person_id FROM people_crosschecksubject s JOIN people_crosscheck c ON c.id = s.check_batch_id "
        "WHERE s.sent AND c.public_id = %s ORDER BY s.id", public_id,
    )  # fmt: skip
    return public_id, asked[0]


def _taken_while(county: DemoCounty, patch: pytest.MonkeyPatch, say_no: Any) -> None:
    """Take the file, and let somebody say no when whose numbers leave has been read and nothing has left."""
    public_id, person = _sent_batch()
    make, user = cross_checks.check_workbook, county.user("苏木")

    def run() -> None:
        try:
            say_no(person, user)
        finally:
            connections.close_all()

    other = threading.Thread(target=run)

    def slowly(check: Any, person_ids: Any) -> Any:
        other.start()
        other.join(WAIT_SECONDS)
        return make(check, person_ids)

    patch.setattr(cross_checks, "check_workbook", slowly)
    with suppress(cross_checks.NotAtThisStep):
        cross_checks.take_file(public_id=public_id, acting_user=user)
    other.join()
    no = "action IN ('people.consent:withdraw', 'people.authority:withdraw')"
    said = _column(f"SELECT id FROM federation_auditrow WHERE {no} ORDER BY id DESC LIMIT 1")
    left = _column(
        "SELECT id FROM federation_auditrow WHERE action = 'people.check:reveal' AND object_id = %s", person
    )  # fmt: skip
    assert said
    if left and max(left) > said[0]:
        raise Leaked


def _takes_back_consent(person: int, user: Any) -> None:
    consents.record_answer(
        person_id=person, purpose="bureau-check", given=False, way="window", photograph=None, request_id="race-no",
        acting_user=user,
    )  # fmt: skip


def _takes_back_paper(person: int, user: Any) -> None:
    paper = _column(
        "SELECT a.public_id FROM people_checkauthority a JOIN people_authoritysigner s ON s.authority_id = a.id "
        "WHERE s.person_id = %s", person,
    )  # fmt: skip
    authorities.withdraw_authority(public_id=paper[0], acting_user=user)


@pytest.mark.parametrize("say_no", [_takes_back_consent, _takes_back_paper])
def test_a_no_counts_before_the_file_or_waits_for_it(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch, say_no: Any
) -> None:
    _taken_while(own_county, monkeypatch, say_no)


def test_control_without_the_lock_a_number_leaves_after_the_no(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cross_checks, "hold_answers", lambda person_ids: None)
    # SQLite lets one transaction write at a time: there the lock is the database's own, and nothing leaks.
    with pytest.raises(Leaked) if connection.vendor == "postgresql" else nullcontext():
        _taken_while(own_county, monkeypatch, _takes_back_consent)
