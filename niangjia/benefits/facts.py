"""The facts this room offers to the rules: voucher holders of an employer, their full years, their wage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import F, Q, QuerySet

from niangjia.benefits.models import Voucher
from niangjia.benefits.retention import Job, Retention, retention
from niangjia.core.facts import SEAL, Fact, FactReading, record_sets, register_fact

ID_LIST_LIMIT = 2_000


def register() -> None:
    """Offer them."""
    register_fact(
        Fact(
            code="voucher_holders_full_year", subject="employer", type="int", unit="person",
            zh="干满一年的持券人", en="Voucher holders with a full year", read=read_full_year, supplier="registry",
            changeable=True, purpose="核定吸纳持券人的奖励", legal_ground="《中华人民共和国工会法》",
        )
    )  # fmt: skip
    register_fact(
        Fact(
            code="holder_monthly_wage", subject="employer", type="fen", unit="fen", zh="持券人月工资（最低的一位）",
            en="Monthly wage of the voucher holder who earns least", read=read_lowest_wage, supplier="employer",
            changeable=True, purpose="核定吸纳持券人的补贴", legal_ground="《中华人民共和国工会法》",
        )
    )  # fmt: skip


def read_lowest_wage(ids: Collection[int] | None, on: date) -> dict[int, FactReading]:
    """Per employer with holders in work on a date: the lowest monthly wage in fen; an unknown one makes it unknown."""
    rows = _bound(ids, on).values_list(
        "employer_id", "person__employments__monthly_wage_fen", "person__employments__started_on",
        "person__employments__ended_on",
    )  # fmt: skip
    wages: dict[int, list[tuple[int | None, date]]] = defaultdict(list)
    for employer_id, wage_fen, started_on, ended_on in rows:
        if ended_on is None or ended_on >= on:
            wages[employer_id].append((wage_fen, started_on))
    return {
        employer_id: FactReading(
            min(wage for wage, _on in found if wage is not None), SEAL, min(day for _wage, day in found),
            "用工登记", "Register of employment",
        )
        for employer_id, found in wages.items()
        if all(wage is not None for wage, _on in found)
    }  # fmt: skip


def read_full_year(ids: Collection[int] | None, on: date) -> dict[int, FactReading]:
    """Per employer: the number of holders, the jobs counted, and the day the next holder completes a year.

    Vouchers are this room's own register, so an employer without any is a known 0.
    """
    found = retentions(ids, on)
    employers = record_sets.get("employer").unions(ids)  # type: ignore[arg-type]
    nobody = Retention(0, (), None)
    return {
        employer_id: FactReading(
            (state := found.get(employer_id, nobody)).count, SEAL, on, "就业券登记和用工登记",
            "Register of vouchers and of employment", next_change_on=state.next_on,
            records=tuple(str(spell_id) for spell_id in state.spell_ids),
        )
        for employer_id in employers
    }  # fmt: skip


def retentions(ids: Collection[int] | None, on: date) -> dict[int, Retention]:
    """The state of each employer that has taken on a holder; one query."""
    rows = _bound(ids, on).values_list(
        "employer_id", "person_id", "person__employments__pk", "bound_on", "person__employments__started_on",
        "person__employments__ended_on",
    )  # fmt: skip
    jobs: dict[int, list[Job]] = defaultdict(list)
    for employer_id, person_id, spell_id, bound_on, started_on, ended_on in rows:
        if ended_on is None or ended_on >= bound_on:
            jobs[employer_id].append(Job(person_id, spell_id, bound_on, started_on, ended_on))
    return {employer_id: retention(found, on) for employer_id, found in jobs.items()}


def _bound(ids: Collection[int] | None, on: date) -> QuerySet[Voucher]:
    """Vouchers bound to an employer on a date, each with every job of its holder there, in one statement."""
    wanted = Q() if ids is None or len(ids) > ID_LIST_LIMIT else Q(employer_id__in=list(ids))
    return Voucher.objects.filter(
        wanted, bound_on__lte=on, person__employments__employer_id=F("employer_id"),
        person__employments__started_on__lte=on,
    ).exclude(ending=Voucher.Ending.VOID, ended_on__lte=on)  # fmt: skip
