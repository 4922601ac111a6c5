"""Printed forms that file themselves: a code for each print, and photographs that go where their code says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.registries import Registry
from niangjia.federation.scopes import Scope, require
from niangjia.federation.services import audit
from niangjia.files import codes
from niangjia.files.models import PaperCode, PaperPhoto
from niangjia.files.services.ownership import forget_files
from niangjia.files.services.store import store_upload

FILE = "files.paper:file"
DROPPED_DAYS = 30
# Rooms that enter something from a photograph refuse here that it is filed anew, by the number of its file.
kept_where_it_is: Registry[Callable[[int], None]] = Registry("what was entered from photographs")


class CodeUnknown(Refusal):
    """No such code, or one of a form you do not look after: one sentence for both."""

    sentence = _(
        "This code is not known here. Nothing was changed; the photograph stays where it was. "
        "Compare the digits under the square with what you typed."
    )


class CodeMissing(Refusal):
    """Where it belongs is told by the digits of a form."""

    sentence = _(
        "Please type the digits under the square of the form where it belongs. Nothing was changed. "
        "If it belongs nowhere, lay it aside."
    )


class CodeMistyped(Refusal):
    """The check digit does not fit."""

    sentence = _(
        "One digit of the code is mistyped. Nothing was changed; the photograph stays where it was. "
        "The code has 20 digits, in fours under the square."
    )


class SettledBefore(Refusal):
    """Filed or laid aside a moment ago."""

    sentence = _("This photograph has been dealt with already. Nothing was changed.")


class FiledUnderIt(Refusal):
    """It is where it was asked to go."""

    sentence = _(
        "The photograph is filed under this code already. Nothing was changed. "
        "Type the digits of the form that it shows, or lay it aside."
    )


class WhyMissing(Refusal):
    """What was taken out of somebody's file has a reason on record."""

    sentence = _("Please write in one sentence what is wrong with where it is filed. Nothing was changed.")


@dataclass(frozen=True)
class Told:
    """What became of one photograph."""

    photo: PaperPhoto
    code: PaperCode | None


@transaction.atomic
def print_code(*, kind: str, subject_kind: str, subject_id: int, union_id: int, acting_user: User) -> PaperCode:
    """A code for one print of a form about one subject; the room that prints has checked the scope."""
    code = PaperCode.objects.create(
        code=codes.new_code(), kind=kind, subject_kind=subject_kind, subject_id=subject_id, union_id=union_id,
        printed_by=acting_user, printed_at=clock.now(),
    )  # fmt: skip
    audit.record(
        "files.paper:print", acting_user=acting_user, object_kind=subject_kind, object_id=subject_id,
        union_id=union_id, after={"paper": kind},
    )  # fmt: skip
    return code


def take_photo(*, upload: UploadedFile, union_id: int, request_id: str, acting_user: User) -> Told:
    """Keep one photograph, read its code, and file it where the code says, or keep it for filing by hand.

    The same photograph of the same form, told by its `request_id`, is the one that was handed in before.
    """
    scope = require(acting_user, FILE, union_id)
    photo = _handed_in(upload, union_id, request_id, acting_user)
    if photo.filed_at or photo.dropped_at:
        return Told(photo, photo.code)
    # Outside the transaction: reading takes a moment, and nobody waits for a lock meanwhile.
    found = [code for text in codes.codes_on(photo.file) if (code := _code_in(scope, text))]
    if len(found) != 1:
        return Told(photo, None)
    try:
        return Told(_file(photo.public_id, found[0], acting_user, by_hand=False), found[0])
    except SettledBefore:  # by the same form, sent a second time meanwhile
        return Told(photo, found[0])


def _handed_in(upload: UploadedFile, union_id: int, request_id: str, acting_user: User) -> PaperPhoto:
    """Keep the photograph, or find it as it was kept when the form came the first time."""
    sent_as = _sent_as(upload, request_id)
    earlier = PaperPhoto.objects.filter(handed_in_by=acting_user, sent_as=sent_as).select_related("file", "code")
    if (before := earlier.first()) is not None:
        return before
    try:
        with transaction.atomic():
            stored = store_upload(
                upload=upload, purpose="paper", object_kind="paper", union_id=union_id, acting_user=acting_user
            )
            return PaperPhoto.objects.create(
                file=stored, union_id=union_id, handed_in_by=acting_user, handed_in_at=clock.now(), sent_as=sent_as
            )
    except IntegrityError:  # pressed twice: the other one was faster
        return earlier.get()


def _sent_as(upload: UploadedFile, request_id: str) -> str:
    digest = hashlib.sha256(request_id.encode() + b"\x00")
    for piece in upload.chunks():
        digest.update(piece)
    upload.seek(0)
    return digest.hexdigest()


def _code_in(scope: Scope, text: str) -> PaperCode | None:
    return PaperCode.objects.filter(scope.unions(), code=text).first()


def file_by_hand(*, public_id: str, text: str, acting_user: User) -> PaperPhoto:
    """File a photograph under the code somebody read with his own eyes."""
    found = _typed(require(acting_user, FILE), text)
    return _file(public_id, found, acting_user, by_hand=True)


@transaction.atomic
def file_anew(*, public_id: str, text: str, reason: str, acting_user: User) -> PaperPhoto:
    """File a photograph where it belongs that was filed under a wrong code; both files tell of it, one why."""
    photo = _filed_photo(public_id, acting_user)
    found = _typed(require(acting_user, FILE), text)
    if found.pk == photo.code_id:
        raise FiledUnderIt(field="code")
    _take_out(photo, reason, acting_user)
    return _put(photo, found, acting_user, by_hand=True)


@transaction.atomic
def drop_filed(*, public_id: str, reason: str, acting_user: User) -> PaperPhoto:
    """Lay a photograph aside that was filed under a wrong code and belongs nowhere."""
    photo = _filed_photo(public_id, acting_user)
    _take_out(photo, reason, acting_user)
    return _drop(photo, acting_user)


def _filed_photo(public_id: str, acting_user: User) -> PaperPhoto:
    rows = PaperPhoto.objects.select_for_update(of=("self",)).select_related("code")
    photo = rows.filter(public_id=public_id, filed_at__isnull=False).first()
    if photo is None:
        raise NotFoundHere
    require(acting_user, FILE, photo.union_id)
    for refuse in kept_where_it_is.all():
        refuse(photo.file_id)
    return photo


def _take_out(photo: PaperPhoto, reason: str, acting_user: User) -> None:
    code = photo.code
    if not reason.strip():
        raise WhyMissing(field="reason")
    if code is None:  # the database lets none be filed without a code
        raise NotFoundHere
    photo.code, photo.filed_at, photo.by_hand = None, None, False
    audit.record(
        "files.paper:take_out", acting_user=acting_user, object_kind=code.subject_kind, object_id=code.subject_id,
        union_id=code.union_id, after={"paper": code.kind, "photo": photo.public_id}, reason=reason.strip(),
    )  # fmt: skip


def _typed(scope: Scope, text: str) -> PaperCode:
    """The form whose digits somebody typed."""
    if not text.strip():
        raise CodeMissing(field="code")
    code = codes.typed_code(text)
    if not code:
        raise CodeMistyped(field="code")
    found = _code_in(scope, code)
    if found is None:
        raise CodeUnknown(field="code")
    return found


@transaction.atomic
def _file(public_id: str, code: PaperCode, acting_user: User, *, by_hand: bool) -> PaperPhoto:
    return _put(_own_photo(public_id, acting_user), code, acting_user, by_hand=by_hand)


def _put(photo: PaperPhoto, code: PaperCode, acting_user: User, *, by_hand: bool) -> PaperPhoto:
    photo.code, photo.filed_at, photo.by_hand, photo.union_id = code, clock.now(), by_hand, code.union_id
    photo.save(update_fields=["code", "filed_at", "by_hand", "union_id"])
    audit.record(
        "files.paper:file", acting_user=acting_user, object_kind=code.subject_kind, object_id=code.subject_id,
        union_id=code.union_id, after={"paper": code.kind, "photo": photo.public_id, "by_hand": by_hand},
    )  # fmt: skip
    return photo


@transaction.atomic
def drop_photo(*, public_id: str, acting_user: User) -> PaperPhoto:
    """Lay aside a photograph that belongs nowhere; it is forgotten with the others after thirty days."""
    return _drop(_own_photo(public_id, acting_user), acting_user)


def _drop(photo: PaperPhoto, acting_user: User) -> PaperPhoto:
    photo.dropped_at = clock.now()
    photo.save(update_fields=["code", "filed_at", "by_hand", "dropped_at"])
    audit.record(
        "files.paper:drop", acting_user=acting_user, object_kind="paper", object_id=photo.pk, union_id=photo.union_id
    )
    return photo


def _own_photo(public_id: str, acting_user: User) -> PaperPhoto:
    photo = PaperPhoto.objects.select_for_update().filter(public_id=public_id, handed_in_by=acting_user).first()
    if photo is None:
        raise NotFoundHere
    if photo.filed_at or photo.dropped_at:
        raise SettledBefore
    return photo


def forget_papers(*, subject_kind: str, subject_id: int) -> int:
    """Forget photographed forms about a subject that is deleted, and their codes. System act.

    Part of another room's act, which checks and audits it.
    """
    codes_of = PaperCode.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    photos = PaperPhoto.objects.filter(code__in=codes_of)
    files = list(photos.values_list("file_id", flat=True))
    photos.delete()
    forget_files(files)
    codes_of.delete()
    return len(files)


@transaction.atomic
def forget_dropped() -> str:
    """Forget photographs that were laid aside thirty days ago. System act, a nightly duty."""
    rows = PaperPhoto.objects.filter(dropped_at__lt=clock.now() - timedelta(days=DROPPED_DAYS))
    old = list(rows.select_for_update())
    rows.filter(pk__in=[photo.pk for photo in old]).delete()
    for photo in old:
        audit.record(
            "files.paper:forget", acting_user=None, object_kind="paper", object_id=photo.pk, union_id=photo.union_id
        )
    return f"{forget_files([photo.file_id for photo in old])} photographs forgotten"
