"""Rosters for tests: workbooks and text tables written on the spot, and the way through the services."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Model
from xlsxwriter import Workbook

from niangjia.accounts.models import User
from niangjia.core import crypto
from niangjia.core.ids import new_public_id
from niangjia.people.models import RosterImport
from niangjia.people.services import roster_work, rosters

Rows = Iterable[Sequence[Any]]
DAY = date(2026, 8, 3)
MEMBERS = ("姓名", "身份证号", "手机号", "入会日期")


def workbook(*sheets: Rows, names: Sequence[str] = (), touch: Callable[[Workbook], None] | None = None) -> bytes:
    """An .xlsx with these sheets; dates are real dates."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, rows in enumerate(sheets):
        sheet = book.add_worksheet(names[number] if number < len(names) else None)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(line, column, cell)
                elif cell is not None:
                    sheet.write(line, column, cell)
    if touch is not None:
        touch(book)
    book.close()
    return buffer.getvalue()


def text_table(rows: Rows, encoding: str = "utf-8") -> bytes:
    """A .csv in some encoding."""
    return "\r\n".join(",".join(str(cell) for cell in row) for row in rows).encode(encoding)


def hand_in(
    content: bytes, user: User, union_id: int, kind: str = "members", *, name: str = "名册.xlsx", source: str = ""
) -> RosterImport:
    """Hand a roster in and let it be checked."""
    roster = rosters.receive_roster(
        upload=SimpleUploadedFile(name, content), kind=kind, union_id=union_id, source=source, true_on=DAY,
        request_id=new_public_id(), acting_user=user,
    )  # fmt: skip
    return work(roster)


def work(roster: RosterImport) -> RosterImport:
    """Do what waits."""
    roster_work.work_rosters()
    return RosterImport.objects.get(pk=roster.pk)


def enter(roster: RosterImport, user: User) -> RosterImport:
    """Approve what was checked and let it be entered."""
    return work(rosters.approve_roster(public_id=roster.public_id, acting_user=user))


def take_back(roster: RosterImport, user: User) -> RosterImport:
    """Take it back."""
    return work(rosters.undo_roster(public_id=roster.public_id, acting_user=user))


def rows_of(roster: RosterImport, verdict: str) -> list[dict[str, Any]]:
    """The kept rows of one verdict."""
    blocks = roster.blocks.filter(verdict=verdict).order_by("number")
    return [row for block in blocks for row in json.loads(block.rows)]


def sentences(roster: RosterImport, verdict: str = "refused") -> dict[int, str]:
    """Line to what is wrong with it, in Chinese."""
    return {row["l"]: "".join(problem["zh"] for problem in row.get("p", ())) for row in rows_of(roster, verdict)}


# What an import may not leave otherwise when it says that nothing changes. The trail and the rosters
# themselves tell of the import.
LEFT_OUT = {
    "rosterimport",
    "rosterblock",
    "rosterdeed",
    "knownheading",
    "storedfile",
    "auditrow",
    "auditwaiting",
    "session",
}


def digests() -> dict[str, str]:
    """One digest for every table of the house."""
    found = {}
    for model in apps.get_models():
        if model._meta.model_name in LEFT_OUT or not model.__module__.startswith("niangjia"):
            continue
        found[model._meta.label] = crypto.chain_digest("\n".join(sorted(map(repr, _rows(model)))))
    return found


def _rows(model: type[Model]) -> list[tuple[Any, ...]]:
    fields = model._meta.concrete_fields
    if any(hasattr(field, "from_db_value") for field in fields):
        # What is sealed is sealed otherwise each time: what it says counts.
        return list(model._default_manager.values_list(*(field.attname for field in fields)))
    # As the database gives them, which takes a tenth of the time.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
        return cursor.fetchall()
