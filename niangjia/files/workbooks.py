"""Spreadsheets out: a table as .xlsx. Text stays text: no formulas, no links, nothing that runs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook

from niangjia.core.money import FEN_PER_YUAN
from niangjia.core.tables import Head, Table, Watermark, table_writers
from niangjia.files.formulas import neutral
from niangjia.files.services.store import XLSX

PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST = 60
A4 = 9
# What a header or footer may hold in a workbook; the doubling of `&` is counted in.
LONGEST_HEADER = 200


def register() -> None:
    """Offer to write tables as workbooks."""
    table_writers.register("xlsx", workbook_of)


def table_workbook(
    heads: Sequence[str], rows: Iterable[Sequence[str | int]], note: str = "", *, made_at: datetime | None = None
) -> bytes:
    """One sheet: the headings, the rows, and a line at the foot that says who took it.

    With `made_at` the same rows give the same bytes, so that a file can be told by its digest.
    """
    table = Table("", note, tuple(Head(head) for head in heads), list(rows))
    return _workbook(table, first_row=0, made_at=made_at)


def workbook_of(table: Table) -> bytes:
    """A sheet with title, note and watermark, on landscape A4 with the headings repeated on each page."""
    return _workbook(table, first_row=3)


def _workbook(table: Table, first_row: int, made_at: datetime | None = None) -> bytes:
    buffer = io.BytesIO()
    book = Workbook(buffer, PLAIN)
    if made_at is not None:
        book.set_properties({"created": made_at})
    page = book.add_worksheet()
    bold = book.add_format({"bold": True})
    if first_row:
        page.write_string(0, 0, neutral(table.title), bold)
        page.write_string(1, 0, neutral(table.note))
    end = _write_rows(book, page, table, first_row)
    if not first_row:
        page.write_string(end + 1, 0, neutral(table.note))
    if table.watermark is not None:
        page.write_string(end + 1, 0, neutral(table.watermark.line))
        _mark(book, page, table.title, table.watermark)
    page.freeze_panes(first_row + 1, 1 if first_row else 0)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(first_row)
    book.close()
    return buffer.getvalue()


def _write_rows(book: Workbook, page: Any, table: Table, first_row: int) -> int:
    """Headings, rows and sums; returns the row behind them."""
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    money = book.add_format({"num_format": "#,##0.00"})
    widths = [len(head.label) * 2 for head in table.heads]
    for column, head in enumerate(table.heads):
        page.write_string(first_row, column, neutral(head.label), bold)
    line = first_row
    for line, row in enumerate(table.rows, start=first_row + 1):
        for column, value in enumerate(row):
            if isinstance(value, int) and table.heads[column].is_fen:
                page.write_number(line, column, value / FEN_PER_YUAN, money)
            elif isinstance(value, int):
                page.write_number(line, column, value)
            elif value is not None:
                page.write_string(line, column, neutral(_text(value)), wrap)
            widths[column] = min(WIDEST, max(widths[column], len(str(value)) * 2))
    for column, width in enumerate(widths):
        page.set_column(column, column, width + 2)
    if table.total_label and any(head.is_fen for head in table.heads):
        line += 1
        page.write_string(line, 0, neutral(table.total_label), bold)
        for column, head in enumerate(table.heads):
            if head.is_fen:
                page.write_number(line, column, table.total_fen(column) / FEN_PER_YUAN, money)
    return line + 1


def _text(value: str | date) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _mark(book: Workbook, page: Any, title: str, mark: Watermark) -> None:
    who = f"{mark.who} {mark.when:%Y-%m-%d %H:%M}"
    page.set_header(f"&L{_header(mark.serial)}&R{_header(who)}")
    page.set_footer(f"&L{_header(mark.purpose)}&R&P/&N")
    book.set_properties(
        {
            "title": title, "author": mark.who, "subject": mark.purpose, "keywords": mark.serial,
            "comments": mark.line, "created": mark.when.replace(tzinfo=None),
        }
    )  # fmt: skip


def _header(text: str) -> str:
    return " ".join(text.split())[: LONGEST_HEADER // 4].replace("&", "&&")


def workbook_response(content: bytes, name: str) -> HttpResponse:
    """A workbook to be kept under this name."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    return response
