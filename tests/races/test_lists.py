"""Two officers at the same moment: one list, one serving, one binding; the other reads a sentence."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, connections

from niangjia.benefits.services import freeze, holds, vouchers
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.scopes import scope_of
from niangjia.policy import queries as policy
from niangjia.policy.queries import published_versions
from niangjia.site.demo.adoptions import ADOPTIONS, adopt

if TYPE_CHECKING:
    from tests.demo_stage import DemoCounty

RACERS = 4


def _race(act: Callable[[int], object], racers: int = RACERS) -> Counter[str]:
    """Let several threads do one thing at once; how each ended, by name."""
    ends: list[str] = []
    start = threading.Barrier(racers)

    def run(number: int) -> None:
        start.wait()
        try:
            act(number)
            ends.append("done")
        except (Refusal, Error) as refused:
            ends.append(type(refused).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == racers, "a racer fell over something else"
    return Counter(ends)


def _version(slug: str) -> str:
    return next(card.public_id for card in published_versions(clock.today()) if card.programme_slug == slug)


def _freeze(county: DemoCounty, version: str, number: int) -> None:
    su = county.user("苏木")
    plan = freeze.plan_freeze(scope_of(su, "benefits.list:freeze"), version)
    freeze.freeze_list(
        version_public_id=version, document_number="云工发〔2026〕21号", meeting="主席办公会",
        meeting_on=date(2026, 8, 3), attachment=SimpleUploadedFile("a.pdf", b"%PDF-1.4", "application/pdf"),
        seen=plan.seen, request_id=f"race-{version}-{number}", acting_user=su,
    )  # fmt: skip


def _live_rows() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), COUNT(DISTINCT period || '/' || per_key) FROM benefits_listrow WHERE excluded_at IS NULL"
        )
        found = cursor.fetchone()
    return found[0], found[1]


def test_one_list_is_frozen_however_many_press_at_once(own_county: DemoCounty) -> None:
    version = _version("yantai-consolation")
    ends = _race(lambda number: _freeze(own_county, version, number))
    assert ends["done"] == 1, ends
    assert _live_rows() == (104, 104)


def test_control_lists_of_different_programmes_do_not_hinder_each_other(own_county: DemoCounty) -> None:
    slugs = (
        "yantai-consolation",
        "jianghua-early-return-subsidy",
        "xiangshan-study-room",
        "yantai-second-reimbursement",
    )
    versions = [_version(slug) for slug in slugs]
    ends = _race(lambda number: _freeze(own_county, versions[number], number))
    assert ends == {"done": RACERS}


CONSOLATION = "yantai-consolation"
WAIT = 1.0  # seconds that the first waits in the middle of its act for the other to be there too


def _race_of_two_editions(county: DemoCounty, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Freeze an edition per worker and one per household; both have counted before either writes, if let.

    Whom the second would take of each household waits in the first, so that no person stands on both.
    """
    per_worker = _version(CONSOLATION)
    recipe = next(one for one in ADOPTIONS if one.recipe == CONSOLATION)
    per_household = adopt(replace(recipe, choices={"per": ["household"]}), county.stage.users).public_id
    su = county.user("苏木")
    for row in freeze.plan_freeze(scope_of(su, "benefits.list:freeze"), per_household).rows:
        holds.place_hold(
            version_public_id=per_worker, subject_kind=row.subject_kind, subject_id=row.subject_id, reason="核实中",
            acting_user=su,
        )  # fmt: skip
    both, check = threading.Barrier(2), freeze._check

    def check_when_both_have_counted(plan: freeze.FreezePlan, seen: str) -> None:
        with suppress(threading.BrokenBarrierError):
            both.wait(WAIT)
        check(plan, seen)

    monkeypatch.setattr(freeze, "_check", check_when_both_have_counted)
    editions = (per_worker, per_household)
    return _race(lambda number: _freeze(county, editions[number], number), 2)


def test_two_editions_frozen_at_once_pay_no_household_twice(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = _race_of_two_editions(own_county, monkeypatch)
    # Whoever came first has moved the figures that the other confirmed.
    assert ends["done"] == 1, ends
    assert set(ends) <= {"done", "NobodyToFreeze", "ChangedWhileReading"}


def test_control_without_the_lock_on_the_programme_both_editions_pay(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "lock_programme", lambda programme_id: None)
    ends = _race_of_two_editions(own_county, monkeypatch)
    # SQLite lets one writer in at a time, so there the lock is spare.
    assert ends["done"] == (2 if connection.vendor == "postgresql" else 1), ends


FREE = 9_000_000  # an id that nobody on a list has
COLUMNS = "programme_id, period, subject_kind, union_id, decision_id, amount_fen, first_time"


def _insert(number: int, per_key: str, subject_id: int, taken_off: str = "") -> None:
    more, values = (", excluded_at, excluded_by_id", f", {taken_off}") if taken_off else ("", "")
    reason = "'x'" if taken_off else "''"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO benefits_listrow (frozen_list_id, position, per_key, subject_id, {COLUMNS}, "
            f"exclusion_reason{more}) SELECT frozen_list_id, %s, %s, %s, {COLUMNS}, {reason}{values} "
            "FROM benefits_listrow ORDER BY id LIMIT 1",
            [9_000 + number, per_key, subject_id],
        )


def test_the_constraints_themselves_let_one_live_row_in_and_any_number_taken_off(own_county: DemoCounty) -> None:
    _freeze(own_county, _version("yantai-consolation"), 0)
    one_key = _race(lambda number: _insert(number, "raced", FREE + number))
    assert one_key["done"] == 1, one_key
    one_subject = _race(lambda number: _insert(number + 10, f"raced-{number}", FREE + 100))
    assert one_subject["done"] == 1, one_subject
    # The control: rows that are taken off are outside the constraints, so the same race lets all of them in.
    taken_off = f"'2026-08-03 09:00:00+00:00', {own_county.user('苏木').pk}"
    off = _race(lambda number: _insert(number + 20, "raced", FREE + 100, taken_off))
    assert off == {"done": RACERS}


def test_a_voucher_is_bound_once_however_many_employers_press(own_county: DemoCounty) -> None:
    su = own_county.user("苏木")
    firms = own_county.stage.employers[:RACERS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT serial FROM benefits_voucher WHERE bound_on IS NULL AND ended_on IS NULL ORDER BY id")
        serial = cursor.fetchone()[0]
    ends = _race(
        lambda number: vouchers.bind_voucher(
            serial=serial, employer_id=firms[number], acting_user=own_county.user(su.username)
        )
    )
    assert ends["done"] == 1, ends
    assert set(ends) <= {"done", "AlreadyBound"}
