"""How a value of a list is written, and a number with its unit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from niangjia.core import clock, money
from niangjia.federation.listing.kinds import Column, State
from niangjia.federation.listing.units import Count

register = template.Library()
CLASSES = {
    "short": "cell-short num", "number": "cell-number", "day": "cell-date", "moment": "cell-date",
    "fen": "cell-number", "state": "cell-status",
}  # fmt: skip


@register.simple_tag
def counted(number: int, unit: str) -> str:
    """A number with its unit; an unknown unit raises."""
    return str(Count(number, unit))


@register.simple_tag
def count_of(number: int, unit: str, url: str = "") -> str | SafeString:
    """A number with its unit that opens the list of exactly these; nothing opens where there are none."""
    return linked(Count(number, unit, url=url))


@register.filter
def linked(count: Count) -> str | SafeString:
    """A count as a link to its list, where it has one; tests hold the number against the list."""
    if not count.url or not count.number:
        return str(count)
    return format_html('<a href="{}" data-count="{}">{}</a>', count.url, str(count.number), count)


@register.filter
def cell_class(column: Column) -> str:
    """The class of a column's cells."""
    return CLASSES.get(column.form, "")


@register.filter
def is_state(value: Any) -> bool:
    """Whether it is shown as a status."""
    return isinstance(value, State)


@register.simple_tag
def list_value(column: Column, value: Any) -> str | SafeString:
    """A value as its column is written."""
    if value is None:
        return ""
    if column.form == "fen" and isinstance(value, int):
        chinese = (get_language() or "").startswith("zh")
        return f"{money.yuan(value)}元" if chinese else f"¥{money.yuan(value)}"
    if isinstance(value, Count):
        return linked(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}"
    return format_html("{}", value)
