"""Where registers were complete: the only ground on which silence is read as an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from niangjia.core import clock
from niangjia.core.facts import Register, registers
from niangjia.federation.listing.pages import ListPage
from niangjia.federation.queries import all_below, union_names
from niangjia.federation.scopes import Scope
from niangjia.people.models import Coverage
from niangjia.people.shown import label_of

REGISTERS = (
    Register("employment", "就业登记", "Register of employment"),
    Register("zone_roster", "园区用工花名册", "Roster of the zone"),
    Register("membership", "工会会员名册", "Rolls of union members"),
    Register("contributions", "工会经费台账", "Ledger of payroll contributions"),
    Register("hardship", "困难职工档案", "Files of households in difficulty"),
    Register("household_members", "家庭成员登记", "Register of members of households"),
    Register("home_survey", "入户排摸名单", "Lists of the survey of homes"),
    Register("sanitation_roster", "环卫作业花名册", "Roster of sanitation workers"),
    Register("visit_list", "走访慰问名单", "List of visits"),
    Register("service_cards", "服务卡发放名册", "Roll of service cards"),
    Register("unions", "工会组织登记", "Register of unions"),
    Register("top_hundred", "百强企业名单", "List of the top hundred enterprises"),
)


def register_registers() -> None:
    """Offer them to facts and to the page on which their completeness is stated."""
    for one in REGISTERS:
        registers.register(one.code, one)


def known_on(day: date) -> Q:
    """The condition that a row had been recorded by the end of a day."""
    return Q(recorded_at__lt=clock.end_of(day))


def complete_units(codes: Collection[str], on: date) -> dict[str, Mapping[int, date]]:
    """For each register, the unions for which it was complete not long before a date, with the last such day.

    A statement counts for a union and all below it, as long as it is believed, and not before it was made.
    """
    longest = max((registers.get(code).believed_days for code in codes), default=0)
    rows = list(
        Coverage.objects.filter(known_on(on) | Q(recorded_at=None), register__in=codes, complete_on__lte=on)
        .filter(complete_on__gte=on - timedelta(days=longest))
        .order_by("complete_on")
        .values_list("register", "union_id", "complete_on")
    )
    below = all_below({union_id for _register, union_id, _day in rows})
    found: dict[str, dict[int, date]] = defaultdict(dict)
    for code, union_id, day in rows:
        if (on - day).days <= registers.get(code).believed_days:
            found[code] |= dict.fromkeys(below[union_id], day)
    return {code: found.get(code, {}) for code in codes}


@dataclass(frozen=True)
class Line:
    """One statement as the officer's page shows it."""

    register_name: str
    union_name: str
    row: Coverage
    believed_until: date
    counts: bool


def statements_in(scope: Scope) -> QuerySet[Coverage]:
    """What was said about registers of unions in scope, newest first."""
    return Coverage.objects.filter(scope.unions()).select_related("said_by", "evidence").order_by("-complete_on", "-pk")


def page_lines(page: ListPage, today: date) -> list[Line]:
    """Those on one page of their list."""
    return lines(page.objects, today)


def lines(rows: Sequence[Coverage], today: date) -> list[Line]:
    """The statements with their words, and whether each still counts."""
    names = union_names({row.union_id for row in rows})
    found = []
    for row in rows:
        register = registers.get(row.register)
        until = row.complete_on + timedelta(days=register.believed_days)
        found.append(Line(label_of(register), names[row.union_id], row, until, today <= until))
    return found
