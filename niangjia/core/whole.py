"""Output that appears whole or not at all: written beside its place, made durable, then renamed."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class OutputRefused(Exception):
    """Where the output was to go there is something already, or nothing can be written."""


@contextmanager
def whole_folder(place: Path) -> Iterator[Path]:
    """Yield a folder to write into; it takes its place only when the block ends without an error.

    The place must be free: nothing that stands there is ever replaced. What an earlier run that was
    killed left beside it is cleared away.
    """
    place = place.absolute()
    if place.exists():
        raise OutputRefused(f"{place}: there is something already. Name a folder that does not exist yet.")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _clear_left_over(place)
        beside = place.parent / f".{place.name}.unfinished-{os.getpid()}"
        beside.mkdir()
    except OSError as error:
        raise OutputRefused(f"{place}: {error.strerror}.") from None
    try:
        yield beside
        make_durable(beside)
        os.rename(beside, place)
        _sync(place.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def make_durable(folder: Path) -> None:
    """Have the disk confirm every file of a folder, then the folders themselves."""
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear_left_over(place: Path) -> None:
    pattern = re.compile(rf"\.{re.escape(place.name)}\.unfinished-(\d+)")
    for path in place.parent.iterdir():
        found = pattern.fullmatch(path.name)
        if found and not _runs(int(found[1])):
            shutil.rmtree(path, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
