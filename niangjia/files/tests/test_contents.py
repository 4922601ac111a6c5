"""Contents lie sealed on disk and come back as they were: old ones are read as they lie, and sealed at night."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from django.conf import LazySettings

from niangjia.core import crypto
from niangjia.files.models import StoredFile
from niangjia.files.queries import FileCard, file_response
from niangjia.files.services import contents

TABLE = "姓名,身份证号\n车前草,990123198003041016\n".encode("gbk")


@pytest.fixture(autouse=True)
def _own_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def stored(content: bytes) -> str:
    """Put content in its place, and say its digest."""
    digest = hashlib.sha256(content).hexdigest()
    contents.write_once(digest, content)
    return digest


@pytest.mark.parametrize("size", [1, len(TABLE), (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (5 << 20) // 2])
def test_what_was_stored_comes_back_and_does_not_lie_in_the_clear(size: int) -> None:
    content = (TABLE * (size // len(TABLE) + 1))[:size]
    digest = stored(content)
    assert contents.read(digest) == content
    assert contents.is_whole(digest)
    lying = contents.path_of(digest).read_bytes()
    assert len(lying) > size
    assert TABLE not in lying
    assert b"990123198003041016" not in lying
    assert contents.path_of(digest).stat().st_mode & 0o077 == 0


def test_what_was_changed_or_cut_off_on_disk_is_not_handed_out() -> None:
    digest = stored(TABLE)
    path = contents.path_of(digest)
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[-20] ^= 1
    for bad in (bytes(flipped), whole[:-1], whole[:40]):
        path.write_bytes(bad)
        assert not contents.is_whole(digest)
        with pytest.raises(crypto.Unreadable):
            contents.read(digest)


def test_an_old_content_is_read_as_it_lies_and_sealed_at_night() -> None:
    digest, rotten = hashlib.sha256(TABLE).hexdigest(), "ab" * 32
    for name, content in ((digest, TABLE), (rotten, b"rotten")):
        path = contents.path_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert contents.read(digest) == TABLE
    assert contents.seal_old() == "1 contents sealed"
    assert TABLE not in contents.path_of(digest).read_bytes()
    assert contents.read(digest) == TABLE
    assert contents.path_of(rotten).read_bytes() == b"rotten", "nobody says that he saw it whole"
    assert contents.seal_old() == "0 contents sealed"


def test_a_childs_copy_is_gone_when_it_has_read_it(tmp_path: Path) -> None:
    digest = stored(TABLE)
    with contents.plain_copy(digest, tmp_path) as copy:
        assert copy.read_bytes() == TABLE
    assert not copy.exists()
    broken = RuntimeError("the child fell")
    with pytest.raises(RuntimeError), contents.plain_copy(digest, tmp_path) as copy:  # noqa: PT012
        assert copy.exists()
        raise broken
    assert not copy.exists()


def test_a_page_gets_the_plain_bytes_and_their_length(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = stored(TABLE)
    row = StoredFile(pk=1, public_id="x", digest=digest, media_type="text/csv", size=len(TABLE))
    monkeypatch.setattr(StoredFile.objects, "get", lambda pk: row)
    response = file_response(FileCard(1, "x", "text/csv", len(TABLE), "roster", None, 1))
    assert response["Content-Length"] == str(len(TABLE))
    assert b"".join(response.streaming_content) == TABLE  # type: ignore[arg-type]


def test_control_a_store_that_does_not_seal_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain(io.BytesIO):
        def __init__(self, beneath: io.BufferedWriter) -> None:
            self.write = beneath.write  # type: ignore[method-assign,assignment]

        def finish(self) -> None:
            pass

    monkeypatch.setattr(contents, "SealedWriter", Plain)
    assert contents.path_of(stored(TABLE)).read_bytes() == TABLE
