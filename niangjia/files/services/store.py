"""Taking in an upload: limits, type by its bytes, content sealed under its digest."""

from __future__ import annotations

import hashlib

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.services import audit
from niangjia.files.models import StoredFile
from niangjia.files.services.contents import path_of as path_of, write_once
from niangjia.files.services.pictures import has_too_many_pixels, is_whole_picture

MAX_BYTES = 10 * 1024 * 1024
MAX_ROSTER_BYTES = 30 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
CSV = "text/csv"


class EmptyFile(Refusal):
    """Zero bytes."""

    sentence = _("The file is empty: nothing was received. Choose it again, or take the photograph again.")


class FileTooLarge(Refusal):
    """Over the limit."""

    sentence = _("The file is larger than 10 MB. Nothing was stored. Send a smaller photograph or scan.")


class FileTypeUnknown(Refusal):
    """Neither a photograph nor a PDF."""

    sentence = _(
        "This is neither a photograph (JPG, PNG, WebP) nor a PDF. Nothing was stored. Please choose another file."
    )


class RosterTooLarge(Refusal):
    """Over the limit of rosters."""

    sentence = _("The file is larger than 30 MB. Nothing was stored. Send it in parts.")


class RosterTypeUnknown(Refusal):
    """Neither a workbook nor a text table."""

    sentence = _("This is neither a workbook (.xlsx, .xls) nor a text table (.csv). Nothing was stored.")


class WebPageInDisguise(Refusal):
    """A web page under a workbook's name, as old systems export it."""

    sentence = _(
        "This file is a web page under the name of a workbook, as some systems export it. Nothing was stored. "
        "Open it in your table program, save it as .xlsx, and send that."
    )


class NotAPicture(Refusal):
    """Begins like a photograph, but none comes out of it."""

    sentence = _("This does not open as a photograph. Nothing was stored. Please take it again.")


class TooManyPixels(Refusal):
    """Small on the way, and too large for whoever opens it."""

    sentence = _(
        "This picture has more than 50 megapixels. Nothing was stored. Please take it again with the camera's "
        "usual setting."
    )


def media_type_of(head: bytes) -> str | None:
    """The type told by the first bytes; the name is never asked."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    return None


def roster_type_of(head: bytes) -> str:
    """The type of a table told by its first bytes, or a refusal; the name is never asked."""
    if head.startswith(b"PK\x03\x04"):
        return XLSX
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return XLS
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"mime-version")):
        raise WebPageInDisguise
    has_marker = head[:2] in (b"\xff\xfe", b"\xfe\xff")  # UTF-16 is full of zero bytes
    if media_type_of(head) is not None or (b"\x00" in head and not has_marker):
        raise RosterTypeUnknown
    return CSV


@transaction.atomic
def store_roster(*, upload: UploadedFile, object_kind: str, union_id: int, acting_user: User) -> StoredFile:
    """Keep a workbook or text table as it came, under its digest; nothing of it is read yet."""
    if not upload.size:
        raise EmptyFile
    if upload.size > MAX_ROSTER_BYTES:
        raise RosterTooLarge
    content = upload.read()
    media_type = roster_type_of(content[:512])
    return _keep(content, media_type, "roster", object_kind, union_id, acting_user)


@transaction.atomic
def store_upload(
    *, upload: UploadedFile, purpose: str, object_kind: str, union_id: int | None, acting_user: User
) -> StoredFile:
    """Keep an upload; the row and its audit row stand or fall with the caller's transaction.

    The content is written before the row: a rolled-back row leaves at most an unreferenced
    file, never a row without its file.
    """
    if not upload.size:
        raise EmptyFile
    if upload.size > MAX_BYTES:
        raise FileTooLarge
    content = upload.read()
    media_type = media_type_of(content[:16])
    if media_type is None:
        raise FileTypeUnknown
    if media_type.startswith("image/") and has_too_many_pixels(media_type, content):
        raise TooManyPixels
    if media_type.startswith("image/") and not is_whole_picture(media_type, content):
        raise NotAPicture
    return _keep(content, media_type, purpose, object_kind, union_id, acting_user)


def _keep(
    content: bytes, media_type: str, purpose: str, object_kind: str, union_id: int | None, acting_user: User
) -> StoredFile:
    digest = hashlib.sha256(content).hexdigest()
    write_once(digest, content)
    stored = StoredFile.objects.create(
        digest=digest, media_type=media_type, size=len(content), purpose=purpose, object_kind=object_kind,
        union_id=union_id, uploaded_by=acting_user, uploaded_at=clock.now(),
    )  # fmt: skip
    audit.record(
        "files.file:store", acting_user=acting_user, object_kind="file", object_id=stored.pk, union_id=union_id,
        after={"digest": digest, "type": media_type, "size": len(content), "purpose": purpose},
    )  # fmt: skip
    return stored
