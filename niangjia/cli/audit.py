"""The audit chain walked without the site: an auditor's own reading of the database and the key file.

It shares no code with what writes the chain, so that a fault there is not repeated here.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

LOCAL = ZoneInfo("Asia/Shanghai")
FIRST_LINK = "0" * 64
_QUERY = (
    "SELECT s.chain_no, s.digest, r.id, r.at, r.actor_id, r.action, r.object_kind, r.object_id, r.union_id, r.before, "
    "r.after, r.reason FROM federation_auditseal s LEFT JOIN federation_auditrow r ON r.id = s.row_id "
    "ORDER BY s.chain_no"
)


@dataclass(frozen=True)
class Walk:
    """How far the chain holds, and what is wrong at the next place: missing, edited, rewritten, shorter, or nothing."""

    links: int
    head: str
    wrong: str


@contextlib.contextmanager
def _rows(database: str) -> Iterator[Iterator[tuple[Any, ...]]]:
    if "://" in database:
        with psycopg.connect(database) as connection, connection.cursor("audit") as cursor:
            cursor.execute(_QUERY)
            yield iter(cursor)
    else:
        # Read only: an auditor's look changes nothing, not even by opening.
        with contextlib.closing(sqlite3.connect(f"{Path(database).resolve().as_uri()}?mode=ro", uri=True)) as file:
            yield iter(file.execute(_QUERY))


def _moment(value: Any) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)
    return moment.astimezone(LOCAL).isoformat()


def heads_in(text: str) -> list[tuple[int, str]]:
    """Heads as they were noted, one in a line, its last word `place:digest`; raises ValueError with the line."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        place, _, digest = (line.split() or [""])[-1].partition(":")
        if not place.isdigit() or len(digest) != len(FIRST_LINK):
            raise ValueError(number)
        found.append((int(place), digest.lower()))
    return found


def walk(database: str, digest: Callable[[str], str], heads: list[tuple[int, str]]) -> Walk:
    """Walk the chain of a database (an address, or a file of SQLite), and compare the heads noted earlier."""
    waiting = sorted({head for head in heads if head[0] > 0})
    previous, place = FIRST_LINK, 0
    with _rows(database) as rows:
        for chain_no, sealed, pk, at, *rest in rows:
            if chain_no != place + 1 or pk is None:
                return Walk(place, previous, "missing")
            text = json.dumps([pk, _moment(at), *rest], ensure_ascii=False, separators=(",", ":"))
            if digest(f"{previous}\n{chain_no}\n{text}") != sealed:
                return Walk(place, previous, "edited")
            while waiting and waiting[0][0] == chain_no:
                if waiting.pop(0)[1] != sealed:
                    return Walk(place, previous, "rewritten")
            previous, place = sealed, chain_no
    return Walk(place, previous, "shorter" if waiting else "")
