"""What stored files hold: each under the digest of its plain bytes, sealed on disk, opened block by block.

A file that was stored before contents were sealed is read as it lies, and sealed at night.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from niangjia.core import crypto
from niangjia.core.sealedfile import MAGIC, SealedReader, SealedWriter


def path_of(digest: str) -> Path:
    """Where the content with this digest lies."""
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def write_once(digest: str, content: bytes) -> None:
    """Put content in its place, sealed; what lies there already is the same by its name."""
    if not path_of(digest).exists():
        write(digest, content)


def write(digest: str, content: bytes) -> None:
    """Put content in its place, sealed, whatever lies there: whole or not at all."""
    path = path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            sealed = SealedWriter(file)
            sealed.write(content)
            sealed.finish()
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class _Opened(SealedReader):
    """Closes the file beneath with itself."""

    def close(self) -> None:
        # Refused before it was open, there is nothing beneath yet.
        if beneath := getattr(self, "_beneath", None):
            beneath.close()
        super().close()


def open_content(digest: str) -> BinaryIO:
    """The plain bytes as a stream; raises `Unreadable` where they are not what was sealed."""
    file = path_of(digest).open("rb")
    try:
        is_sealed = file.read(len(MAGIC)) == MAGIC
        file.seek(0)
        return io.BufferedReader(_Opened(file), 1 << 16) if is_sealed else file
    except BaseException:
        file.close()
        raise


def read(digest: str) -> bytes:
    """The plain bytes at once."""
    with open_content(digest) as file:
        return file.read()


def is_whole(digest: str) -> bool:
    """Whether what lies there is what its name says."""
    try:
        with open_content(digest) as file:
            found = hashlib.sha256()
            while piece := file.read(1 << 20):
                found.update(piece)
            return found.hexdigest() == digest
    except (OSError, crypto.Unreadable):
        return False


@contextlib.contextmanager
def plain_copy(digest: str, folder: Path) -> Iterator[Path]:
    """A copy for a child process, in a private folder, gone as soon as the child has read it."""
    path = folder / "plain"
    try:
        with open_content(digest) as source, path.open("xb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
        yield path
    finally:
        path.unlink(missing_ok=True)


def seal_old() -> str:
    """Seal contents that were stored before there was sealing. System act, a nightly duty."""
    done = 0
    for path in sorted(Path(settings.MEDIA_ROOT).glob("??/*")):
        with contextlib.suppress(FileNotFoundError):  # forgotten meanwhile
            with path.open("rb") as file:
                is_sealed = file.read(len(MAGIC)) == MAGIC
            # A rotten one is left: a seal would say that somebody had seen it whole.
            if len(path.name) == 64 and not is_sealed and is_whole(path.name):
                write(path.name, path.read_bytes())
                done += 1
    return f"{done} contents sealed"
