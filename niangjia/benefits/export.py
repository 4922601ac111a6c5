"""Lists that leave the desk: as .xlsx and on paper; masked, without children's names, on record."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from niangjia.accounts.models import User
from niangjia.benefits import listpage
from niangjia.benefits.models import FrozenList
from niangjia.benefits.wording import language
from niangjia.core import clock
from niangjia.core.money import FEN_PER_YUAN
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.files.formulas import neutral

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (6, 18, 22, 16, 44, 30, 14, 18, 10, 30)


@dataclass(frozen=True)
class Sheet:
    """A table as it leaves: titles, rows of plain values, and the line at the foot."""

    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total_fen: int
    foot: str


@transaction.atomic
def list_sheet(found: listpage.ListPage, acting_user: User) -> Sheet:
    """All rows of a tab after its filters, as they may leave the desk; taking them is on record."""
    require(acting_user, "benefits.list:export")
    lines = listpage.lines(found.chosen(), places=found.places, quotas=found.quotas)
    limited = found.places is not None or found.quotas is not None
    moment = clock.now().astimezone(clock.LOCAL)
    audit.record(
        "benefits.list:export", acting_user=acting_user, object_kind="programme_version", object_id=found.card.id,
        union_id=found.card.owner_union_id, after={"tab": found.filters.tab, "rows": len(lines)},
    )  # fmt: skip
    current = next(tab["label"] for tab in listpage.tabs_of(found) if tab["current"])
    return Sheet(
        title=f"{found.card.name} · {current}",
        note=_("%(document)s · registers of %(day)s · not decided") % {
            "document": found.card.document_number, "day": moment.date().isoformat()
        },
        heads=(
            _("No."), _("Name"), _("Number (masked)"), _("Town"), _("Why"), _("Oldest fact"), _("Amount (yuan)"),
            _("State"), _("First time"), *([_("Place or turn")] if limited else []),
        ),
        rows=tuple(
            (*_row(number, line), *([line.place] if limited else []))
            for number, line in enumerate(lines, start=1)
        ),
        total_fen=sum(line.amount_fen or 0 for line in lines),
        foot=foot_of(acting_user, moment),
    )  # fmt: skip


def foot_of(acting_user: User, moment: datetime) -> str:
    """Who took it, and when."""
    words = {"who": acting_user.display_name, "when": f"{moment:%Y-%m-%d %H:%M}"}
    return _("Taken by %(who)s at %(when)s. Internal; numbers are masked.") % words


def _row(number: int, line: listpage.Line) -> tuple[Any, ...]:
    oldest = f"{line.oldest.source} {line.oldest.on or ''}".strip() if line.oldest else ""
    return (
        number, line.name.outside, line.name.outside_number, line.name.town, line.why, oldest, line.amount_fen,
        str(line.status), _("yes") if line.first_time else "",
    )  # fmt: skip


def list_as_xlsx(*, version_public_id: str, filters: listpage.Filters, acting_user: User) -> HttpResponse:
    """The rows of a tab as an Excel file."""
    scope = require(acting_user, "benefits.list:export")
    found = listpage.open_list(scope, version_public_id, filters)
    sheet = list_sheet(found, acting_user)
    name = f"{sheet.title.replace(' · ', '_')}_{clock.today():%Y%m%d}.xlsx"
    response = HttpResponse(workbook(sheet), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def workbook(sheet: Sheet) -> bytes:
    """The file itself: no formulas, no links, text stays text."""
    buffer = io.BytesIO()
    book = Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    page = book.add_worksheet(_("List"))
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.write_string(0, 0, neutral(sheet.title), bold)
    page.write_string(1, 0, neutral(sheet.note))
    for column, (head, width) in enumerate(zip(sheet.heads, WIDTHS, strict=False)):
        page.set_column(column, column, width)
        page.write_string(3, column, head, bold)
    for line, row in enumerate(sheet.rows, start=4):
        for column, value in enumerate(row):
            _write(page, line, column, value, money, wrap)
    end = 4 + len(sheet.rows)
    page.write_string(end, 1, _("Total"), bold)
    page.write_number(end, 6, sheet.total_fen / FEN_PER_YUAN, money)
    page.write_string(end + 1, 0, sheet.foot)
    page.freeze_panes(4, 2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(3)
    page.set_footer(f"&L{sheet.foot.replace('&', '&&')}&R&P/&N")
    book.close()
    return buffer.getvalue()


def _write(page: Any, line: int, column: int, value: Any, money: Any, wrap: Any) -> None:
    if column == 6:
        if value is not None:
            page.write_number(line, column, value / FEN_PER_YUAN, money)
    elif isinstance(value, int):
        page.write_number(line, column, value)
    else:
        page.write_string(line, column, neutral(str(value)), wrap)


@transaction.atomic
def record_paper(frozen: FrozenList, paper: str, acting_user: User) -> None:
    """Put on record that a paper of a list was opened for printing."""
    require(acting_user, "benefits.list:export")
    audit.record(
        "benefits.list:export", acting_user=acting_user, object_kind="frozen_list", object_id=frozen.pk,
        union_id=frozen.union_id, after={"paper": paper, "language": language()},
    )  # fmt: skip
