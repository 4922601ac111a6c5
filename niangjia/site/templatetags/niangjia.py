"""What every template may use without loading: money, dates, status words, parts of pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from niangjia.core import clock, money
from niangjia.core.marks import SYMBOLS, marked
from niangjia.federation.templatetags.lists import count_of, counted
from niangjia.site.status import MARK_WORDS, status_words

register = template.Library()

_AMOUNT = re.compile(r"([\d,]+\.\d{2}元)")

_WEEKDAYS = "一二三四五六日"
# Written out, because strftime speaks the server's language and not the reader's.
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
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
def whole_amounts(text: str) -> SafeString:
    """Running text whose amounts do not part from their unit at the end of a line."""
    # Every second part is an amount.
    parts = enumerate(_AMOUNT.split(text))
    return format_html_join("", "{}", ((_kept(part) if place % 2 else part,) for place, part in parts))


def _kept(amount: str) -> SafeString:
    return format_html('<span class="num">{}</span>', amount)


@register.filter
def without_stop(label: str) -> str:
    """A label that is a whole sentence, ready for the colon behind it."""
    return label.rstrip("。？！.?!：:")


@register.filter
def weekday(value: date | datetime | None) -> str:
    """A date with its weekday: 8月3日（周一）."""
    found = _as_date(value)
    if found is None:
        return ""
    if _chinese():
        return f"{day(found)}（周{_WEEKDAYS[found.weekday()]}）"
    return f"{_DAYS[found.weekday()]}, {day(found)}"


@register.filter
def full_day(value: date | datetime | None) -> str:
    """A date whole, with year and weekday: 2026年8月3日（周一）."""
    found = _as_date(value)
    if found is None:
        return ""
    if _chinese():
        return f"{found.year}年{found.month}月{found.day}日（周{_WEEKDAYS[found.weekday()]}）"
    return f"{_DAYS[found.weekday()]}, {found.day} {_MONTHS[found.month - 1]} {found.year}"


@register.filter
def table_day(value: date | datetime | None) -> str:
    """A date in a table: 2026-08-03."""
    found = _as_date(value)
    return "" if found is None else found.isoformat()


@register.filter
def clock_time(value: datetime | None) -> str:
    """A time of day: 08:33."""
    return "" if value is None else value.astimezone(clock.LOCAL).strftime("%H:%M")


@register.filter
def count(value: int | None) -> str:
    """A whole number with thousands separators: 20,000."""
    return "" if value is None else f"{value:,}"


@register.simple_tag
def status(code: str, when: date | datetime | None = None, days: int | None = None) -> SafeString:
    """A status as symbol, word and colour; an unknown code raises `NotRegistered`."""
    word = status_words.get(code)
    text: Any = word.word
    if when is not None and word.with_day:
        text = word.with_day % {"day": day(when)}
    elif days is not None and word.with_days:
        text = word.with_days % {"days": days}
    return marked(word.colour, text, word.symbol)


@register.simple_tag
def tag(colour: str, word: str) -> SafeString:
    """Any other state in the dress of a status: colour yes, ask, no, go or late, and its own word."""
    return marked(colour, word)


@register.simple_tag
def mark(state: Any) -> SafeString:
    """A status that somebody else worked out: what has colour, symbol and word."""
    return marked(state.colour, state.word, state.symbol)


@register.simple_tag
def mark_symbol(mark: str) -> str:
    """The symbol of a condition's mark; an unknown mark raises."""
    return SYMBOLS[mark]


@register.simple_tag
def mark_word(mark: str) -> str:
    """The word of a condition's mark, for those who hear the page."""
    return str(MARK_WORDS[mark])


@register.inclusion_tag("site/parts/field.html")
def field(field: BoundField, unit: str = "") -> dict[str, Any]:
    """One form field: label, hint, input, error."""
    return {"field": field, "unit": unit}


@register.inclusion_tag("site/parts/upload.html")
def upload(field: BoundField) -> dict[str, Any]:
    """A photograph's field: where there is script it is shrunk, and sent in parts that survive a broken connection.

    The form's view takes its files from `files_of`.
    """
    field.field.widget.attrs.setdefault("data-uploads", reverse("upload_begin"))
    field.field.widget.attrs.setdefault("data-shrink", "")
    field.field.widget.attrs.setdefault("accept", "image/*,application/pdf")
    return {"field": field}


class FigureWithoutUnit(Exception):
    """A number was about to be shown without its unit."""


@register.inclusion_tag("site/parts/figures.html")
def figures(numbers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Numbers in a row, each with label and unit; one without a unit raises, it may not be shown."""
    shown = list(numbers)
    for one in shown:
        if not one.get("unit"):
            raise FigureWithoutUnit(str(one.get("label")))
    return {"numbers": shown}


# A number with its unit on any page; an unknown unit raises.
register.simple_tag(counted)
# The same, opening the list of exactly these.
register.simple_tag(count_of)


@register.simple_tag
def all_of(number: int, unit: str, url: str) -> SafeString:
    """The way from the first few to all of them, with how many there are."""
    words = translation.gettext("All %(count)s") % {"count": counted(number, unit)}
    return format_html('<p><a href="{}" data-count="{}">{}</a></p>', url, str(number), words)


@register.simple_tag
def tab_count(tab: Mapping[str, Any]) -> str | SafeString:
    """How many stand behind a tab, with the unit; nothing where nobody counted, and without a unit it raises."""
    if tab.get("count") in (None, ""):
        return ""
    if not tab.get("unit"):
        raise FigureWithoutUnit(str(tab.get("label")))
    return format_html(
        '<span class="tab-count" data-count="{}"><span class="count">{}</span>{}</span>',
        tab["count"], tab["count"], tab["unit"],
    )  # fmt: skip


@register.inclusion_tag("site/parts/pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Previous, page n of m with the rows counted, next; keeps the filters of the address."""
    return {"page": page, "request": context["request"]}


@register.simple_block_tag(takes_context=True)
def fold(context: Context, content: str, title: str, shut: bool = False) -> SafeString:
    """A block that can be folded: open, but shut in large print, where only what matters stays in view."""
    opened = "" if shut or context.get("size") else " open"
    return format_html(
        '<details class="fold"{}><summary>{}</summary><div class="fold-body">{}</div></details>', opened, title, content
    )


def _as_date(value: date | datetime | None) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(clock.LOCAL).date()
    return value


def _chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")
