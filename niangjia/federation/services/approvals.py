"""Approval by a second person: asking, and deciding on exactly what was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.registries import Registry
from niangjia.federation.models import Approval
from niangjia.federation.scopes import require, rights_of
from niangjia.federation.services import audit


class SamePerson(Refusal):
    """Who asks may not confirm."""

    sentence = _("You asked for this confirmation yourself. A second person must confirm it. Nothing was changed.")


class AlreadyDecided(Refusal):
    """Somebody was faster."""

    sentence = _("This has been decided already. Nothing was changed.")


class ChangedSince(Refusal):
    """What was asked for is no longer what stands there."""

    sentence = _("The text was changed after it was sent for confirmation. Ask for it to be sent again.")


class AlreadyAsked(Refusal):
    """One open request for one thing."""

    sentence = _("This has been sent for confirmation already and waits for the second person. Nothing was changed.")


class AnswerMissing(Refusal):
    """Neither of the two answers."""

    sentence = _("Please choose one of the two answers: as in the document, or send it back. Nothing was changed.")


@dataclass(frozen=True)
class ApprovalKind:
    """A kind of thing a second person confirms: the right it takes, and what happens then."""

    code: str
    label: str | Promise
    right: str
    digest: Callable[[int], str]  # object id -> digest of what stands there now
    confirmed: Callable[[Approval, User], None]
    returned: Callable[[Approval, User], None]


kinds: Registry[ApprovalKind] = Registry("approval kinds")


@transaction.atomic
def ask(*, kind: str, object_id: int, union_id: int, acting_user: User) -> Approval:
    """Ask for a second person's confirmation of what stands there now.

    The room that asks has checked that this user may ask for it.
    """
    found = kinds.get(kind)
    try:
        with transaction.atomic():
            approval = Approval.objects.create(
                kind=kind, object_id=object_id, digest=found.digest(object_id), union_id=union_id,
                asked_by=acting_user, asked_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise AlreadyAsked from None
    audit.record(
        "federation.approval:ask", acting_user=acting_user, object_kind=kind, object_id=object_id, union_id=union_id,
        after={"digest": approval.digest},
    )  # fmt: skip
    return approval


@transaction.atomic
def decide(*, public_id: str, verdict: str, note: str = "", acting_user: User) -> Approval:
    """Confirm or return; the second person must be another, and the text unchanged."""
    approval = Approval.objects.select_for_update().filter(public_id=public_id).first()
    if approval is None:
        raise NotFoundHere
    kind = kinds.get(approval.kind)
    require(acting_user, kind.right, approval.union_id)
    if verdict not in {Approval.Verdict.CONFIRMED, Approval.Verdict.RETURNED}:
        raise AnswerMissing
    if approval.asked_by_id == acting_user.pk:
        raise SamePerson
    changed = Approval.objects.filter(pk=approval.pk, decided_at__isnull=True).update(
        decided_by=acting_user, decided_at=clock.now(), verdict=verdict, note=note[:300]
    )
    if not changed:
        raise AlreadyDecided
    if verdict == Approval.Verdict.CONFIRMED and kind.digest(approval.object_id) != approval.digest:
        raise ChangedSince
    approval.refresh_from_db()
    audit.record(
        "federation.approval:decide", acting_user=acting_user, object_kind=approval.kind,
        object_id=approval.object_id, union_id=approval.union_id, after={"verdict": verdict, "note": note},
    )  # fmt: skip
    (kind.confirmed if verdict == Approval.Verdict.CONFIRMED else kind.returned)(approval, acting_user)
    return approval


@transaction.atomic
def withdraw_request(*, public_id: str, acting_user: User) -> Approval:
    """Take a request back before anybody answered it: only who asked can, and what was asked for is free again."""
    approval = Approval.objects.select_for_update().filter(public_id=public_id, asked_by=acting_user).first()
    if approval is None or not rights_of(acting_user):
        raise NotFoundHere
    changed = Approval.objects.filter(pk=approval.pk, decided_at__isnull=True).update(
        decided_at=clock.now(), verdict=Approval.Verdict.WITHDRAWN
    )
    if not changed:
        raise AlreadyDecided
    audit.record(
        "federation.approval:withdraw", acting_user=acting_user, object_kind=approval.kind,
        object_id=approval.object_id, union_id=approval.union_id,
    )  # fmt: skip
    approval.refresh_from_db()
    return approval
