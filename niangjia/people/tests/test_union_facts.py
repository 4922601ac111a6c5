"""What follows from payments, size classes and the register of unions; what holds for one year or month only."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from niangjia.core import clock
from niangjia.core.facts import BUREAU, SEAL, FactReading, facts
from niangjia.federation.models import Union
from niangjia.people.models import Employer
from niangjia.people.services.coverage import record_coverage
from niangjia.people.services.employers import register_employer
from niangjia.people.services.facts import record_fact
from niangjia.people.tests.world import World, credit_code
from niangjia.people.values import Value

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen"), pytest.mark.one_database]
TODAY = date(2026, 8, 3)
CLASSES = ("large", "medium", "small", "micro", "none")


@pytest.fixture
def firm(world: World) -> Employer:
    """An employer of the county."""
    return register_employer(
        union_id=world.union("county").pk, name="苦楝木器厂", credit_code=credit_code(1), acting_user=world.user("su")
    )


def _know(firm: Employer, code: str, value: Value, on: date, proof: int = SEAL) -> None:
    record_fact(subject_kind="employer", subject_id=firm.pk, code=code, value=value, proof=proof, true_on=on,
                source_zh="台账", source_en="Ledger", acting_user=None)  # fmt: skip


def _read(subject: str, code: str, pk: int, on: date = TODAY) -> FactReading | None:
    one, all_of_them = (facts.get(f"{subject}.{code}").read(ids, on).get(pk) for ids in ([pk], None))
    assert one == all_of_them
    return one


def test_what_was_paid_before_it_grew_counts_and_after_it_does_not(firm: Employer) -> None:
    for day, size in ((date(2025, 3, 1), "small"), (date(2026, 5, 10), "medium")):
        with clock.frozen(day):
            _know(firm, "firm_size", size, day)
    for day, fen in (
        (date(2025, 12, 31), 1),
        (date(2026, 1, 1), 20),
        (date(2026, 5, 9), 300),
        (date(2026, 5, 10), 4_000),
    ):
        with clock.frozen(day):
            _know(firm, "contribution_payment", fen, day)
    found = _read("employer", "contribution_paid_while_small", firm.pk)
    assert found is not None
    assert (found.value, len(found.records), found.next_change_on) == (320, 2, date(2027, 1, 1))
    before = _read("employer", "contribution_paid_while_small", firm.pk, date(2026, 5, 8))
    assert before is not None
    assert before.value == 20


def test_a_corrected_payment_of_a_day_stands_for_the_first_and_a_class_recorded_late_counts_from_its_day(
    firm: Employer,
) -> None:
    _know(firm, "contribution_payment", 500, date(2026, 2, 1))
    _know(firm, "contribution_payment", 700, date(2026, 2, 1))
    _know(firm, "firm_size", "medium", date(2026, 6, 1))
    unknown = _read("employer", "contribution_paid_while_small", firm.pk)
    assert unknown is not None
    assert (unknown.value, unknown.unknown) == (None, "never_asked")
    _know(firm, "firm_size", "micro", date(2026, 1, 1))
    found, size = (_read("employer", code, firm.pk) for code in ("contribution_paid_while_small", "firm_size"))
    assert found is not None
    assert size is not None
    assert (found.value, size.value) == (700, "medium")


def test_a_class_that_was_only_stated_leaves_the_sum_unproved(firm: Employer) -> None:
    _know(firm, "contribution_payment", 500, date(2026, 2, 1), BUREAU)
    _know(firm, "firm_size", "small", date(2026, 1, 1), 1)
    found = _read("employer", "contribution_paid_while_small", firm.pk)
    assert found is not None
    assert (found.value, found.proof) == (500, 1)


def test_no_payment_is_nothing_paid_only_where_the_ledger_was_complete_this_year(world: World, firm: Employer) -> None:
    officer = world.user("su")
    county = world.union("county").pk
    record_coverage(register="contributions", union_id=county, complete_on=date(2025, 12, 31), source="税务局台账",
                    acting_user=officer)  # fmt: skip
    assert _read("employer", "contribution_paid_while_small", firm.pk) is None
    record_coverage(register="contributions", union_id=county, complete_on=date(2026, 6, 30), source="税务局台账",
                    acting_user=officer)  # fmt: skip
    found = _read("employer", "contribution_paid_while_small", firm.pk)
    assert found is not None
    assert (found.value, found.on) == (0, date(2026, 6, 30))


def test_payments_and_classes_in_any_order_give_what_a_walk_through_the_days_gives(
    world: World, frozen: object
) -> None:
    rng, answers = random.Random(7), set()
    for at in range(25):
        firm = Employer.objects.create(union_id=world.union("county").pk, name="楝木", credit_code=credit_code(at + 10))
        sizes: dict[date, str] = {}
        paid: dict[date, int] = {}
        for _step in range(rng.randint(2, 12)):
            day = date(2025, 11, 1) + timedelta(days=rng.randint(0, 300))
            if rng.random() < 0.4:
                sizes[day] = rng.choice(CLASSES)
                _know(firm, "firm_size", sizes[day], day)
            else:
                paid[day] = rng.randint(1, 999)
                _know(firm, "contribution_payment", paid[day], day)
        expected = _walk(sizes, paid)
        assert _value(_read("employer", "contribution_paid_while_small", firm.pk)) == expected
        answers.add(expected)
    assert {None, 0} < answers  # sums beside the two that need no arithmetic


def _value(reading: FactReading | None) -> Value:
    return None if reading is None else reading.value


def _walk(sizes: dict[date, str], paid: dict[date, int]) -> int | None:
    """Day by day: the class of yesterday holds until another one begins."""
    total, size, seen = 0, "", False
    day = date(2025, 1, 1)
    while day <= TODAY:
        size = sizes.get(day, size)
        if day in paid and day.year == TODAY.year:
            seen = True
            if not size:
                return None
            total += paid[day] if size in {"small", "micro"} else 0
        day += timedelta(days=1)
    return total if seen else None


def test_the_payroll_of_a_month_is_not_known_in_the_next(firm: Employer) -> None:
    _know(firm, "payroll_this_month", 100, date(2026, 7, 31))
    assert _read("employer", "payroll_this_month", firm.pk) is None
    _know(firm, "payroll_this_month", 200, date(2026, 8, 1))
    found = _read("employer", "payroll_this_month", firm.pk)
    assert found is not None
    assert (found.value, found.next_change_on) == (200, date(2026, 9, 1))
    assert _read("employer", "payroll_this_month", firm.pk, date(2026, 12, 1)) is None


def test_the_year_of_founding_is_the_first_budget_year_and_new_year_s_day_begins_the_second(world: World) -> None:
    union = world.union("grid-a").pk
    Union.objects.filter(pk=union).update(founded_on=date(2024, 11, 30), ended_on=date(2026, 8, 3))
    years = {day: _value(_read("union", "budget_years_since_founding", union, day)) for day in (
        date(2024, 11, 29), date(2024, 11, 30), date(2024, 12, 31), date(2025, 1, 1), date(2026, 12, 31))}  # fmt: skip
    assert list(years.values()) == [None, 1, 1, 2, 3]
    alive = [_value(_read("union", "union_in_being", union, day)) for day in (date(2026, 8, 2), date(2026, 8, 3))]
    assert alive == [True, False]
    assert _value(_read("union", "union_founded_on", union)) == date(2024, 11, 30)
