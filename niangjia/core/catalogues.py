"""Message catalogues without system gettext: extract, update, check, compile; with Babel alone.

Msgids are English sentences in our Python and templates; each room keeps its Chinese in its own
`locale/zh_Hans/LC_MESSAGES/django.po`, edited by hand. Compiled files are never committed.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import template as template_text

LOCALE = "zh_Hans"
PO = Path("locale") / LOCALE / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
_TEMPLATE_SUFFIXES = {".html", ".txt"}
_SKIPPED = {"tests", "migrations", "locale", "static", "__pycache__"}
_MOMENT = re.compile(r'^"POT-Creation-Date: .*"\n', re.MULTILINE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Plural-Forms": "nplurals=1; plural=0;",
    "Language": LOCALE,
}

Key = tuple[str, str]  # (context, msgid): how a message is looked up


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with a catalogue, and where."""

    room: str
    msgid: str
    what: str

    def __str__(self) -> str:
        return f"{self.room}: {self.what}: {self.msgid!r}"


@dataclass(frozen=True)
class Found:
    """One message found in the source."""

    msgid: str | tuple[str, ...]
    context: str
    comments: tuple[str, ...]
    place: str

    @property
    def key(self) -> Key:
        """How it is looked up."""
        return self.context, _first(self.msgid)


def _first(msgid: object) -> str:
    return str(msgid[0]) if isinstance(msgid, tuple | list) else str(msgid)


def rooms(package: Path) -> list[Path]:
    """The rooms of the house that may hold messages, in order of name."""
    return sorted(path.parent for path in package.glob("*/__init__.py"))


def sources(room: Path) -> Iterator[Path]:
    """The Python and template files of one room, without its tests and migrations."""
    for path in sorted(room.rglob("*")):
        inside = path.relative_to(room).parts
        if _SKIPPED.isdisjoint(inside) and (path.suffix == ".py" or _is_template(inside, path)):
            yield path


def _is_template(inside: tuple[str, ...], path: Path) -> bool:
    return "templates" in inside and path.suffix in _TEMPLATE_SUFFIXES


def extract_room(room: Path) -> dict[Key, Found]:
    """Every message of one room, by how it is looked up."""
    found: dict[Key, Found] = {}
    for path in sources(room):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = _as_python(text, str(path))
        for one in _extract_text(text, str(path.relative_to(room))):
            found.setdefault(one.key, one)
    return found


def _as_python(text: str, origin: str) -> str:
    # Django turns a template into something that looks like code; the blanks at the start of
    # its lines are the page's indentation and would not tokenise.
    looks_like_code = template_text.templatize(text, origin=origin)
    return "\n".join(line.lstrip() for line in looks_like_code.splitlines())


def _extract_text(text: str, place: str) -> Iterator[Found]:
    stream = io.BytesIO(text.encode())
    options = {"encoding": "utf-8"}
    for _line, msgid, comments, context in extract(
        "python", stream, keywords=KEYWORDS, comment_tags=("Translators:",), options=options
    ):
        if _first(msgid):
            plain = tuple(msgid) if isinstance(msgid, tuple | list) else msgid
            yield Found(plain, context or "", tuple(comments), place)


def read_catalogue(room: Path) -> Catalog:
    """The room's hand-edited catalogue, empty when there is none yet."""
    path = room / PO
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def update_room(room: Path) -> bool:
    """Bring a room's catalogue in step with its source; translations stay. Returns whether it changed."""
    found = extract_room(room)
    path = room / PO
    if not found and not path.exists():
        return False
    old = read_catalogue(room)
    known = {_key(message): message for message in _messages(old)}
    fresh = Catalog(locale=LOCALE, project="niangjia", charset="utf-8", fuzzy=False)
    fresh.mime_headers = list(_HEADER.items())
    fresh.header_comment = f"# Chinese of the room {room.name}. Msgids are English sentences; edit the msgstr only."
    for key, one in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        before = known.get(key)
        string = before.string if before else ""
        flags = {"fuzzy"} if before and before.fuzzy else set()
        fresh.add(one.msgid, string, context=one.context or None, auto_comments=one.comments, flags=flags)
    text = _text_of(fresh)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def _text_of(catalogue: Catalog) -> str:
    stream = io.BytesIO()
    # No places in the source: they change with every line above them, and so would this file.
    write_po(stream, catalogue, no_location=True, omit_header=False, width=100)
    # Nor the moment: it would set every two changes of one room against each other.
    return _MOMENT.sub("", stream.getvalue().decode())


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(message: Message) -> Key:
    return message.context or "", _first(message.id)


def check_room(room: Path) -> list[Fault]:
    """What is missing, fuzzy, unused or wrongly filled in a room's catalogue."""
    found = extract_room(room)
    known = {_key(message): message for message in _messages(read_catalogue(room))}
    faults = [Fault(room.name, key[1], f"not translated ({found[key].place})") for key in found.keys() - known.keys()]
    faults += [Fault(room.name, key[1], "no longer used") for key in known.keys() - found.keys()]
    faults += [Fault(room.name, key[1], "the msgid must be English") for key in found if _HAN.search(key[1])]
    for key in found.keys() & known.keys():
        faults += _check_message(room.name, known[key], found[key].place)
    return sorted(faults)


def _check_message(room: str, message: Message, place: str) -> list[Fault]:
    msgid = _first(message.id)
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    if not all(strings):
        return [Fault(room, msgid, f"not translated ({place})")]
    if message.fuzzy:
        return [Fault(room, msgid, "fuzzy: read it again and remove the mark")]
    return [Fault(room, msgid, str(error)) for error in message.check()]


def check_house(package: Path) -> list[Fault]:
    """All faults of all rooms, and messages that two rooms translate in two ways (one would win silently)."""
    faults: list[Fault] = []
    seen: dict[Key, tuple[str, object]] = {}
    for room in rooms(package):
        faults += check_room(room)
        for message in _messages(read_catalogue(room)):
            other, string = seen.setdefault(_key(message), (room.name, message.string))
            if message.string and string and string != message.string:
                faults.append(Fault(room.name, _first(message.id), f"translated otherwise in {other}"))
    return faults


def compile_room(room: Path) -> bool:
    """Compile a room's catalogue when it is newer than what was compiled; returns whether it did."""
    source = room / PO
    if not source.exists():
        return False
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return False
    # Written beside and moved: another process never reads half a catalogue.
    beside = target.with_suffix(f".mo.{os.getpid()}")
    with beside.open("wb") as file:
        write_mo(file, read_catalogue(room))
    beside.replace(target)
    return True


def compile_all(package: Path) -> int:
    """Compile every room's catalogue that changed; returns how many."""
    return sum(compile_room(room) for room in rooms(package))
