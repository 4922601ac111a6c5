"""Reads a page as a person does: its text, tables, figures, forms by their labels; no more of HTML than that."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from xml.etree import ElementTree

_VOID = {"input", "br", "meta", "link", "img", "hr", "progress"}
_APART = {"p", "li", "td", "th", "tr", "h1", "h2", "h3", "dt", "dd", "div", "ul", "ol", "table", "section", "legend",
          "label", "option", "button", "br", "summary", "article", "footer", "header", "a", "time"}  # fmt: skip
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass
class Node:
    """One element with what stands in it; a text is a str among its children."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def walk(self, *tags: str) -> Iterator[Node]:
        """Every element below with one of these tags, in the order of the page."""
        for child in self.children:
            if isinstance(child, Node):
                if not tags or child.tag in tags:
                    yield child
                yield from child.walk(*tags)

    def of_class(self, name: str) -> Iterator[Node]:
        """Every element below with a class."""
        return (node for node in self.walk() if name in node.attrs.get("class", "").split())

    @property
    def text(self) -> str:
        """What one reads: blanks run together, elements that stand apart are apart."""
        return re.sub(r"\s+", " ", self._raw()).strip()

    def _raw(self) -> str:
        parts = []
        for child in self.children:
            if isinstance(child, str):
                parts.append(child)
            elif child.tag not in {"script", "style"}:
                parts.append(f" {child._raw()} " if child.tag in _APART else child._raw())
        return "".join(parts)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("page")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag == tag:
                del self.open[at:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@dataclass(frozen=True)
class Figure:
    """One figure of a page: its number with the unit, and the note under it."""

    number: str
    note: str


@dataclass
class Page:
    """One answer of the site."""

    address: str
    status: int
    html: str

    @cached_property
    def root(self) -> Node:
        """The whole page."""
        reader = _Reader()
        reader.feed(self.html)
        return reader.root

    @cached_property
    def main(self) -> Node:
        """What the page is about: without menu, head and foot."""
        return next(self.root.walk("main"), self.root)

    @cached_property
    def text(self) -> str:
        """The text of the main part, with the messages above it."""
        return " ".join([*self.messages, self.main.text])

    @cached_property
    def messages(self) -> list[str]:
        """What the site says about what was just done."""
        return [item.text for notices in self.root.of_class("notices") for item in notices.walk("li")]

    @cached_property
    def problems(self) -> list[str]:
        """What a form or a page says is missing or wrong."""
        return [item.text for box in self.main.of_class("errors") for item in box.walk("li")]

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The figures on top of a page by their labels."""
        found = {}
        for one in self.main.of_class("figure"):
            label, number, note = (
                next(iter(one.of_class(name)), Node("")).text
                for name in ("figure-label", "figure-number", "figure-note")
            )
            found[label] = Figure(number, note)
        return found

    @cached_property
    def tabs(self) -> dict[str, str]:
        """The tabs of a page with the count on each."""
        found = {}
        for tab in self.main.of_class("tab"):
            count = next(iter(tab.of_class("count")), Node("")).text
            found[tab.text.partition(count)[0].strip() if count else tab.text.strip()] = count
        return found

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The rows of every table, each cell under its head; foot rows are not rows."""
        return [row for table in self.main.walk("table") for row in _rows_of(table)]

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """Every link of the main part: words and address."""
        return [(node.text, node.attrs.get("href", "")) for node in self.main.walk("a")]

    def row(self, word: str) -> dict[str, str]:
        """The one row that has a word in one of its cells."""
        found = [row for row in self.rows if any(word in cell for cell in row.values())]
        assert len(found) == 1, f"{len(found)} rows with {word!r} at {self.address}"
        return found[0]

    def part(self, heading: str) -> str:
        """The text of the smallest part that begins with a heading."""
        for part in reversed(list(self.main.walk("section", "article", "form", "li"))):
            if part.text.startswith(heading):
                return part.text
        raise AssertionError(f"No part {heading!r} at {self.address}: {self.text[:400]}")


def _rows_of(table: Node) -> Iterator[dict[str, str]]:
    heads = [cell.text.rstrip(" ↑↓") for part in table.walk("thead") for cell in part.walk("th")]
    for body in table.walk("tbody"):
        for row in body.walk("tr"):
            cells = [cell.text for cell in row.walk("th", "td")]
            yield dict(zip([*heads, *map(str, range(len(heads), len(cells)))], cells, strict=False))


def sheet_of(content: bytes) -> list[list[str]]:
    """The cells of the first sheet of an .xlsx file, row by row, as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(part.text or "" for part in item.iter(f"{_SHEET}t")) for item in shared]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iter(f"{_SHEET}row"):
        cells = {}
        for cell in row.iter(f"{_SHEET}c"):
            value = cell.findtext(f"{_SHEET}v", "")
            column = re.sub(r"\d", "", cell.attrib["r"])
            cells[ord(column) - ord("A")] = texts[int(value)] if cell.attrib.get("t") == "s" else value
        rows.append([cells.get(at, "") for at in range(max(cells, default=-1) + 1)])
    return rows
