"""How a value of a list is written, and a number with its unit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from niangjia.core import clock, money
from niangjia.core.marks import marked
from niangjia.federation.listing.kinds import Column, Line, State
from niangjia.federation.listing.pages import ListPage
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
def list_rows(page: ListPage) -> SafeString:
    """The rows of a list as rows of its table.

    Written here, not in the template: fifty rows of eight cells took the template longer than all the rest of a page.
    """
    columns = [
        (column, format_html('<td class="{}" data-label="{}">', CLASSES.get(column.form, ""), column.label))
        for column in page.kind.shown()
    ]
    return format_html_join("", "{}", ((_row(line, columns),) for line in page.lines))


def _row(line: Line, columns: list[tuple[Column, SafeString]]) -> SafeString:
    first, rest = columns[0][0], columns[1:]
    words: str | SafeString = list_value(first, line.values.get(first.code))
    if line.url:
        words = format_html('<a href="{}">{}</a>', line.url, words)
    cells = ((_cell(column, opening, line.values.get(column.code)),) for column, opening in rest)
    return format_html('<tr><th scope="row">{}</th>{}</tr>', words, format_html_join("", "{}", cells))


def _cell(column: Column, opening: SafeString, value: Any) -> SafeString:
    if isinstance(value, State):
        return format_html('<td class="cell-status">{}</td>', marked(value.colour, value.word))
    return format_html("{}{}</td>", opening, list_value(column, value))


@register.simple_tag
def list_value(column: Column, value: Any) -> str | SafeString:
    """A value as its column is written."""
    if value is None:
        return ""
    if column.form == "fen" and isinstance(value, int):
        chinese = (get_language() or "").startswith("zh")
        return f"{money.yuan(value)}元" if chinese else f"¥{money.yuan(value)}"
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}"
    return value if isinstance(value, str) else str(value)
