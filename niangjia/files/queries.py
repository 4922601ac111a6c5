"""Reading stored files; the room that keeps a file has checked the right before it asks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import FileResponse

from niangjia.accounts.models import User
from niangjia.core.errors import NotFoundHere
from niangjia.federation.scopes import Scope
from niangjia.files.models import PaperPhoto, StoredFile
from niangjia.files.services.contents import open_content


@dataclass(frozen=True)
class FileCard:
    """What a page shows of a file."""

    id: int
    public_id: str
    media_type: str
    size: int
    object_kind: str
    union_id: int | None
    uploaded_by_id: int

    @property
    def is_image(self) -> bool:
        """Whether a page can show it beside a value."""
        return self.media_type.startswith("image/")


def file_cards(ids: Collection[int]) -> dict[int, FileCard]:
    """Cards of stored files by id."""
    return {row.pk: _card(row) for row in StoredFile.objects.filter(pk__in=ids)}


def file_card(public_id: str) -> FileCard:
    """The card of one file, or `NotFoundHere`."""
    row = StoredFile.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere
    return _card(row)


def file_response(card: FileCard) -> FileResponse:
    """The content, shown inside the page and never run: its type is ours, not the sender's."""
    row = StoredFile.objects.get(pk=card.id)
    response = FileResponse(open_content(row.digest), content_type=row.media_type)
    response["Content-Length"] = row.size
    response["Content-Disposition"] = "inline" if card.is_image else "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _card(row: StoredFile) -> FileCard:
    return FileCard(row.pk, row.public_id, row.media_type, row.size, row.object_kind, row.union_id, row.uploaded_by_id)


def papers_of(subject_kind: str, *subject_ids: int) -> list[PaperPhoto]:
    """Photographed forms about subjects that the caller found in scope, newest first."""
    rows = PaperPhoto.objects.filter(
        code__subject_kind=subject_kind, code__subject_id__in=subject_ids, filed_at__isnull=False
    )
    return list(rows.select_related("code", "handed_in_by").order_by("-filed_at"))


def photos_to_file(user: User) -> list[PaperPhoto]:
    """One's own photographs whose code could not be read, oldest first."""
    rows = PaperPhoto.objects.filter(handed_in_by=user, filed_at__isnull=True, dropped_at__isnull=True)
    return list(rows.order_by("pk"))


def photo_of(scope: Scope, public_id: str, user: User) -> PaperPhoto:
    """One photograph: filed in scope, or one's own that waits; `NotFoundHere` for any other."""
    rows = PaperPhoto.objects.select_related("code").filter(public_id=public_id)
    found = (
        rows.filter(scope.unions(), filed_at__isnull=False).first()
        or rows.filter(handed_in_by=user, filed_at__isnull=True).first()
    )
    if found is None:
        raise NotFoundHere
    return found


def photo_response(photo: PaperPhoto) -> FileResponse:
    """The photograph itself."""
    return file_response(file_cards([photo.file_id])[photo.file_id])
