"""T32: nothing that leaves as a spreadsheet runs when it is opened, and what comes back is what went out."""

from __future__ import annotations

import ast
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from xlsxwriter.worksheet import Worksheet

import niangjia
from niangjia.core.tables import Head, Table, Watermark, table_writers
from niangjia.files import formulas, workbooks
from niangjia.files.services.store import store_roster
from niangjia.files.sheets import sheet_rows
from niangjia.people.rosters.cells import as_text
from niangjia.people.tests.world import World, build_world

# The bar's, written down here: to ask the product which signs are dangerous would be to believe it. A line feed lets
# what follows begin the cell, as a carriage return does.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
SIGNS = (*STARTS, "'=", "''+", "'")
BODIES = ("cmd|'/c calc'!A0", 'HYPERLINK("x","y")', "1+1", "SUM(A1:A9)", "车前草", "WEBSERVICE(A1)", "2", "x'y")
_CELL_TEXT = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def payloads() -> list[str]:
    """A thousand texts, most of them hostile."""
    dice = random.Random(32)
    return [dice.choice(SIGNS) + dice.choice(("", " ", "'", "\t")) + dice.choice(BODIES) + str(n) for n in range(1_000)]


def of_list(texts: list[str]) -> bytes:
    """Any list of the desk, with its title, its note and the mark of who took it."""
    mark = Watermark("E00000018", texts[2], datetime(2026, 8, 3, 8, 30), "".join(texts[3].split("\0")), texts[4])
    rows = [(text, number, None, date(2026, 8, 3)) for number, text in enumerate(texts)]
    return workbooks.workbook_of(Table(texts[0], texts[1], tuple(Head(texts[5]) for _at in range(4)), rows, mark, ""))


def of_table(texts: list[str]) -> bytes:
    """Any plain table, such as the refused rows of a roster."""
    return workbooks.table_workbook([texts[0], "h"], [(text, number) for number, text in enumerate(texts)], texts[1])


# Every public way of a writer of spreadsheets to write one.
EXPORTERS: dict[str, Callable[[list[str]], bytes]] = {
    "files/workbooks.py:workbook_of": of_list, "files/workbooks.py:table_workbook": of_table,
}  # fmt: skip


def runs(content: bytes) -> list[str]:
    """What a spreadsheet program would run: formula cells, and texts it would take for one."""
    formulas_found, texts = [], []
    with zipfile.ZipFile(BytesIO(content)) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet") or name == "xl/sharedStrings.xml":
                page = ElementTree.fromstring(book.read(name))
                formulas_found += [name for _cell in page.iter(f"{_CELL_TEXT}f")]
                held = [*page.iter(f"{_CELL_TEXT}si"), *page.iter(f"{_CELL_TEXT}is")]
                texts += ["".join(part.text or "" for part in one.iter(f"{_CELL_TEXT}t")) for one in held]
    assert len(texts) > 900, "the texts were not found"
    return formulas_found + [text for text in map(shown, texts) if text.startswith(STARTS)]


def shown(text: str) -> str:
    """A text of a workbook as its reader sees it: signs that XML cannot hold, and what looks like one, are escaped."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_no_cell_of_any_export_runs(exporter: str) -> None:
    assert runs(EXPORTERS[exporter](payloads())) == []


@pytest.mark.parametrize("sign", STARTS)
@pytest.mark.parametrize("exporter", EXPORTERS)
def test_control_a_sign_that_is_forgotten_is_found(exporter: str, sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formulas, "STARTS", tuple(one for one in formulas.STARTS if one != sign))
    found = runs(EXPORTERS[exporter](payloads()))
    assert len(found) > 20
    assert {text[0] for text in found} == {sign}


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_control_a_cell_that_is_a_formula_is_found(exporter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "neutral", lambda text: text)
    assert len(runs(EXPORTERS[exporter](payloads()))) > 500
    monkeypatch.setitem(workbooks.PLAIN, "strings_to_formulas", True)
    monkeypatch.setattr(Worksheet, "write_string", Worksheet.write)
    assert len([one for one in runs(EXPORTERS[exporter](payloads())) if one.endswith(".xml")]) > 20


def test_every_writer_of_spreadsheets_is_among_them() -> None:
    root = Path(niangjia.__file__).parent
    assert set(writers(root)) == set(EXPORTERS)
    # Those who write files for rooms below are among them too.
    assert {writer.__name__ for writer in table_writers.all()} <= {name.partition(":")[2] for name in EXPORTERS}


def writers(root: Path) -> Iterator[str]:
    """Public functions that return the bytes of a table, in modules that write spreadsheets; a module without any."""
    for path in root.rglob("*.py"):
        text = path.read_text()
        if "tests" in path.parts or not ("xlsxwriter" in text or "csv.writer" in text or "DictWriter" in text):
            continue
        found = [
            node.name for node in ast.parse(text).body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            and getattr(node.returns, "id", "") in {"bytes", "str"}
        ]  # fmt: skip
        yield from (f"{path.relative_to(root)}:{name}" for name in found or [""])


def test_control_a_new_writer_without_a_case_here_is_found(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text("import csv\ndef as_csv(rows: list) -> bytes:\n    csv.writer(rows)\n")
    (tmp_path / "view.py").write_text("import csv\ndef view(request):\n    return csv.writer(HttpResponse())\n")
    assert set(writers(tmp_path)) == {"new.py:as_csv", "view.py:"}


@pytest.fixture
def world(db: None) -> World:
    """A small federation."""
    return build_world()


# What a cell does not bring back, with the reason: sign -> what comes in its place.
LOST = {
    # No text of ours holds it (PostgreSQL refuses it). The reader puts a blank there, and the mark before it stays.
    "\0": "' ",
}


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_what_went_out_comes_in_as_it_was(exporter: str, world: World) -> None:
    texts = payloads()
    stored = store_roster(
        upload=SimpleUploadedFile("x.xlsx", EXPORTERS[exporter](texts)), object_kind="roster",
        union_id=world.union("county").pk, acting_user=world.user("su"),
    )  # fmt: skip
    with sheet_rows(stored) as rows:
        found = {row.cells[1]: as_text(row.cells[0]) for row in rows if len(row.cells) > 1}
    wanted = ["".join(LOST.get(sign, sign) for sign in text) for text in texts]
    assert [found[number] for number in range(len(texts))] == wanted
