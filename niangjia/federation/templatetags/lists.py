"""How a value of a list is written, and a number with its unit."""

from __future__ import annotations

import html
from datetime import datetime
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from niangjia.core import clock, money
from niangjia.core.marks import marked
from niangjia.federation.listing.kinds import Column, Line, State
from niangjia.federation.listing.pages import Field, ListPage
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


@register.simple_tag
def opens(words: str, number: int, url: str) -> str | SafeString:
    """A number in words of its own that opens the list of exactly these; nothing opens where there are none."""
    return format_html('<a href="{}" data-count="{}">{}</a>', url, str(number), words) if number and url else words


@register.filter
def linked(count: Count) -> str | SafeString:
    """A count as a link to its list, where it has one; tests hold the number against the list."""
    if not count.url or not count.number:
        return str(count)
    return format_html('<a href="{}" data-count="{}">{}</a>', count.url, str(count.number), count)


# Values that many rows of a page share.
_REPEATED = (Promise, Count)


@register.simple_tag
def list_rows(page: ListPage) -> SafeString:
    """The rows of a list as rows of its table.

    Written here, not in the template: fifty rows of eight cells took the template longer than all the rest of a page.
    """
    columns = [
        (column, f'<td class="{CLASSES.get(column.form, "")}" data-label="{_safe(column.label)}">')
        for column in page.kind.shown()
    ]
    # What was written of words and states, by their place in memory, and of numbers with a unit: the rows of a page
    # share a dozen of them, and each takes looking up the reader's language.
    written: dict[int | Count, str | SafeString] = {}
    rows = (_row(line, columns, written) for line in page.lines)
    return mark_safe("".join(rows))  # noqa: S308  each value goes through _safe


def _row(line: Line, columns: list[tuple[Column, str]], written: dict[int | Count, str | SafeString]) -> str:
    first, rest = columns[0][0], columns[1:]
    words = _safe(list_value(first, line.values.get(first.code)))
    if line.url:
        words = f'<a href="{_safe(line.url)}">{words}</a>'
    cells = "".join(_cell(column, opening, line.values.get(column.code), written) for column, opening in rest)
    return f'<tr><th scope="row">{words}</th>{cells}</tr>'


def _cell(column: Column, opening: str, value: Any, written: dict[int | Count, str | SafeString]) -> str:
    if type(value) is str:  # most of them
        return f"{opening}{html.escape(value)}</td>"
    if isinstance(value, State):
        opening = '<td class="cell-status">'
    elif not isinstance(value, _REPEATED):
        return f"{opening}{_safe(list_value(column, value))}</td>"
    key = value if isinstance(value, Count) and not value.url else id(value)
    if key not in written:
        is_state = isinstance(value, State)
        written[key] = marked(value.colour, value.word) if is_state else _safe(list_value(column, value))
    return f"{opening}{written[key]}</td>"


@register.simple_tag
def field_options(field: Field) -> SafeString:
    """What can be chosen for one condition above a list, with what is chosen.

    Written here for the same reason: a county chooses among three hundred unions on each page of its lists.
    """
    chosen = field.given.text if field.given else None
    return mark_safe(  # noqa: S308  each value goes through _safe
        "".join(
            f'<option value="{_safe(value)}"{" selected" if value == chosen else ""}>{_safe(label)}</option>'
            for value, label in field.choices or ()
        )
    )


def _safe(text: Any) -> str:
    """Escaped, unless it is markup of ours already."""
    return text if isinstance(text, SafeString) else html.escape(str(text))


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
    return value if isinstance(value, str) else str(value)
