"""T51: killed at any moment, no change stands without its audit row, and no audit row without its change."""

from __future__ import annotations

import random
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from niangjia.federation.services import audit
from niangjia.people.services import roster_work, rosters
from tests.races.test_rosters import _own_union

if TYPE_CHECKING:
    from tests.demo_stage import DemoCounty

pytestmark = pytest.mark.nightly
DEATHS, KILLS, ROWS, STATEMENTS = 20, 10, 2_000, 120
LONG = 10_000
# What a worker writes last of all before it commits, and what it writes when the first rows are in.
LAST, FIRST = 'UPDATE "people_rosterimport" SET "state"', 'INSERT INTO "people_rosterdeed"'
NAME = "榆钱"


def writing(county: DemoCounty, round_: int) -> Any:
    """Acts of one officer, about people whom no other round has entered."""
    from tests.races.killing import keep_writing  # noqa: PLC0415  the models cannot be imported when this is read

    officer = county.user("江篱")
    union_id, firm = _own_union(officer), next(iter(county.stage.employers))
    return lambda: keep_writing(officer, union_id, firm, first=1_000 * round_)


def table_of(first: int, many: int) -> bytes:
    """A table of so many people who are nobody."""
    from niangjia.people.tests.tables import MEMBERS, text_table  # noqa: PLC0415
    from tests.races.killing import number_of  # noqa: PLC0415

    # Each by a name of his own: namesakes would be compared with one another, and that is not what is killed here.
    rows = [
        (f"{NAME}{chr(0x4E00 + at)}", number_of(first + at), f"1{first + at:010d}", "2024-03-01") for at in range(many)
    ]
    return text_table([MEMBERS, *rows])


def approved_roster(county: DemoCounty, round_: int) -> str:
    """A checked roster of 2,000 people who are nobody, approved for entry."""
    from niangjia.people.tests.tables import hand_in  # noqa: PLC0415

    officer = county.user("江篱")
    roster = hand_in(table_of(100_000 + ROWS * round_, ROWS), officer, _own_union(officer), name="名册.csv")
    assert roster.counts["new"] == ROWS, roster.counts
    rosters.approve_roster(public_id=roster.public_id, acting_user=officer)
    return str(roster.public_id)


def received(county: DemoCounty, content: bytes) -> Any:
    """A roster that was handed in and that no worker has looked at."""
    officer = county.user("江篱")
    return rosters.receive_roster(
        upload=SimpleUploadedFile("名册.csv", content), kind="members", union_id=_own_union(officer), source="",
        true_on=date(2026, 8, 3), request_id="killed", acting_user=officer,
    )  # fmt: skip


def page_of(county: DemoCounty, public_id: str) -> str:
    """What its officer sees of a roster."""
    return county.client("江篱").get(reverse("roster_file", args=[public_id])).content.decode()


def entered() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM people_person WHERE name LIKE %s AND LENGTH(name) = 3", [f"{NAME}_"])
        return int(cursor.fetchone()[0])


def let_go() -> None:
    """The dead worker's hold on the roster ends, as it does by itself after a minute."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_rosterimport SET held_until = 0")


def test_killed_between_any_two_statements_the_trail_tells_what_stands(own_county: DemoCounty) -> None:
    from tests.races.killing import books, faults, killed  # noqa: PLC0415

    draw, before = random.Random(51), books()
    for round_ in range(DEATHS):
        act = writing(own_county, round_)
        # By turns before a statement that was drawn, and at a moment that nobody chose: also within a commit.
        drawn = {"before_statement": draw.randrange(2, STATEMENTS)}
        moment = drawn if round_ % 2 else {"after": draw.uniform(0.1, 0.9)}
        assert killed(act, **moment)
        assert faults(before) == [], moment
    assert books() != before, "nothing was ever written"
    audit.seal_all()
    assert audit.verify_chain().broken is None


def test_a_roster_killed_while_it_is_entered_stands_whole_or_not_at_all(own_county: DemoCounty) -> None:
    from tests.races.killing import books, faults, killed  # noqa: PLC0415

    draw, before, whole, deaths = random.Random(2_000), books(), 0, 0
    approved_roster(own_county, 0)
    for round_ in range(KILLS):
        let_go()
        # Early enough that it is seldom done: each time it is, another 2,000 rows have to be handed in.
        moment = {"before_statement": draw.randrange(2, 40)} if round_ % 2 else {"after": draw.uniform(0.05, 0.6)}
        deaths += killed(roster_work.work_rosters, **moment)
        assert entered() in (whole, whole + ROWS), moment
        assert faults(before) == [], moment
        if entered() != whole:
            whole = entered()
            approved_roster(own_county, round_ + 1)
    assert deaths >= KILLS // 2, "it was hardly ever killed in the middle"
    let_go()
    roster_work.work_rosters()
    assert entered() == whole + ROWS, "what was killed is entered by the next worker"
    assert faults(before) == []
    audit.seal_all()
    assert audit.verify_chain().broken is None


def test_ten_thousand_rows_killed_early_late_and_last_of_all_are_in_once_and_the_page_goes_on(
    own_county: DemoCounty,
) -> None:
    from tests.races.killing import books, faults, killed  # noqa: PLC0415

    roster, officer = received(own_county, table_of(140_000, LONG)), own_county.user("江篱")
    # Killed while it is checked: the page tells how far it was, and a restart checks it from the first row on.
    moments: list[dict[str, Any]] = [{"before_statement": 60}, {"after": 2}, {"before_words": LAST}]
    for moment in moments:
        killed(roster_work.work_rosters, **moment)
        roster.refresh_from_db()
        assert entered() == 0
        if roster.state == "received":
            assert f"已核对{roster.rows_read:,}行" in page_of(own_county, roster.public_id)
        let_go()
    roster_work.work_rosters()
    roster.refresh_from_db()
    assert (roster.state, roster.rows_read, roster.counts["new"]) == ("checked", LONG, LONG)
    rosters.approve_roster(public_id=roster.public_id, acting_user=officer)
    before = books()
    moments = [{"before_words": FIRST}, {"before_words": LAST}] + [{"after": seconds} for seconds in (0.3, 1, 3, 6)]
    deaths = 0
    for moment in moments:
        deaths += killed(roster_work.work_rosters, **moment)
        assert entered() in (0, LONG), moment
        assert faults(before) == [], moment
        if entered():
            break
        assert "正在录入" in page_of(own_county, roster.public_id), (
            "a dead worker is no end: the page waits for the next"
        )
        let_go()
    assert deaths >= 3, "it was hardly ever killed in the middle"
    roster_work.work_rosters()
    roster.refresh_from_db()
    assert (roster.state, entered()) == ("done", LONG)
    assert faults(before) == []
    assert "正在录入" not in page_of(own_county, roster.public_id)


def test_control_an_entry_that_commits_in_between_is_found_half_done(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    from niangjia.people.services.roster_pen import Pen  # noqa: PLC0415
    from tests.races.killing import killed  # noqa: PLC0415

    flush = Pen.flush

    def and_commit(pen: Pen) -> Any:
        connection.connection.commit()
        return flush(pen)

    monkeypatch.setattr(Pen, "flush", and_commit)
    approved_roster(own_county, 40)
    assert killed(roster_work.work_rosters, before_words=FIRST)
    assert 0 < entered() < ROWS


def test_control_an_audit_row_written_after_the_commit_is_found_missing(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.races.killing import books, faults, killed, record_after_the_commit  # noqa: PLC0415

    monkeypatch.setattr(audit, "record", record_after_the_commit)
    before, started = books(), time.monotonic()
    for moment in range(2, STATEMENTS):
        killed(writing(own_county, moment), before_statement=moment)
        if faults(before):
            return
        assert time.monotonic() - started < 30
    raise AssertionError("killed between the commit and its row, and nobody noticed")
