"""What an employer paid to the union while it was small or micro: a derived fact, with its payments.

Each recorded payment stands by the day it arrived; the size class is dated, so that a firm that grew out
of it in mid-year keeps what it paid before, and nothing after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from niangjia.core.facts import BUREAU, FactReading
from niangjia.people import coverage, readers
from niangjia.people.models import Employer, RecordedFact
from niangjia.people.recorded import known_facts
from niangjia.people.values import from_text

SMALL = {"small", "micro"}
# The register that must have been complete before "no payment" is read as nothing paid.
LEDGER = "contributions"
_SOURCE = ("工会经费台账", "Ledger of payroll contributions")


@dataclass(frozen=True)
class _Class:
    """The size class from a day on."""

    since: date
    value: str | None
    proof: int
    source_zh: str
    source_en: str


def _recorded(ids: Collection[int] | None, code: str, on: date) -> QuerySet[RecordedFact]:
    """The rows of one fact of employers, known on a date, by their days; a correction of a day comes after it."""
    wanted = readers.only(ids, "subject_id")
    return known_facts(on).filter(wanted, subject_kind="employer", code=code).order_by("true_on", "id")


def _classes(ids: Collection[int] | None, on: date) -> Mapping[int, list[_Class]]:
    """The dated size classes of each employer up to a date."""
    rows = _recorded(ids, "firm_size", on).filter(true_on__lte=on)
    found: dict[int, list[_Class]] = defaultdict(list)
    for pk, value, *rest in rows.values_list("subject_id", "value", "true_on", "proof", "source_zh", "source_en"):
        since, proof, source_zh, source_en = rest
        found[pk].append(_Class(since, from_text("code", value), proof, source_zh, source_en))  # type: ignore[arg-type]
    return found


def _class_on(classes: list[_Class], day: date) -> _Class | None:
    begun = [one for one in classes if one.since <= day]
    return begun[-1] if begun else None


def firm_size(ids: Collection[int] | None, on: date) -> dict[int, FactReading]:
    """The size class in force on a date, by the day it began, whenever it was recorded."""
    return {
        pk: FactReading(
            last.value, last.proof, last.since, last.source_zh, last.source_en,
            unknown="never_asked" if last.value is None else "",
        )
        for pk, classes in _classes(ids, on).items()
        for last in classes[-1:]
    }  # fmt: skip


def paid_while_small(ids: Collection[int] | None, on: date) -> dict[int, FactReading]:
    """This year's payments that arrived on days on which the employer was small or micro, in fen.

    Unknown while the class of one payment's day is unknown. Without a payment it is 0 only where the
    ledger of contributions was complete this year.
    """
    start, end = date(on.year, 1, 1), date(on.year + 1, 1, 1)
    classes, found = _classes(ids, on), {}
    for pk, payments in _payments(ids, start, on).items():
        seen = [(payment, _class_on(classes.get(pk, []), payment.on)) for payment in payments]
        known = [(payment, one) for payment, one in seen if one is not None and one.value is not None]
        is_open = len(known) < len(seen) or any(payment.fen is None for payment in payments)
        counted = [payment for payment, one in known if one.value in SMALL]
        found[pk] = FactReading(
            None if is_open else sum(payment.fen or 0 for payment in counted),
            min((min(payment.proof, one.proof) for payment, one in known), default=0),
            payments[-1].on, *_SOURCE, unknown="never_asked" if is_open else "", next_change_on=end,
            records=tuple(payment.record for payment in counted),
        )  # fmt: skip
    for pk, complete_on in _ledger_complete(ids, start, on).items():
        nothing = FactReading(0, BUREAU, complete_on, *_SOURCE, next_change_on=end)
        found.setdefault(pk, nothing)
    return found


@dataclass(frozen=True)
class _Payment:
    """What arrived on one day."""

    on: date
    fen: int | None
    proof: int
    record: str


def _payments(ids: Collection[int] | None, start: date, on: date) -> Mapping[int, list[_Payment]]:
    rows = _recorded(ids, "contribution_payment", on).filter(true_on__range=(start, on))
    by_day: dict[int, dict[date, _Payment]] = defaultdict(dict)
    for row_id, pk, value, day, proof in rows.values_list("id", "subject_id", "value", "true_on", "proof"):
        by_day[pk][day] = _Payment(day, from_text("fen", value), proof, str(row_id))  # type: ignore[arg-type]
    return {pk: list(days.values()) for pk, days in by_day.items()}


def _ledger_complete(ids: Collection[int] | None, start: date, on: date) -> Mapping[int, date]:
    """The employers whose union's ledger was complete on a day of this year, with the last such day."""
    units = coverage.complete_units([LEDGER], on)[LEDGER]
    if not units:
        return {}
    firms = Employer.objects.filter(readers.only(ids, "pk")).values_list("pk", "union_id")
    return {pk: units[union_id] for pk, union_id in firms if union_id in units and units[union_id] >= start}
