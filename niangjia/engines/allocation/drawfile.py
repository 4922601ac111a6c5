"""The published file of a draw: written, read with every fault named, and run again by whoever doubts it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from niangjia.engines.allocation.draw import FORMAT, Draw, Seed, plain_seed
from niangjia.engines.allocation.errors import AllocationError
from niangjia.engines.allocation.places import Allocation, Entrant

WHOLE = ("committed", "list_hash", "seed", "declined", "result")
COMMITTED = ("format", "title", "places", "held", "seed_source", "seed_on", "entrants")
ENTRANT = ("id", "group", "rank", "tie")
RESULT = ("placed", "drawn", "left", "waiting", "unknown")


class DrawFileInvalid(AllocationError):
    """The file is no draw: what is wrong, and where in it."""


@dataclass(frozen=True)
class Finding:
    """One thing in which a file and the draw run again differ."""

    code: str
    zh: str
    en: str


def write_draw(draw: Draw) -> str:
    """The file to publish: before the seed is out with an empty seed, afterwards with it and the result."""
    found = {
        "committed": draw.to_commit(),
        "list_hash": draw.list_hash,
        "seed": draw.seed.value,
        "declined": list(draw.declined),
        "result": _result(draw.run()),
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _result(found: Allocation) -> dict[str, object]:
    return {name: _plain(getattr(found, name)) for name in RESULT}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def read_draw(text: str) -> Draw:
    """The draw of a file; raises `DrawFileInvalid` where it is not one."""
    return _draw(_whole(text))


def recheck(text: str) -> list[Finding]:
    """Run the draw of a file again; what differs from what it says. Empty: everything agrees.

    Raises `DrawFileInvalid` where the file is not a draw, `AllocationError` where it contradicts itself.
    """
    whole = _whole(text)
    draw = _draw(whole)
    found: list[Finding] = []
    if whole["list_hash"] != draw.list_hash:
        found.append(
            Finding(
                "hash",
                f"名单的哈希是{draw.list_hash}，文件写的是{whole['list_hash']}：名单在公布以后改过。",
                f"The list's hash is {draw.list_hash}, the file says {whole['list_hash']}: "
                "the list was changed after it was published.",
            )
        )
    again, said = _result(draw.run()), whole["result"]
    names = {"placed": "得名额", "drawn": "待摇号", "left": "待摇名额数", "waiting": "候补", "unknown": "待核实"}
    for name in RESULT:
        if said.get(name) != again[name]:
            zh, en = _differs(said.get(name), again[name])
            found.append(Finding(name, f"{names[name]}不一致：{zh}", f"{name} differs: {en}"))
    return found


def _differs(said: object, again: object) -> tuple[str, str]:
    """The first place at which two lists part, from 1."""
    if not isinstance(said, list) or not isinstance(again, list):
        return f"文件写{said}，重算是{again}。", f"the file says {said}, run again it is {again}."
    at = next((at for at, (one, other) in enumerate(zip(said, again, strict=False)) if one != other), None)
    if at is None:
        return (
            f"文件有{len(said)}个，重算有{len(again)}个。",
            f"the file has {len(said)}, run again there are {len(again)}.",
        )
    return (
        f"第{at + 1}个文件写{said[at]}，重算是{again[at]}。",
        f"number {at + 1} is {said[at]} in the file, {again[at]} run again.",
    )


def _whole(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        raise _invalid("整个文件", "the file", "JSON") from None
    return _entries(found, WHOLE, "整个文件", "the file")


def _draw(whole: Mapping[str, Any]) -> Draw:
    part = _entries(whole["committed"], COMMITTED, "committed", "committed")
    _entries(whole["result"], RESULT, "result", "result")
    if part["format"] != FORMAT:
        raise _invalid("committed.format", "committed.format", FORMAT)
    rows = part["entrants"]
    if not isinstance(rows, list):
        raise _invalid("committed.entrants", "committed.entrants", "list")
    entrants = tuple(_entrant(row, at) for at, row in enumerate(rows, start=1))
    if list(entrants) != sorted(entrants, key=lambda one: one.id):
        # The hash is taken of them in this order: another order would be another list.
        raise _invalid("committed.entrants", "committed.entrants", "id ↑")
    try:
        on = date.fromisoformat(_text(part["seed_on"], "committed.seed_on"))
    except ValueError:
        raise _invalid("committed.seed_on", "committed.seed_on", "2026-08-10") from None
    value = _text(whole["seed"], "seed")
    if value and plain_seed(value) != value:
        raise _invalid("seed", "seed", plain_seed(value))
    return Draw(
        title=_text(part["title"], "committed.title"),
        places=_number(part["places"], "committed.places"),
        entrants=entrants,
        seed=Seed(_text(part["seed_source"], "committed.seed_source"), on, value),
        held=_ids(part["held"], "committed.held"),
        declined=_ids(whole["declined"], "declined"),
    )


def _entrant(row: object, at: int) -> Entrant:
    place = f"committed.entrants[{at}]"
    found = _entries(row, ENTRANT, place, place)
    rank, tie = found["rank"], found["tie"]
    if not isinstance(tie, list) or not all(_is_key(key) for key in (*tie, *([] if rank is None else [rank]))):
        raise _invalid(f"{place}.rank", f"{place}.rank", '1, "2026-08-10"')
    group = None if found["group"] is None else _number(found["group"], f"{place}.group")
    return Entrant(_text(found["id"], f"{place}.id"), group, rank, tuple(tie))


def _entries(value: object, keys: Sequence[str], zh: str, en: str) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != set(keys):
        raise _invalid(zh, en, ", ".join(keys))
    return value


def _is_key(value: object) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise _invalid(place, place, '"…"')
    return value


def _number(value: object, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _invalid(place, place, "120")
    return value


def _ids(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _invalid(place, place, "list")
    return tuple(_text(one, place) for one in value)


def _invalid(zh: str, en: str, want: str) -> DrawFileInvalid:
    return DrawFileInvalid(
        "draw-file", f"不是摇号文件：{zh}应为{want}。", f"This is not the file of a draw: {en} should be {want}."
    )
