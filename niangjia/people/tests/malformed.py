"""Tables as they arrive broken, hostile or merely odd: 25 kinds, each different for each seed."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xlsxwriter import Workbook

from niangjia.people.tests.tables import MEMBERS, text_table, workbook
from niangjia.people.tests.world import identity_number

BORN = date(1985, 6, 7)
PLANTS = "车前草 艾草青 麦芒种 向日葵 向阳花 谷满仓 石榴红 金银花 杜仲山 桑果红 连翘黄 白薇花".split()
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
CELLS_MOST = 40


@dataclass
class Case:
    """One table and what must become of it: refused at the door, unreadable, asked about, or rows by verdict."""

    content: bytes
    outcome: str = "checked"  # door | unreadable | columns | checked
    new: int = 0
    refused: set[int] = field(default_factory=set)  # lines
    faults: set[str] = field(default_factory=set)


Rows = list[list[Any]]


def people(dice: random.Random, count: int | None = None) -> Rows:
    """Members who are nobody, all in order."""
    count = count or dice.randint(3, 9)
    start = dice.randint(1, 900)
    return [
        [dice.choice(PLANTS), identity_number(BORN, start + at), f"138{dice.randint(0, 99_999_999):08d}",
         date(2000 + dice.randint(0, 25), dice.randint(1, 12), dice.randint(1, 28))]
        for at in range(count)
    ]  # fmt: skip


def _good(dice: random.Random) -> tuple[bytes, int]:
    table = people(dice)
    return workbook([MEMBERS, *table]), len(table)


def with_parts(content: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """A workbook with parts changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def in_sheet(change: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    """A change of the first sheet alone."""
    return lambda name, part: change(part) if name == "xl/worksheets/sheet1.xml" else part


def truncated(dice: random.Random) -> Case:
    """A transfer that broke off."""
    content, _ = _good(dice)
    return Case(content[: dice.randint(40, len(content) - 30)], "unreadable", faults={"broken"})


def wrong_type(dice: random.Random) -> Case:
    """A picture, a paper, a program, a web page, under a workbook's name."""
    heads = (b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"\x7fELF\x02\x01\x01\x00", b"<html><table>", b"\xff\xd8\xff\xe0")
    return Case(dice.choice(heads) + dice.randbytes(dice.randint(50, 4_000)).replace(b"PK", b""), "door")


def bomb(dice: random.Random) -> Case:
    """Half a gigabyte of nothing in a few megabytes."""
    content, _ = _good(dice)
    filler = bytes(1 << 20)
    out = io.BytesIO(with_parts(content, lambda name, part: part))
    package = zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1)
    with package, package.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as part:
        for _ in range(dice.randint(420, 520)):
            part.write(filler)
    return Case(out.getvalue(), "unreadable", faults={"too_large"})


def nested(dice: random.Random) -> Case:
    """A package in a package in a package."""
    content, _ = _good(dice)
    for depth in range(dice.randint(2, 6)):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(f"{depth}.zip", content)
        content = out.getvalue()
    return Case(content, "unreadable", faults={"broken"})


def endless_rows(dice: random.Random) -> Case:
    """A mark in the last row there can be."""
    content, _ = _good(dice)
    last = f'<row r="1048576"><c r="{dice.choice("ABCD")}1048576"><v>{dice.randint(1, 9)}</v></c></row></sheetData>'
    changed = with_parts(content, in_sheet(lambda part: part.replace(b"</sheetData>", last.encode())))
    return Case(changed, "unreadable", faults={"too_many_rows", "too_large"})


def endless_columns(dice: random.Random) -> Case:
    """A mark in the last column there can be, and sometimes in the last row too."""
    content, count = _good(dice)
    row = dice.choice((count + 2, 1_048_576))
    last = f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row></sheetData>'
    changed = with_parts(content, in_sheet(lambda part: part.replace(b"</sheetData>", last.encode())))
    return Case(changed, "unreadable", faults={"too_many_columns", "too_many_rows", "too_large"})


def merged_headings(dice: random.Random) -> Case:
    """Titles merged over everything, blank lines, then the headings."""
    table = people(dice)
    titles = dice.randint(1, 4)
    lines = [[f"{dice.choice(PLANTS)}镇会员花名册"] for _ in range(titles)]

    def merge(book: Workbook) -> None:
        for line in range(titles):
            book.worksheets()[0].merge_range(line, 0, line, 3, lines[line][0])

    return Case(workbook([*lines, MEMBERS, *table], touch=merge), new=len(table))


def two_rows_of_headings(dice: random.Random) -> Case:
    """Groups above their columns."""
    table = people(dice)
    upper = ["姓名", "证件", "", "入会日期"]
    lower = ["", "身份证号", "手机号", ""]

    def merge(book: Workbook) -> None:
        sheet = book.worksheets()[0]
        sheet.merge_range(0, 1, 0, 2, "证件")
        if dice.random() < 0.5:
            sheet.merge_range(0, 0, 1, 0, "姓名")
            sheet.merge_range(0, 3, 1, 3, "入会日期")

    return Case(workbook([upper, lower, *table], touch=merge), new=len(table))


def renamed_columns(dice: random.Random) -> Case:
    """Headings nobody knows, or one that must be there and is not."""
    headings = list(MEMBERS)
    headings[dice.choice((0, 3))] = dice.choice(("某某", "称呼一栏", "乙项"))
    return Case(workbook([headings, *people(dice)]), "columns")


def formulas(dice: random.Random) -> Case:
    """Names that are formulas, as text: refused; a formula's stored value is read."""
    table = people(dice)
    at = dice.randrange(len(table))
    table[at][0] = dice.choice(("=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "＝1+1", '=HYPERLINK("x")'))
    return Case(workbook([MEMBERS, *table]), new=len(table) - 1, refused={at + 2})


def external_links(dice: random.Random) -> Case:
    """Links to another workbook, to a server, to the file system."""
    content, count = _good(dice)
    target = dice.choice(("http://127.0.0.1:9/x", "file:///etc/passwd", "\\\\server\\share\\x.xlsx"))
    link = f'<Relationships xmlns="x"><Relationship Id="rId1" Type="t" Target="{target}" TargetMode="External"/>'
    more = {"xl/externalLinks/_rels/externalLink1.xml.rels": f"{link}</Relationships>".encode()}
    return Case(with_parts(content, lambda name, part: part, more), new=count)


def macros(dice: random.Random) -> Case:
    """A program beside the sheets: never looked at."""
    content, count = _good(dice)
    return Case(with_parts(content, lambda name, part: part, {"xl/vbaProject.bin": dice.randbytes(2_000)}), new=count)


def hidden_sheets(dice: random.Random) -> Case:
    """Rows on a sheet nobody sees are not entered."""
    seen, unseen = people(dice), people(dice)

    def hide(book: Workbook) -> None:
        sheet = book.worksheets()[1]
        sheet.very_hidden() if dice.random() < 0.5 else sheet.hide()

    return Case(workbook([MEMBERS, *seen], [MEMBERS, *unseen], touch=hide), new=len(seen))


def locked(dice: random.Random) -> Case:
    """Locked with a password: the container holds an encrypted package."""
    streams = {"EncryptionInfo": dice.randbytes(300), "EncryptedPackage": dice.randbytes(9_000)}
    return Case(compound_file(streams), "unreadable", faults={"locked", "broken"})


def old_workbook(dice: random.Random) -> Case:
    """The workbook of an old program under a new name: read as what it is."""
    table = people(dice)
    rows = [[str(cell) for cell in row] for row in table]
    return Case(compound_file({"Workbook": old_sheet([list(MEMBERS), *rows])}), new=len(table))


def gbk(dice: random.Random) -> Case:
    """Text as Chinese table programs write it."""
    table = people(dice)
    return Case(text_table([MEMBERS, *table], "gbk"), new=len(table))


def marked_text(dice: random.Random) -> Case:
    """Text with a mark of its encoding."""
    table = people(dice)
    return Case(text_table([MEMBERS, *table], dice.choice(("utf-8-sig", "utf-16"))), new=len(table))


def numbers_as_numbers(dice: random.Random) -> Case:
    """Identity numbers typed as numbers or in scientific notation: ruined, refused."""
    table = people(dice)
    at = dice.randrange(len(table))
    number = int(table[at][1].replace("X", "0"))
    table[at][1] = dice.choice((float(number), f"{number:.5E}", "9.90123E+17"))
    return Case(workbook([MEMBERS, *table]), new=len(table) - 1, refused={at + 2})


def six_dates(dice: random.Random) -> Case:
    """Every form of date at once, and one that is none."""
    table = people(dice, 8)
    for row, form in zip(table, ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"), strict=False):
        row[3] = row[3].strftime(form)
    table[6][3] = (table[6][3] - date(1899, 12, 30)).days
    table[7][3] = dice.choice(("2024年", "24.3.1", "2024-02-30", "2024-13-01", "三月", "2024.3"))
    return Case(workbook([MEMBERS, *table]), new=7, refused={9})


def full_width(dice: random.Random) -> Case:
    """Digits as wide as characters."""
    table = people(dice)
    for row in table:
        row[1], row[2] = row[1].translate(WIDE), row[2].translate(WIDE)
    return Case(workbook([MEMBERS, *table]), new=len(table))


def duplicates(dice: random.Random) -> Case:
    """The same person twice: the first is taken, the second told where the first is."""
    table = people(dice)
    table.append(list(dice.choice(table)))
    return Case(workbook([MEMBERS, *table]), new=len(table) - 1, refused={len(table) + 1})


def wrong_checksum(dice: random.Random) -> Case:
    """One digit of a number mistyped."""
    table = people(dice)
    at = dice.randrange(len(table))
    last = table[at][1][17]
    table[at][1] = table[at][1][:17] + dice.choice([d for d in "0123456789" if d != last])
    return Case(workbook([MEMBERS, *table]), new=len(table) - 1, refused={at + 2})


def empty(dice: random.Random) -> Case:
    """Nothing at all."""
    return Case(b"", "door")


def entities(dice: random.Random) -> Case:
    """Entities that would unfold a billion times, or read a file of ours."""
    content, _ = _good(dice)
    lines = ['<!ENTITY a0 "laugh">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    outside = '<!ENTITY x SYSTEM "file:///etc/passwd">'
    head = f"<!DOCTYPE sst [{dice.choice((''.join(lines), outside))}]>".encode()
    name = b"&a9;" if b"a9" in head else b"&x;"

    def change(part_name: str, part: bytes) -> bytes:
        if part_name != "xl/sharedStrings.xml":
            return part
        start = part.index(b"<sst")
        return part[:start] + head + part[start:].replace("姓名".encode(), name)

    return Case(with_parts(content, change), "either", faults={"broken", "no_headings"})


def huge_strings(dice: random.Random) -> Case:
    """A cell of hundreds of thousands of letters: cut, and refused as a name."""
    table = people(dice)
    at = dice.randrange(len(table))
    content = workbook([MEMBERS, *table])
    long = dice.choice(PLANTS) * dice.randint(100_000, 400_000)

    def change(name: str, part: bytes) -> bytes:
        return part.replace(table[at][1].encode(), long.encode()) if name == "xl/sharedStrings.xml" else part

    return Case(with_parts(content, change), new=len(table) - 1, refused={at + 2})


KINDS: tuple[Callable[[random.Random], Case], ...] = (
    truncated, wrong_type, bomb, nested, endless_rows, endless_columns, merged_headings, two_rows_of_headings,
    renamed_columns, formulas, external_links, macros, hidden_sheets, locked, old_workbook, gbk, marked_text,
    numbers_as_numbers, six_dates, full_width, duplicates, wrong_checksum, empty, entities, huge_strings,
)  # fmt: skip


SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound_file(streams: dict[str, bytes]) -> bytes:
    """The container of old workbooks, with these streams, each long enough to stand in whole sectors."""
    chains: list[tuple[int, int]] = []
    body, table = b"", []
    for content in streams.values():
        content = content.ljust(4_096, b"\0")
        count = -(-len(content) // SECTOR)
        first = len(table)
        table += [*range(first + 1, first + count), _END]
        chains.append((first, len(content)))
        body += content.ljust(count * SECTOR, b"\0")
    entries = [_entry("Root Entry", 5, _END, 0, 1 if streams else _FREE)]
    for number, (name, (first, size)) in enumerate(zip(streams, chains, strict=True), start=1):
        entries.append(_entry(name, 2, first, size, right=number + 1 if number < len(streams) else _FREE))
    entries += [b"\0" * 68 + struct.pack("<3I", _FREE, _FREE, _FREE) + b"\0" * 48] * (-len(entries) % 4)
    directory = len(table)
    table += [*range(directory + 1, directory + len(entries) // 4), _END]
    body += b"".join(entries)
    fat = len(table)
    table.append(_FAT)
    table += [_FREE] * (128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<9I", 0, 1, directory, 0, 4_096, _END, 0, _END, 0) + struct.pack("<I", fat)
    return header + b"\xff" * (SECTOR - len(header)) + body + struct.pack("<128I", *table)


def _entry(name: str, kind: int, first: int, size: int, child: int = _FREE, right: int = _FREE) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    return (
        letters.ljust(64, b"\0") + struct.pack("<HBB3I", len(letters), kind, 1, _FREE, right, child) + b"\0" * 36
        + struct.pack("<IQ", first, size)
    )  # fmt: skip


def old_sheet(rows: list[list[str]]) -> bytes:
    """The stream of an old workbook with one sheet of text cells."""
    name = "花名册".encode("utf-16-le")
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for line, row in enumerate(rows):
        for column, text in enumerate(row):
            letters = text.encode("utf-16-le")
            sheet += record(0x0204, struct.pack("<HHHHB", line, column, 0, len(text), 1) + letters)
    sheet += record(0x000A, b"")
    end = record(0x000A, b"")
    bound = len(start) + len(record(0x0085, b"\0" * 8 + name)) + len(end)
    return start + record(0x0085, struct.pack("<IBBBB", bound, 0, 0, len(name) // 2, 1) + name) + end + sheet


def record(kind: int, content: bytes) -> bytes:
    """One record of that stream."""
    return struct.pack("<HH", kind, len(content)) + content
