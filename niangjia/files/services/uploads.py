"""Uploads in parts that go on after a broken connection, and after a restart of the server in between.

A part is sealed and written at its place before the row says so: whatever breaks, the row never promises more
than is there. The same part sent twice changes nothing. What is whole becomes an ordinary upload; it is judged
and stored by `store`, as one that came in one piece.
"""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock, crypto
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import active_grants
from niangjia.files.models import Upload
from niangjia.files.services import partfile
from niangjia.files.services.store import MAX_BYTES, FileTooLarge

LIFE = timedelta(days=1)
# Of one user in a day: a box of forms photographed whole, and no more than the disk bears.
MOST_OPEN, MOST_OPEN_BYTES = 1_000, 40 * MAX_BYTES
MOST_PART = 1024 * 1024


class TooManyUploads(Refusal):
    """More than the disk bears."""

    sentence = _("You have sent as much as one person may in a day. What was handed in stays. Please go on tomorrow.")


class NotWhole(Refusal):
    """A form was sent before its file had arrived."""

    sentence = _("The photograph has not arrived whole. Nothing was handed in. Please send it once more.")


class OutOfPlace(Exception):
    """The part does not go on where the last one ended; `received` says where that is."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


def begin_upload(*, key: str, size: int, acting_user: User) -> Upload:
    """Begin an upload of so many bytes, or find the one begun under this key."""
    _still_of_the_house(acting_user)
    if not 0 < size <= MAX_BYTES:
        raise FileTooLarge
    found = Upload.objects.filter(user=acting_user, key=key).first()
    if found is not None:
        return found
    live = Upload.objects.filter(user=acting_user, expires_at__gt=clock.now())
    held = live.aggregate(many=Count("pk"), size=Sum("size", default=0))
    if held["many"] >= MOST_OPEN or held["size"] + size > MOST_OPEN_BYTES:
        raise TooManyUploads
    now = clock.now()
    try:
        with transaction.atomic():
            return Upload.objects.create(user=acting_user, key=key, size=size, begun_at=now, expires_at=now + LIFE)
    except IntegrityError:  # begun in another window a moment ago
        return Upload.objects.get(user=acting_user, key=key)


@transaction.atomic
def take_part(*, public_id: str, offset: int, content: bytes, acting_user: User) -> Upload:
    """Take one part; one that is here already changes nothing, one that leaves a gap raises `OutOfPlace`."""
    upload = _own(public_id, acting_user, lock=True)
    end = offset + len(content)
    if not 0 <= offset <= upload.received or end > upload.size or len(content) > MOST_PART:
        raise OutOfPlace(upload.received)
    if upload.received and partfile.length_of(part_path(upload)) < upload.received:
        # Lost, or from before parts were sealed: it is sent again from the beginning.
        upload.received = 0
        upload.save(update_fields=["received"])
    elif end > upload.received:
        _write(part_path(upload), offset, content, upload.received)
        upload.received = end
        upload.save(update_fields=["received"])
    return upload


def upload_of(public_id: str, user: User) -> Upload:
    """One's own upload, or `NotFoundHere`."""
    return _own(public_id, user)


def whole_upload(public_id: str, user: User, *, name: str = "upload") -> InMemoryUploadedFile:
    """The file that arrived in parts, as if it had come in one piece."""
    upload = _own(public_id, user)
    path, content = part_path(upload), io.BytesIO()
    if upload.received != upload.size or partfile.length_of(path) != upload.size:
        raise NotWhole(field="photograph")
    try:
        for bit in partfile.read_bits(path):
            content.write(bit)
    except crypto.Unreadable:
        raise NotWhole(field="photograph") from None
    content.seek(0)
    # The type is told by the bytes, never by the sender.
    called = name[:100] or "upload"
    return InMemoryUploadedFile(content, None, called, "application/octet-stream", upload.size, None, None)


def _still_of_the_house(user: User) -> None:
    """Whose last role was taken back has nothing left to hand in."""
    if not active_grants(user).exists():
        raise NotFoundHere


def _own(public_id: str, user: User, *, lock: bool = False) -> Upload:
    _still_of_the_house(user)
    rows = Upload.objects.select_for_update() if lock else Upload.objects
    found = rows.filter(public_id=public_id, user=user, expires_at__gt=clock.now()).first()
    if found is None:
        raise NotFoundHere
    return found


def part_path(upload: Upload) -> Path:
    """Where the part lies: private, under a name of ours."""
    return Path(settings.MEDIA_ROOT) / "parts" / upload.public_id


def _write(path: Path, offset: int, content: bytes, received: int) -> None:
    """Add what of a part is not there yet."""
    partfile.write_at(path, received, content[received - offset :])


def forget_parts() -> str:
    """Throw away what never became whole, or was handed in, after a day. System act, an hourly duty."""
    old = list(Upload.objects.filter(expires_at__lte=clock.now()))
    Upload.objects.filter(pk__in=[one.pk for one in old]).delete()
    for one in old:
        part_path(one).unlink(missing_ok=True)
    return f"{len(old)} parts forgotten"
