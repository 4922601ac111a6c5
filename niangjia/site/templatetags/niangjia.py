"""What every template may use without loading: money, dates, marks."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import translation

from niangjia.core import clock, money

register = template.Library()

_WEEKDAYS = "一二三四五六日"
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as 2,000.00元 (or ¥2,000.00 in English); nothing for None."""
    if fen is None:
        return ""
    return f"{money.yuan(fen)}元" if _chinese() else f"¥{money.yuan(fen)}"


@register.filter
def capitals(fen: int | None) -> str:
    """Fen in the capitals of cheques."""
    return "" if fen is None else money.capitals(fen)


@register.filter
def day(value: date | datetime | None) -> str:
    """A date in running text: 8月3日, with the year when it is not this one."""
    found = _as_date(value)
    if found is None:
        return ""
    same_year = found.year == clock.today().year
    if _chinese():
        return f"{found.month}月{found.day}日" if same_year else f"{found.year}年{found.month}月{found.day}日"
    return f"{found.day} {_MONTHS[found.month - 1]}" + ("" if same_year else f" {found.year}")


@register.filter
def weekday(value: date | datetime | None) -> str:
    """A date with its weekday: 8月3日（周一）."""
    found = _as_date(value)
    if found is None:
        return ""
    if _chinese():
        return f"{day(found)}（周{_WEEKDAYS[found.weekday()]}）"
    return f"{found:%A}, {day(found)}"


@register.filter
def table_day(value: date | datetime | None) -> str:
    """A date in a table: 2026-08-03."""
    found = _as_date(value)
    return "" if found is None else found.isoformat()


@register.filter
def clock_time(value: datetime | None) -> str:
    """A time of day: 08:33."""
    return "" if value is None else value.astimezone(clock.LOCAL).strftime("%H:%M")


def _as_date(value: date | datetime | None) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(clock.LOCAL).date()
    return value


def _chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")
