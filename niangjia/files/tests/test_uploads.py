"""T35: what is handed in is typed by its bytes, kept under its digest, and never runs; its name is never asked."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import random
import re
import zipfile
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

import niangjia
from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core.errors import Refusal
from niangjia.files.models import StoredFile
from niangjia.files.queries import file_cards, file_response
from niangjia.files.services import contents, store, uploads
from niangjia.files.sheets import SheetRefused, sheet_rows
from niangjia.files.tests.pictures import jpeg, png, webp
from niangjia.files.workbooks import table_workbook

PNG = b"\x89PNG\r\n\x1a\n"
JPG = b"\xff\xd8\xff\xe0"
ACTIVE = {"text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "text/xml", "application/xml"}
# In every name and path that a sender chooses: where it stands on this disk, something has escaped.
MARK = f"niangjia-slipped-{os.getpid()}"
NAMES = (
    f"../{MARK}", f"../../{MARK}", f"..\\..\\{MARK}.ini", f"/tmp/{MARK}", f"/etc/cron.d/{MARK}", f"{MARK}.png\0.html",
    f"{MARK}{'a' * 300}.png", f"CON{MARK}.png", f"{MARK}.svg", f"~/.ssh/{MARK}", f"％2e％2e/{MARK}", f"{MARK}照片.html",
    f".htaccess{MARK}", f"{MARK}.php",
)  # fmt: skip
# The bar's limits, written down here.
UPLOAD_BYTES, ROSTER_BYTES = 10 * 1024 * 1024, 30 * 1024 * 1024
SECRET = "root:"  # what /etc/passwd begins with


@pytest.fixture
def officer(db: None) -> User:
    """Somebody who hands files in."""
    return create_user(username="officer", display_name="officer·葵")


def escaped() -> list[str]:
    """What of a sender's names stands on the disk: in the home of these tests, around it, and where programs work."""
    around = Path(settings.HOME).parent
    places = {around, Path.cwd(), Path("/tmp"), Path("/etc"), Path.home() / ".ssh"}
    found = {
        os.path.join(folder, name)
        for place in places for folder, folders, names in os.walk(place) for name in (*folders, *names) if MARK in name
    }  # fmt: skip
    return sorted(found)


def _of_the_house() -> set[Path]:
    """What lies in the home and is no upload: the keys, and the database."""
    return {Path(settings.KEY_FILE), *Path(settings.HOME).glob("*.sqlite3*")}


def slip(*, whole: bool = False) -> bytes:
    """A package whose parts want to lie elsewhere and point elsewhere; `whole` is a workbook in all else."""
    out = io.BytesIO(table_workbook(["姓名"], [("车前草",)]) if whole else b"")
    with zipfile.ZipFile(out, "a" if whole else "w") as package:
        for path in (
            f"../{MARK}",
            f"../../../../tmp/{MARK}-up",
            f"/tmp/{MARK}-root",
            f"xl/../../{MARK}",
            f"..\\{MARK}",
        ):
            package.writestr(path, "x")
        for path in ("link", f"xl/media/{MARK}.png"):
            package.writestr(_link(path), "/etc/passwd")
    return out.getvalue()


def _link(path: str) -> zipfile.ZipInfo:
    link = zipfile.ZipInfo(path)
    link.create_system = 3  # a system that has links
    link.external_attr = 0o120777 << 16
    return link


def linked(name: str) -> bytes:
    """A workbook in which one part is a link to a file of the server."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(table_workbook(["姓名"], [("车前草",)]))) as before,
        zipfile.ZipFile(out, "w") as after,
    ):
        for part in before.namelist():
            if part == name:
                after.writestr(_link(part), "/etc/passwd")
            else:
                after.writestr(part, before.read(part))
    return out.getvalue()


@cache
def huge_pictures() -> tuple[bytes, ...]:
    """Whole pictures of a few bytes and a hundred megapixels; nobody unfolds them here."""
    return png(10_000, 10_000), jpeg(10_000, 10_000), webp(10_000, 10_000)


def hundred_files() -> list[tuple[str, bytes]]:
    """Name and content: pictures and papers, each beside what only pretends."""
    dice = random.Random(35)
    contents = [
        PNG + b"<script>alert(1)</script>", JPG + b"<?php system('x') ?>", b"GIF89a/*<script>*/=1;",
        b"%PDF-1.4 <html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", b"<!doctype html><script>x()</script>",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
        b"#!/bin/sh\nrm -rf x",
        b"MZ\x90\0", slip(), *huge_pictures(), b"RIFF\0\0\0\0WEBP" + b"\0" * 30, b"RIFF\0\0\0\0AVI ", b"\0" * 50,
        b"BM<html>",
        b"\xef\xbb\xbf<html>", png() + b"<script>alert(1)</script>", jpeg() + b"<?php system('x') ?>",
    ]  # fmt: skip
    return [(dice.choice(NAMES), dice.choice(contents) + bytes([number])) for number in range(100)]


def keep(officer: User, name: str, content: bytes, *, roster: bool = False) -> StoredFile | None:
    """Hand one in; None when it was refused with a sentence."""
    upload = SimpleUploadedFile("x", content, "text/html")
    upload._name = name  # as a hostile sender puts it, past Django's own cleaning
    try:
        if roster:
            return store.store_roster(upload=upload, object_kind="roster", union_id=1, acting_user=officer)
        return store.store_upload(
            upload=upload, purpose="x", object_kind="statement", union_id=None, acting_user=officer
        )
    except Refusal as refusal:
        assert len(str(refusal.sentence)) > 10  # noqa: PT017  either outcome is right, none without words
        return None


@pytest.mark.parametrize("roster", [False, True])
def test_a_hundred_files_lie_under_their_digest_and_none_of_them_runs(officer: User, roster: bool) -> None:
    before = set(Path(settings.HOME).rglob("*"))
    tried = [(content, keep(officer, name, content, roster=roster)) for name, content in hundred_files()]
    kept = [(content, found) for content, found in tried if found is not None]
    assert 10 < len(kept) < 100
    assert not any(content[:-1] in huge_pictures() for content, _ in kept if not roster)
    for content, found in kept:
        assert found.digest == hashlib.sha256(content).hexdigest()
        assert contents.read(found.digest) == content
        assert found.media_type not in ACTIVE
        response = file_response(file_cards([found.pk])[found.pk])
        assert response["Content-Type"] == found.media_type
        assert "sandbox" in response["Content-Security-Policy"]
        inline = response["Content-Disposition"] == "inline"
        assert inline == found.media_type.startswith("image/"), "only pictures are shown inside a page"
        for close in response._resource_closers:  # the file only: closing the answer would close the database too
            close()
    new = {path for path in Path(settings.HOME).rglob("*") if path.is_file()} - before - _of_the_house()
    # Whoever wrote it: what is new lies where its own content says, and nowhere a name would put it.
    assert [path for path in new if path != store.path_of(hashlib.sha256(contents.read(path.name)).hexdigest())] == []
    assert escaped() == [], "a name of the sender's is nowhere"


ARCHIVES = {
    "paths": slip(), "paths in a workbook": slip(whole=True), "linked strings": linked("xl/sharedStrings.xml"),
    "linked sheet": linked("xl/worksheets/sheet1.xml"), "linked list": linked("xl/workbook.xml"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_is_read_where_it_lies_and_nothing_of_it_is_unpacked(officer: User, kind: str) -> None:
    found = keep(officer, f"../{MARK}.xlsx", ARCHIVES[kind], roster=True)
    assert found is not None
    read: list[tuple[object, ...]] = []
    with contextlib.suppress(SheetRefused), sheet_rows(found) as rows:
        read = [row.cells for row in rows]
    assert read == ([("姓名",), ("车前草",)] if kind == "paths in a workbook" else [])
    assert SECRET not in str(read)
    assert escaped() == []


def test_archives_of_strangers_are_opened_by_these_modules_only() -> None:
    """Another one that opens them has to be asked above; what writes archives, or reads one's own, is named."""
    ours = {"policy/views/versions.py", "people/services/copies.py", "site/backup/archive.py"}
    root = Path(niangjia.__file__).parent
    found = {
        str(path.relative_to(root)) for path in root.rglob("*.py")
        if "tests" not in path.parts and re.search("zipfile|tarfile|unpack_archive|calamine|openpyxl", path.read_text())
    }  # fmt: skip
    assert found == {"files/sheet_child.py", "files/hidden.py", *ours}


def test_control_an_archive_that_is_unpacked_is_found(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(slip(whole=True))) as package:
        for part in package.infolist():
            if MARK in part.filename and "/tmp" in part.filename:
                Path("/", part.filename).write_bytes(package.read(part))
    try:
        assert len(escaped()) == 2
    finally:
        for path in escaped():
            Path(path).unlink()


def test_control_a_store_that_uses_the_name_is_found(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def believing(*, upload: SimpleUploadedFile, **_more: object) -> None:
        with contextlib.suppress(OSError, ValueError):
            path = Path(settings.MEDIA_ROOT, str(upload.name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(upload.read())

    monkeypatch.setattr(store, "store_upload", believing)
    for name in NAMES:
        if "etc" not in name:
            keep(officer, name, png())
    try:
        assert len(escaped()) > 8
    finally:
        for path in escaped():
            Path(path).unlink()


def _of(size: int, head: bytes) -> bytes:
    return head + b"0" * (size - len(head))


def over_the_limits(officer: User) -> list[StoredFile | None]:
    """One byte more than each limit."""
    return [
        keep(officer, "x.pdf", _of(UPLOAD_BYTES + 1, b"%PDF-1.4\n")),
        keep(officer, "x.csv", _of(ROSTER_BYTES + 1, b"a,b\n"), roster=True),
    ]


def test_up_to_the_limit_it_is_kept_and_over_it_nothing_is(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert over_the_limits(officer) == [None, None]
    monkeypatch.setattr(uploads, "_still_of_the_house", lambda user: None)
    with pytest.raises(store.FileTooLarge):
        uploads.begin_upload(key="x", size=UPLOAD_BYTES + 1, acting_user=officer)
    assert not StoredFile.objects.exists()
    assert keep(officer, "x.pdf", _of(UPLOAD_BYTES, b"%PDF-1.4\n")) is not None
    assert keep(officer, "x.csv", _of(ROSTER_BYTES, b"a,b\n"), roster=True) is not None


def test_control_a_limit_that_is_higher_is_found(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", UPLOAD_BYTES + 1)
    monkeypatch.setattr(store, "MAX_ROSTER_BYTES", ROSTER_BYTES + 1)
    assert None not in over_the_limits(officer)


def test_control_a_store_that_believes_the_name_is_found(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "media_type_of", lambda head: "text/html")
    found = keep(officer, "x.html", b"<!doctype html><script>x()</script>")
    assert found is not None
    assert found.media_type in ACTIVE
