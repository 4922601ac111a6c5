"""A list as it leaves: chosen columns, every row that fits, and the mark of who took it on each page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from niangjia.core import clock
from niangjia.core.reading import only_reading
from niangjia.core.tables import Head, Table, Watermark
from niangjia.federation.listing.kinds import Column, Line, State, Value
from niangjia.federation.listing.pages import ListPage
from niangjia.federation.models import Export
from niangjia.federation.scopes import rights_of


def columns_for(page: ListPage) -> list[Column]:
    """The columns the reader may take out: sensitive ones only with their own right."""
    held = rights_of(page.scope.user)
    return [column for column in page.kind.columns if not column.right or column.right in held]


def chosen(page: ListPage, codes: Collection[str]) -> list[Column]:
    """Those of them that were chosen, in the order of the list."""
    return [column for column in columns_for(page) if column.code in codes]


def lines_of(page: ListPage, columns: Sequence[Column]) -> list[Line]:
    """All rows of a list, sensitive values filled in where their columns were chosen."""
    with only_reading():
        return page.kind.lines(list(page.in_order()), frozenset(column.code for column in columns if column.right))


def table_of(page: ListPage, columns: Sequence[Column], lines: Sequence[Line], export: Export, at: datetime) -> Table:
    """The table as it leaves."""
    return Table(
        title=str(page.title),
        note=page.sentence,
        heads=tuple(Head(_head(column), column.form == "fen") for column in columns),
        rows=[[_plain(line.values.get(column.code)) for column in columns] for line in lines],
        watermark=watermark(export, at),
        total_label=_("Total") if any(column.form == "fen" for column in columns) else "",
    )


def _head(column: Column) -> str:
    return _("%(column)s (yuan)") % {"column": column.label} if column.form == "fen" else str(column.label)


def _plain(value: Value) -> str | int | date | None:
    if isinstance(value, State):
        return str(value.word)
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}"
    return value if value is None or isinstance(value, int | date) else str(value)


def watermark(export: Export, at: datetime) -> Watermark:
    """Who, when, for what, under which number."""
    when = at.astimezone(clock.LOCAL)
    words = {
        "number": export.serial, "who": export.user.display_name, "when": f"{when:%Y-%m-%d %H:%M}",
        "purpose": export.purpose,
    }  # fmt: skip
    line = _("Export %(number)s, taken by %(who)s at %(when)s for: %(purpose)s. Internal, not to be passed on.")
    return Watermark(export.serial, export.user.display_name, when, export.purpose, line % words)
