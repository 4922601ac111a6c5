"""How far the worker is within one transaction, told beside the database, where nothing of it is read before its end.

On SQLite nobody else may write meanwhile, on PostgreSQL the roster is held until then. So two numbers lie in a file
of the home while the work lasts. Where a page finds none, it says that work goes on, and not how far it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings


class HowFar(NamedTuple):
    """Rows that are done, of so many."""

    done: int
    of: int

    @property
    def is_last(self) -> bool:
        """All rows are done, and what follows from them is left."""
        return self.done >= self.of


def _path(public_id: str) -> Path:
    return Path(settings.HOME) / "underway" / public_id


@contextmanager
def underway(public_id: str, of: int) -> Iterator[Callable[[int], None]]:
    """Tell how far it is while something lasts: call what it gives with the number of rows done since."""
    done = 0

    def go_on(rows: int) -> None:
        nonlocal done
        done += rows
        _tell(_path(public_id), f"{done} {of}")

    go_on(0)
    try:
        yield go_on
    finally:
        with suppress(OSError):
            _path(public_id).unlink(missing_ok=True)


def _tell(path: Path, numbers: str) -> None:
    # A full disk must not keep a roster from going in.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(numbers, encoding="ascii")
        os.replace(fresh, path)


def how_far(public_id: str) -> HowFar | None:
    """How far it is, where that is told."""
    with suppress(OSError, ValueError):
        done, of = _path(public_id).read_text(encoding="ascii").split()
        return HowFar(int(done), int(of))
    return None
