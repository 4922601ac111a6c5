"""Taking in an upload: limits, type by its bytes, content under its digest."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.services import audit
from niangjia.files.models import StoredFile

MAX_BYTES = 10 * 1024 * 1024


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
    digest = hashlib.sha256(content).hexdigest()
    _write_once(path_of(digest), content)
    stored = StoredFile.objects.create(
        digest=digest, media_type=media_type, size=len(content), purpose=purpose, object_kind=object_kind,
        union_id=union_id, uploaded_by=acting_user, uploaded_at=clock.now(),
    )  # fmt: skip
    audit.record(
        "files.file:store", acting_user=acting_user, object_kind="file", object_id=stored.pk, union_id=union_id,
        after={"digest": digest, "type": media_type, "size": len(content), "purpose": purpose},
    )  # fmt: skip
    return stored


def path_of(digest: str) -> Path:
    """Where the content with this digest lies."""
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def _write_once(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)
