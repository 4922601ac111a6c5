"""Publishing: a second person confirms that the text is as in the document; the sweep follows at once."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock, crypto
from niangjia.core.errors import NotFoundHere
from niangjia.engines.rules import canonical
from niangjia.federation.scopes import require
from niangjia.federation.services import approvals, audit
from niangjia.policy.models import ProgrammeVersion, Publication, ReturnedRequest, Sweep, Withdrawal
from niangjia.policy.readiness import gaps_of
from niangjia.policy.services import refusals
from niangjia.policy.services.drafts import draft
from niangjia.policy.services.sweeps import sweep
from niangjia.policy.versions import APPROVAL_KIND


def register() -> None:
    """Offer the kind of confirmation that publishes a version."""
    approvals.kinds.register(
        APPROVAL_KIND,
        approvals.ApprovalKind(
            APPROVAL_KIND, _("Programme: as in the document"), "policy.version:confirm", digest_of, _publish, _return
        ),
    )


def digest_of(version_id: int) -> str:
    """What exactly is confirmed: text, numbers, paper, scan, budget, dates and area."""
    version = ProgrammeVersion.objects.select_related("attachment").get(pk=version_id)
    scan = version.attachment.digest if version.attachment is not None else ""
    parts = [
        version.bundle_hash,
        crypto.chain_digest(version.bundle),  # of the text itself, beside the hash that the row claims
        version.document_number,
        version.meeting,
        _day(version.meeting_on),
        scan,
        version.budget_fen,
        _day(version.valid_from),
        _day(version.valid_to),
        version.area_id,
        version.edition,
    ]
    return crypto.chain_digest(canonical(parts))


def _day(value: Any) -> str | None:
    return None if value is None else value.isoformat()


@transaction.atomic
def ask_confirmation(*, version_public_id: str, acting_user: User) -> ProgrammeVersion:
    """Send a draft to the second person; what is still missing refuses, with one sentence each."""
    version = draft(require(acting_user, "policy.version:draft"), version_public_id)
    gaps = gaps_of(version)
    if gaps:
        raise refusals.NotReady([(gap.field, gap.sentence) for gap in gaps])
    try:
        with transaction.atomic():
            approvals.ask(kind=APPROVAL_KIND, object_id=version.pk, union_id=version.area_id, acting_user=acting_user)
    except IntegrityError:
        raise refusals.AlreadyAsked from None
    return version


@transaction.atomic
def answer_request(*, approval_public_id: str, verdict: str, note: str = "", acting_user: User) -> ProgrammeVersion:
    """The second person's answer: confirmed publishes and sweeps at once, returned takes one sentence."""
    if verdict not in {"confirmed", "returned"}:
        raise NotFoundHere
    if verdict == "returned" and not note.strip():
        raise refusals.ReasonMissing(field="note")
    found = approvals.decide(public_id=approval_public_id, verdict=verdict, note=note.strip(), acting_user=acting_user)
    return ProgrammeVersion.objects.select_related("programme").get(pk=found.object_id)


def _publish(approval: Any, user: User) -> None:
    version = ProgrammeVersion.objects.select_related("programme").get(pk=approval.object_id)
    Publication.objects.create(version=version, approval_id=approval.pk, published_by=user, published_at=clock.now())
    audit.record(
        "policy.version:publish", acting_user=user, object_kind="programme_version", object_id=version.pk,
        union_id=version.area_id,
        after={
            "bundle": version.bundle_hash, "document_number": version.document_number, "approval": approval.public_id,
        },
    )  # fmt: skip
    sweep(version=version, trigger=Sweep.Trigger.PUBLISH)


def _return(approval: Any, user: User) -> None:
    version = ProgrammeVersion.objects.get(pk=approval.object_id)
    ReturnedRequest.objects.create(version=version, note=approval.note, returned_by=user, returned_at=clock.now())
    audit.record(
        "policy.version:return", acting_user=user, object_kind="programme_version", object_id=version.pk,
        union_id=version.area_id, reason=approval.note,
    )  # fmt: skip


@transaction.atomic
def withdraw(*, version_public_id: str, reason: str, acting_user: User) -> Withdrawal:
    """Take a published version back; its decisions and lists stay as they are, nobody new is found."""
    scope = require(acting_user, "policy.version:confirm")
    version = ProgrammeVersion.objects.filter(scope.unions("area_id"), public_id=version_public_id).first()
    if version is None:
        raise NotFoundHere
    if not reason.strip():
        raise refusals.ReasonMissing(field="reason")
    if getattr(version, "publication", None) is None or getattr(version, "withdrawal", None) is not None:
        raise refusals.NotPublished
    found = Withdrawal.objects.create(
        version=version, withdrawn_by=acting_user, withdrawn_at=clock.now(), reason=reason.strip()[:200]
    )
    audit.record(
        "policy.version:withdraw", acting_user=acting_user, object_kind="programme_version", object_id=version.pk,
        union_id=version.area_id, reason=reason,
    )  # fmt: skip
    return found
