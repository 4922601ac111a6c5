"""T35: what is handed in is typed by its bytes, kept under its digest, and never runs; its name is never asked."""

from __future__ import annotations

import hashlib
import io
import random
import zipfile
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core.errors import Refusal
from niangjia.files.models import StoredFile
from niangjia.files.queries import file_cards, file_response
from niangjia.files.services import contents, store
from niangjia.files.tests.pictures import jpeg, png, webp

PNG = b"\x89PNG\r\n\x1a\n"
JPG = b"\xff\xd8\xff\xe0"
ACTIVE = {"text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "text/xml", "application/xml"}
NAMES = (
    "../../etc/passwd", "..\\..\\boot.ini", "/etc/cron.d/x", "x.png\0.html", "a" * 300 + ".png", "CON.png", "x.svg",
    "~/.ssh/authorized_keys", "％2e％2e/x", "照片.html", ".htaccess", "x.php",
)  # fmt: skip


@pytest.fixture
def officer(db: None) -> User:
    """Somebody who hands files in."""
    return create_user(username="officer", display_name="officer·葵")


def slip() -> bytes:
    """A package whose parts want to lie elsewhere."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("../../../../tmp/niangjia-slipped", "x")
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/etc/passwd")
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
    before = set(Path(settings.MEDIA_ROOT).rglob("*")) if Path(settings.MEDIA_ROOT).exists() else set()
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
    new = {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()} - before
    assert {path.name for path in new} <= {found.digest for _, found in kept}, "a name of the sender's is nowhere"
    assert not Path("/tmp/niangjia-slipped").exists()


def test_over_the_limit_nothing_is_kept(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", 100)
    monkeypatch.setattr(store, "MAX_ROSTER_BYTES", 100)
    assert keep(officer, "x.png", PNG + b"0" * 100) is None
    assert keep(officer, "x.csv", b"a,b\n" * 40, roster=True) is None
    assert not StoredFile.objects.exists()


def test_control_a_store_that_believes_the_name_is_found(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "media_type_of", lambda head: "text/html")
    found = keep(officer, "x.html", b"<!doctype html><script>x()</script>")
    assert found is not None
    assert found.media_type in ACTIVE
