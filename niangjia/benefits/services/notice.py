"""公示 and approval of a frozen list, in the order the programme says; and telling the workers."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.benefits import lists
from niangjia.benefits.models import FrozenList, ListConfirmation, ListReturn, ListRow, PublicNotice, Release
from niangjia.benefits.status import day_in_words
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.workdays import workdays_after
from niangjia.federation.scopes import require
from niangjia.federation.services import approvals, audit
from niangjia.files.queries import file_cards
from niangjia.policy import queries as policy

APPROVAL_KIND = "benefits.list"


class ListTakenBack(Refusal):
    """A list that was taken back goes no further."""

    sentence = _("This list was taken back. Nothing was changed; freeze a new one.")


class NoticeAlreadyUp(Refusal):
    """A list is put up once."""

    sentence = _("This list is already on public notice. Nothing was changed.")


class PhoneMissing(Refusal):
    """Nobody could object."""

    sentence = _("Whom does one call with an objection? Please fill in the telephone number.")


class PlaceMissing(Refusal):
    """A notice hangs somewhere."""

    sentence = _("Where does the notice hang? Please fill it in, so that it can be found and photographed.")


class WrongOrder(Refusal):
    """The programme says which comes first."""


class AlreadyApproved(Refusal):
    """Once is enough."""

    sentence = _("This list is already approved. Nothing was changed.")


class ReturnNeedsSentence(Refusal):
    """A list sent back without a reason cannot be mended."""

    sentence = _("Please write one sentence: what does not agree with the paper? Nothing was changed.")


class AlreadyReleased(Refusal):
    """They can see it already."""

    sentence = _("The people on this list can already see how it stands.")


@transaction.atomic
def start_notice(*, list_public_id: str, objection_phone: str, place: str, acting_user: User) -> PublicNotice:
    """Put a frozen list up from today, for as many working days as the programme says."""
    frozen, card = _own_list(list_public_id, acting_user)
    if not objection_phone.strip():
        raise PhoneMissing(field="objection_phone")
    if not place.strip():
        raise PlaceMissing(field="place")
    if not card.notice_before_approval and not hasattr(frozen, "confirmation"):
        raise WrongOrder(_("In this programme approval comes before the public notice. Please ask for approval first."))
    starts_on = clock.today()
    try:
        with transaction.atomic():
            notice = PublicNotice.objects.create(
                frozen_list=frozen, starts_on=starts_on, ends_on=workdays_after(starts_on, card.notice_days),
                objection_phone=objection_phone.strip()[:40], place=place.strip()[:120], started_by=acting_user,
                started_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise NoticeAlreadyUp from None
    audit.record(
        "benefits.list:notice", acting_user=acting_user, object_kind="frozen_list", object_id=frozen.pk,
        union_id=frozen.union_id, after={"from": notice.starts_on, "until": notice.ends_on, "place": notice.place},
    )  # fmt: skip
    return notice


@transaction.atomic
def ask_list_approval(*, list_public_id: str, acting_user: User) -> approvals.Approval:
    """Ask the deputy chair to approve a frozen list; where the notice comes first it must be over."""
    frozen, card = _own_list(list_public_id, acting_user)
    if hasattr(frozen, "confirmation"):
        raise AlreadyApproved
    notice = getattr(frozen, "notice", None)
    if card.notice_before_approval and card.notice_days and notice is None:
        raise WrongOrder(_("In this programme the public notice comes before approval. Please give notice first."))
    if card.notice_before_approval and notice is not None and clock.today() <= notice.ends_on:
        raise WrongOrder(
            format_lazy(
                _("The public notice runs until {day}; objections may still come. Ask for approval after that day."),
                day=day_in_words(notice.ends_on),
            )
        )
    return approvals.ask(kind=APPROVAL_KIND, object_id=frozen.pk, union_id=frozen.union_id, acting_user=acting_user)


@transaction.atomic
def answer_list_approval(*, public_id: str, verdict: str, note: str = "", acting_user: User) -> approvals.Approval:
    """The second person's answer: confirmed approves the list, returned takes one sentence."""
    if verdict not in {"confirmed", "returned"}:
        raise NotFoundHere
    if verdict == "returned" and not note.strip():
        raise ReturnNeedsSentence(field="note")
    return approvals.decide(public_id=public_id, verdict=verdict, note=note.strip(), acting_user=acting_user)


@transaction.atomic
def release_list(*, list_public_id: str, acting_user: User) -> Release:
    """From now on the people on the list see on their own pages how it stands."""
    frozen = lists.live_list(list_public_id)
    require(acting_user, "benefits.list:release", frozen.union_id, programme=frozen.programme.slug)
    try:
        with transaction.atomic():
            release = Release.objects.create(frozen_list=frozen, released_by=acting_user, released_at=clock.now())
    except IntegrityError:
        raise AlreadyReleased from None
    audit.record(
        "benefits.list:release", acting_user=acting_user, object_kind="frozen_list", object_id=frozen.pk,
        union_id=frozen.union_id,
    )  # fmt: skip
    return release


def _own_list(public_id: str, acting_user: User) -> tuple[FrozenList, policy.VersionCard]:
    frozen = lists.live_list(public_id)
    require(acting_user, "benefits.list:freeze", frozen.union_id, programme=frozen.programme.slug)
    if hasattr(frozen, "cancellation"):
        raise ListTakenBack
    return frozen, policy.cards_of([frozen.version_id])[frozen.version_id]


def list_digest(frozen_list_id: int) -> str:
    """What a second person approves: document, meeting, paper, and every live row with decision and amount."""
    frozen = FrozenList.objects.get(pk=frozen_list_id)
    rows = ListRow.objects.filter(frozen_list=frozen, excluded_at__isnull=True).order_by("position")
    paper = file_cards([frozen.attachment_id])[frozen.attachment_id]
    text = audit.canonical(
        [frozen.public_id, frozen.document_number, frozen.meeting, frozen.meeting_on, paper.public_id,
         list(rows.values_list("position", "subject_kind", "subject_id", "decision_id", "per_key", "amount_fen"))]
    )  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()


def _confirmed(approval: approvals.Approval, acting_user: User) -> None:
    frozen = FrozenList.objects.select_for_update().get(pk=approval.object_id)
    if hasattr(frozen, "cancellation"):
        raise ListTakenBack
    ListConfirmation.objects.create(
        frozen_list=frozen, approval=approval, confirmed_by=acting_user, confirmed_at=clock.now()
    )
    audit.record(
        "benefits.list:confirm", acting_user=acting_user, object_kind="frozen_list", object_id=frozen.pk,
        union_id=frozen.union_id, after={"digest": approval.digest},
    )  # fmt: skip


def _returned(approval: approvals.Approval, acting_user: User) -> None:
    ListReturn.objects.create(
        frozen_list_id=approval.object_id, approval=approval, note=approval.note, returned_by=acting_user,
        returned_at=clock.now(),
    )  # fmt: skip
    audit.record(
        "benefits.list:return", acting_user=acting_user, object_kind="frozen_list", object_id=approval.object_id,
        union_id=approval.union_id, reason=approval.note,
    )  # fmt: skip


def register() -> None:
    """Offer the kind of approval a list takes."""
    approvals.kinds.register(
        APPROVAL_KIND,
        approvals.ApprovalKind(
            code=APPROVAL_KIND, label=_("Approval of a list"), right="benefits.list:approve", digest=list_digest,
            confirmed=_confirmed, returned=_returned,
        ),
    )  # fmt: skip
