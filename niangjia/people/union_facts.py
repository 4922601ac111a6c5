"""Facts of employers and unions, and of training, skill leaders and service cards, that rules ask for.

What holds for one year or month is read for that period only: last month's payroll says nothing of this
month's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date

from niangjia.core.facts import BUREAU, Fact, FactReading, ReadFact
from niangjia.federation.queries import life_of
from niangjia.people import contributions, readers

FIRM_SIZES = {
    "large": ("大型企业", "Large enterprise"),
    "medium": ("中型企业", "Medium enterprise"),
    "small": ("小型企业", "Small enterprise"),
    "micro": ("微型企业", "Micro enterprise"),
    "none": ("不是企业", "Not an enterprise"),
}
_LAW = "《中华人民共和国工会法》"
_MONEY_OF_UNIONS = {"purpose": "核定工会经费的缓缴和退还", "legal_ground": _LAW}
_GRANTS = {"purpose": "核定对下级工会的补助", "legal_ground": _LAW}
_TRAINING = {"purpose": "核定职工技能培训", "legal_ground": _LAW}
_SKILL = {"purpose": "发放技能带头人津贴", "legal_ground": _LAW}
_CARD = {"purpose": "结算服务卡补贴", "legal_ground": _LAW}


def facts() -> tuple[Fact, ...]:
    """All facts of this module, in the order of the pages."""
    return (*_of_employers(), *_of_unions(), *_of_training(), *_of_skill_leaders(), *_of_service_cards())


Period = Callable[[date], tuple[date, date]]


def _year(on: date) -> tuple[date, date]:
    """The first day of the year of a date, and of the next."""
    return date(on.year, 1, 1), date(on.year + 1, 1, 1)


def _month(on: date) -> tuple[date, date]:
    """The first day of the month of a date, and of the next."""
    return on.replace(day=1), date(on.year + on.month // 12, on.month % 12 + 1, 1)


def _typed(
    subject: str, code: str, type: str, zh: str, en: str, *, period: Period | None = None, **more: object
) -> Fact:
    """A fact that somebody records; its newest row counts, or the newest of the year or month it is about."""
    newest = readers.recorded(subject, code)
    read = {"read": newest if period is None else _in_period(newest, period), "recorded": True}
    return Fact(code=code, subject=subject, type=type, zh=zh, en=en, **{**read, **more})  # type: ignore[arg-type]


def _in_period(newest: ReadFact, period: Period) -> ReadFact:
    """A reader of the newest row of the period in which the date lies; when it ends, nothing is known again."""

    def read(ids: Collection[int] | None, on: date) -> Mapping[int, FactReading]:
        start, end = period(on)
        return {
            pk: replace(found, next_change_on=end)
            for pk, found in newest(ids, on).items()
            if found.on is not None and found.on >= start
        }

    return read


def _of_employers() -> tuple[Fact, ...]:
    return (
        _typed(
            "employer", "firm_size", "code", "企业规模", "Size class of the enterprise",
            read=contributions.firm_size, supplier="employer", codes=FIRM_SIZES, **_MONEY_OF_UNIONS,
            question_zh="按划型标准，本单位是大型、中型、小型还是微型企业？",
            question_en="By the official size classes, is it a large, medium, small or micro enterprise?",
        ),
        # One row is one payment; what arrived on one day is one sum.
        _typed(
            "employer", "contribution_payment", "fen", "工会经费缴款（一笔一记，日期写到账当天）",
            "Payment of payroll contributions (one at a time, dated the day it arrived)",
            unit="fen", supplier="bureau:税务局", **_MONEY_OF_UNIONS,
        ),
        Fact(
            code="contribution_paid_while_small", subject="employer", type="fen", unit="fen",
            zh="今年在小型、微型企业期间缴的工会经费",
            en="Payroll contributions paid this year while a small or micro enterprise",
            read=contributions.paid_while_small, register="contributions", supplier="registry", **_MONEY_OF_UNIONS,
        ),
        _typed(
            "employer", "payroll_this_month", "fen", "本月全部职工工资总额", "Payroll of this month",
            period=_month, unit="fen", supplier="employer", **_MONEY_OF_UNIONS,
            question_zh="本月全部职工工资总额多少元？", question_en="Payroll of this month, in yuan?",
        ),
    )  # fmt: skip


def _of_unions() -> tuple[Fact, ...]:
    visited = {"supplier": "visit", "changeable": True, **_GRANTS}
    return (
        _typed(
            "union", "new_form_industry_union", "bool", "新业态行业工会",
            "Industry union of workers in new forms of employment", supplier="registry", absent="false",
            register="unions", **_GRANTS,
        ),
        Fact(
            code="union_founded_on", subject="union", type="date", zh="工会成立日期",
            en="Day the union was founded", read=founded_on, supplier="registry", **_GRANTS,
        ),
        Fact(
            code="union_in_being", subject="union", type="bool", zh="工会没有撤销",
            en="The union has not been dissolved", read=in_being, supplier="registry", **_GRANTS,
        ),
        Fact(
            code="budget_years_since_founding", subject="union", type="int",
            zh="成立后的第几个预算年度（成立当年是第一个）",
            en="Budget year of the union (the year of founding is the first)",
            read=budget_years, supplier="registry", **_GRANTS,
        ),
        _typed(
            "union", "grant_check_passed", "bool", "本年度工作经费检查合格",
            "Passed this year's check on its working funds", period=_year, **visited,
        ),
        _typed(
            "union", "stations_accepted_this_year", "int", "今年新建并验收合格的驿站",
            "Stations newly built and accepted this year", period=_year, unit="count", **visited,
        ),
        _typed(
            "union", "reading_room_passed", "bool", "职工书屋本年度评估合格",
            "Its reading room passed this year's assessment", period=_year, **visited,
        ),
    )  # fmt: skip


def _of_training() -> tuple[Fact, ...]:
    paper = {"supplier": "person", **_TRAINING}
    return (
        _typed(
            "person", "epidemic_job_change", "bool", "因疫情影响需要转岗或再就业",
            "Must change post or find work again because of the epidemic", **paper,
            question_zh="请拍一张单位的转岗通知，或者解除劳动关系的证明。",
            question_en="Please photograph the notice of the change of post, or the paper that ended the job.",
        ),
        _typed(
            "person", "epidemic_job_loss", "bool", "因疫情失去工作", "Lost work because of the epidemic", **paper,
            question_zh="请拍一张解除劳动关系的证明或失业登记证。",
            question_en="Please photograph the paper that ended the job, or the registration as unemployed.",
        ),
        _typed(
            "person", "training_hours_this_year", "int", "今年签到的培训学时", "Hours of training attended this year",
            period=_year, unit="hour", supplier="registry", changeable=True, **_TRAINING,
        ),
        # Known only once the bureau has compared its list: no row is not a no.
        _typed(
            "person", "bureau_pays_training", "bool", "人社部门今年已补贴培训",
            "The labour bureau subsidises training this year", period=_year, supplier="bureau:人社局", **_TRAINING,
        ),
    )  # fmt: skip


def _of_skill_leaders() -> tuple[Fact, ...]:
    return (
        _typed(
            "person", "skill_leader_from", "date", "聘为技能带头人的第一天", "First day as a skill leader",
            supplier="registry", **_SKILL,
        ),
        _typed(
            "person", "skill_leader_until", "date", "技能带头人聘期最后一天", "Last day as a skill leader",
            supplier="registry", **_SKILL,
        ),
    )  # fmt: skip


def _of_service_cards() -> tuple[Fact, ...]:
    """What a settlement needs and no more: how often somebody came and at which price, never for what."""
    settled = {"period": _month, "supplier": "registry", "sensitive": True, **_CARD}
    return (
        _typed(
            "person", "service_card_in_force", "bool", "有工会发的有效服务卡", "Holds a service card in force",
            supplier="registry", absent="false", register="service_cards", **_CARD,
        ),
        _typed(
            "person", "card_bills_this_month", "fen", "本月凭卡服务的协议价合计",
            "Agreed prices of this month's services by card", unit="fen", **settled,
        ),
        _typed(
            "person", "card_sessions_billed", "int", "本月结算单上的次数", "Sessions on this month's bill",
            unit="time", **settled,
        ),
        _typed(
            "person", "card_sessions_confirmed", "int", "本月刷卡确认的次数", "Sessions confirmed by card this month",
            unit="time", **settled,
        ),
    )  # fmt: skip


_REGISTER = ("工会组织登记", "Register of unions")


def founded_on(ids: Collection[int] | None, on: date) -> dict[int, FactReading]:
    """The day a union was founded."""
    return {
        pk: FactReading(born, BUREAU, born, *_REGISTER)
        for pk, (born, _end) in life_of(ids).items()
        if born is not None and born <= on
    }


def in_being(ids: Collection[int] | None, on: date) -> dict[int, FactReading]:
    """Whether a union has not been dissolved by a date."""
    return {
        pk: FactReading(True, BUREAU, born, *_REGISTER)
        if end is None or end > on
        else FactReading(False, BUREAU, end, *_REGISTER)
        for pk, (born, end) in life_of(ids).items()
    }


def budget_years(ids: Collection[int] | None, on: date) -> dict[int, FactReading]:
    """Which budget year a union is in: a union founded in November is in its second from 1 January."""
    return {
        pk: FactReading(on.year - born.year + 1, BUREAU, born, *_REGISTER, next_change_on=date(on.year + 1, 1, 1))
        for pk, (born, _end) in life_of(ids).items()
        if born is not None and born <= on
    }
