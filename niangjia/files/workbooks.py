"""Spreadsheets out: a plain table as .xlsx. Text stays text: no formulas, no links, nothing that runs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook

from niangjia.files.formulas import neutral
from niangjia.files.services.store import XLSX

PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST = 60


def table_workbook(
    heads: Sequence[str], rows: Iterable[Sequence[str | int]], note: str = "", *, made_at: datetime | None = None
) -> bytes:
    """One sheet: the headings, the rows, and a line at the foot that says who took it.

    With `made_at` the same rows give the same bytes, so that a file can be told by its digest.
    """
    buffer = io.BytesIO()
    book = Workbook(buffer, PLAIN)
    if made_at is not None:
        book.set_properties({"created": made_at})
    page = book.add_worksheet()
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    widths = [len(head) * 2 for head in heads]
    for column, head in enumerate(heads):
        page.write_string(0, column, neutral(head), bold)
    line = 0
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(line, column, value)
            else:
                page.write_string(line, column, neutral(value), wrap)
            widths[column] = min(WIDEST, max(widths[column], len(str(value)) * 2))
    for column, width in enumerate(widths):
        page.set_column(column, column, width + 2)
    page.write_string(line + 2, 0, neutral(note))
    page.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def workbook_response(content: bytes, name: str) -> HttpResponse:
    """A workbook to be kept under this name."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    return response
