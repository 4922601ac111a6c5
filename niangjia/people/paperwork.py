"""Kinds of printed forms that carry a code, and the files their photographs belong to."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.registries import Registry
from niangjia.files.codes import qr_svg, spaced
from niangjia.files.queries import papers_of
from niangjia.files.services.papers import print_code
from niangjia.people.queries import subject_cards

CONSENT, AUTHORITY = "consent", "authority"
# Rooms that print a form register its name here; its code is made by `files.services.papers.print_code`.
paper_kinds: Registry[str | Promise] = Registry("kinds of printed forms")


def register() -> None:
    """Offer this room's forms."""
    paper_kinds.register(CONSENT, _("Consent form"))
    paper_kinds.register(AUTHORITY, _("Signed authority"))


def kind_name(kind: str) -> str:
    """A form's name."""
    return str(paper_kinds.get(kind)) if kind in paper_kinds else kind


def subject_of(code: Any) -> dict[str, str]:
    """Where a photograph went: the form's name, whose file, and its address; the caller found the code in scope."""
    card = subject_cards(code.subject_kind, [code.subject_id], today=clock.today())[code.subject_id]
    return {
        "kind": kind_name(code.kind), "name": card.name,
        "url": reverse(f"{code.subject_kind}_file", args=[card.public_id]),
    }  # fmt: skip


def printed(kind: str, subject_kind: str, subject_id: int, union_id: int, user: User) -> dict[str, str]:
    """The code of one print of a form, as a drawing and in digits; the caller found the subject in scope."""
    code = print_code(
        kind=kind, subject_kind=subject_kind, subject_id=subject_id, union_id=union_id, acting_user=user
    ).code
    return {"drawing": qr_svg(code), "digits": spaced(code)}


def papers_about(subject_kind: str, subject_id: int) -> list[dict[str, Any]]:
    """Photographed forms in one file, newest first; the caller found the subject in scope."""
    return [
        {"kind": kind_name(photo.code.kind), "at": photo.filed_at, "public_id": photo.public_id}
        for photo in papers_of(subject_kind, subject_id)
        if photo.code is not None
    ]
