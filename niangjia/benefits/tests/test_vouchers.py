"""Vouchers: one live per person, bound once, refused outside the area; the full year counted for the employer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction

from niangjia.benefits.facts import read_full_year, read_lowest_wage
from niangjia.benefits.models import Voucher
from niangjia.benefits.services import vouchers
from niangjia.benefits.services.load import VoucherLine, load_vouchers
from niangjia.benefits.tests import world
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.core.ids import serial_is_valid
from niangjia.people.services import load
from niangjia.policy import queries as policy

pytestmark = pytest.mark.one_database

if TYPE_CHECKING:
    from niangjia.benefits.tests.world import Village

UNTIL = date(2027, 8, 2)
TODAY = date(2026, 8, 3)


@pytest.fixture
def programme(village: Village) -> int:
    version = world.adopt(village, "fengxian-employment-voucher")
    return policy.version_card(world.scope_to_freeze(village), version).programme_id


def _issue(village: Village, programme: int, name: str = "谷满仓") -> Voucher:
    return vouchers.issue_voucher(
        person_id=village.persons[name], programme_id=programme, expires_on=UNTIL, acting_user=village.user("su")
    )


def _bind(village: Village, serial: str, user: str = "su") -> Voucher:
    return vouchers.bind_voucher(serial=serial, employer_id=village.firm, acting_user=village.user(user))


def test_one_live_voucher_per_person(village: Village, programme: int) -> None:
    first = _issue(village, programme)
    assert serial_is_valid(first.serial, vouchers.SERIAL_PREFIX)
    with pytest.raises(vouchers.LiveVoucherExists):
        _issue(village, programme)
    vouchers.end_voucher(public_id=first.public_id, ending="void", reason="丢失", acting_user=village.user("su"))
    assert _issue(village, programme).number == first.number + 1


def test_an_expired_voucher_makes_room_for_a_new_one(village: Village, programme: int) -> None:
    person = village.persons["谷满仓"]
    old = vouchers.issue_voucher(
        person_id=person, programme_id=programme, issued_on=date(2025, 1, 1), expires_on=date(2026, 1, 1),
        acting_user=village.user("su"),
    )  # fmt: skip
    _issue(village, programme)
    old.refresh_from_db()
    assert old.ending == "expired"


def test_the_database_holds_one_live_voucher_per_person(village: Village, programme: int) -> None:
    _issue(village, programme)
    columns = "person_id, union_id, programme_id, issued_on, expires_on, ending, end_reason"
    again = (
        f"INSERT INTO benefits_voucher (public_id, number, serial, {columns}) "
        f"SELECT 'again', 99, 'JYQ99', {columns} FROM benefits_voucher"
    )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(again)


def test_bound_once_and_never_again(village: Village, programme: int) -> None:
    voucher = _issue(village, programme)
    assert _bind(village, voucher.serial.lower()).employer_id == village.firm
    with pytest.raises(vouchers.AlreadyBound):
        _bind(village, voucher.serial)


@pytest.mark.parametrize("serial", ["JYQ00000010", "JYQ", "", "12345", "JYQ00000999"])
def test_a_mistyped_serial_is_refused_with_a_sentence(village: Village, programme: int, serial: str) -> None:
    voucher = _issue(village, programme)
    assert voucher.serial != serial
    with pytest.raises(vouchers.SerialUnknown):
        _bind(village, serial)


def test_an_ended_voucher_is_refused(village: Village, programme: int) -> None:
    voucher = _issue(village, programme)
    with pytest.raises(vouchers.EndingNeedsReason):
        vouchers.end_voucher(public_id=voucher.public_id, ending="void", reason="", acting_user=village.user("su"))
    vouchers.end_voucher(public_id=voucher.public_id, ending="returned", reason="交回", acting_user=village.user("su"))
    with pytest.raises(vouchers.VoucherNotValid):
        _bind(village, voucher.serial)


def test_a_holder_outside_the_issuing_area_is_refused(village: Village, programme: int) -> None:
    voucher = _issue(village, programme)
    with connection.cursor() as cursor:  # he has moved to the other county since
        cursor.execute(
            "UPDATE people_person SET union_id = %s WHERE id = %s", [village.union("far-town"), voucher.person_id]
        )
    with pytest.raises(vouchers.HolderOutsideScope):
        _bind(village, voucher.serial)
    voucher.refresh_from_db()
    assert voucher.employer_id is None


def test_officers_elsewhere_can_neither_issue_nor_bind(village: Village, programme: int) -> None:
    serial = _issue(village, programme).serial
    village.base.officer("zhi", "county_officer", "other-county")
    with pytest.raises(NotFoundHere):
        _bind(village, serial, "zhi")
    with pytest.raises(NotFoundHere):
        vouchers.issue_voucher(
            person_id=village.persons["艾草青"], programme_id=programme, expires_on=UNTIL,
            acting_user=village.user("zhi"),
        )  # fmt: skip
    with pytest.raises(RightMissing):
        _bind(village, serial, "jiang")


def hired(village: Village, programme: int, *jobs: tuple[str, date, date | None]) -> None:
    """Holders whose voucher was bound on the day they began."""
    load.load_jobs(
        [world.job(village, name, started, ended) for name, started, ended in jobs], root_id=village.root,
        complete_on=TODAY, registers={},
    )  # fmt: skip
    lines = [
        VoucherLine(
            village.persons[name], village.union("town-a"), programme, started, date(2030, 1, 1), village.firm, started
        )
        for name, started, _ended in jobs
    ]
    load_vouchers(lines=lines, union_id=village.root)


def test_the_fact_counts_distinct_full_years_and_knows_the_next_day(village: Village, programme: int) -> None:
    hired(
        village, programme,
        ("谷满仓", date(2024, 1, 1), date(2025, 1, 31)),  # left after a full year: counts
        ("艾草青", date(2025, 3, 1), date(2026, 1, 31)),  # left after eleven months: never
        ("桑果红", date(2025, 8, 19), None),  # full on 19 August
        ("杜仲山", date(2025, 6, 1), None),
    )  # fmt: skip
    reading = read_full_year([village.firm], TODAY)[village.firm]
    assert (reading.value, reading.next_change_on, len(reading.records)) == (2, date(2026, 8, 19), 2)
    assert read_full_year(None, date(2026, 8, 19))[village.firm].value == 3


def test_an_employer_without_vouchers_is_a_known_zero(village: Village) -> None:
    reading = read_full_year([village.firm], TODAY)[village.firm]
    assert (reading.value, reading.next_change_on, reading.unknown) == (0, None, "")


def test_a_void_voucher_never_counts_and_a_returned_one_does(village: Village, programme: int) -> None:
    hired(village, programme, ("谷满仓", date(2024, 1, 1), None), ("杜仲山", date(2024, 2, 1), None))
    first, second = Voucher.objects.order_by("pk")
    su = village.user("su")
    vouchers.end_voucher(public_id=first.public_id, ending="void", reason="合同是假的", acting_user=su)
    vouchers.end_voucher(public_id=second.public_id, ending="returned", reason="离职", acting_user=su)
    assert read_full_year([village.firm], TODAY)[village.firm].value == 1


def test_the_lowest_wage_of_holders_in_work_is_known_only_if_all_are(village: Village, programme: int) -> None:
    assert read_lowest_wage(None, TODAY) == {}
    hired(village, programme, ("谷满仓", date(2025, 9, 1), None))
    assert read_lowest_wage([village.firm], TODAY)[village.firm].value == 320_000
