"""T32: nothing that leaves as a spreadsheet runs when it is opened, and what comes back is what went out."""

from __future__ import annotations

import ast
import random
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import niangjia
from niangjia.core.tables import Head, Table, Watermark, table_writers
from niangjia.files import formulas, workbooks
from niangjia.files.services.store import store_roster
from niangjia.files.sheets import sheet_rows
from niangjia.people.tests.world import World, build_world

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "'=", "''+", "'")
BODIES = ("cmd|'/c calc'!A0", 'HYPERLINK("x","y")', "1+1", "SUM(A1:A9)", "车前草", "WEBSERVICE(A1)", "2", "x'y")
CONTROLS = ("\t", "\r", "\n", "\0")


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
    with zipfile.ZipFile(BytesIO(content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        strings = book.read("xl/sharedStrings.xml").decode()
    texts = [text.partition(">")[2].partition("</t>")[0] for text in strings.split("<t")[1:]]
    plain = [text.replace("_x0000_", "\0").replace("&apos;", "'") for text in texts]
    return [sheet for sheet in sheets if "<f>" in sheet] + [text for text in plain if text.startswith(formulas.STARTS)]


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_no_cell_of_any_export_runs(exporter: str) -> None:
    assert runs(EXPORTERS[exporter](payloads())) == []


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_control_without_neutralising_they_would(exporter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "neutral", lambda text: text)
    assert len(runs(EXPORTERS[exporter](payloads()))) > 500


def test_every_writer_of_spreadsheets_is_among_them() -> None:
    root = Path(niangjia.__file__).parent
    assert set(writers(root)) == set(EXPORTERS)
    # Those who write files for rooms below are among them too.
    assert {writer.__name__ for writer in table_writers.all()} <= {name.partition(":")[2] for name in EXPORTERS}


def writers(root: Path) -> Iterator[str]:
    """Public functions that return the bytes of a table, in modules that write spreadsheets."""
    for path in root.rglob("*.py"):
        text = path.read_text()
        if "tests" in path.parts or not ("xlsxwriter" in text or "csv.writer" in text or "DictWriter" in text):
            continue
        for node in ast.parse(text).body:
            given = getattr(getattr(node, "returns", None), "id", "")
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and given in {"bytes", "str"}:
                yield f"{path.relative_to(root)}:{node.name}"


def test_control_a_new_writer_without_a_case_here_is_found(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text("import csv\ndef as_csv(rows: list) -> bytes:\n    csv.writer(rows)\n")
    assert list(writers(tmp_path)) == ["new.py:as_csv"]


@pytest.fixture
def world(db: None) -> World:
    """A small federation."""
    return build_world()


def test_what_went_out_comes_in_as_it_was(world: World) -> None:
    texts = [text for text in payloads() if not any(sign in text for sign in CONTROLS)]
    stored = store_roster(
        upload=SimpleUploadedFile("x.xlsx", of_table(texts)), object_kind="roster",
        union_id=world.union("county").pk, acting_user=world.user("su"),
    )  # fmt: skip
    with sheet_rows(stored) as rows:
        found = {row.cells[1]: formulas.restored(row.cells[0]) for row in rows if len(row.cells) == 2}
    assert [found[number] for number in range(len(texts))] == texts
    assert len(texts) > 400
