"""暂缓: putting somebody who meets the rule on hold, and lifting it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.benefits.models import Hold
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people.services.own_matters import not_his_own
from niangjia.policy import queries as policy


class HoldNeedsReason(Refusal):
    """A hold without a reason cannot be answered for."""

    sentence = _("Please write in one sentence why this waits. Nothing was changed.")


class AlreadyHeld(Refusal):
    """Somebody was faster."""

    sentence = _("This one is already on hold. Nothing was changed.")


@transaction.atomic
def place_hold(*, version_public_id: str, subject_kind: str, subject_id: int, reason: str, acting_user: User) -> Hold:
    """Hold one subject of a list back, with a reason; it stays off every list frozen meanwhile."""
    scope = require(acting_user, "benefits.list:hold")
    card = policy.version_card(scope, version_public_id)
    scope = scope.of_programme(card.programme_slug)
    row = next(iter(policy.standings(scope, card.id, subjects={subject_kind: [subject_id]})), None)
    if row is None:
        raise NotFoundHere
    not_his_own(acting_user, subject_kind, subject_id)
    if not reason.strip():
        raise HoldNeedsReason(field="reason")
    try:
        with transaction.atomic():
            hold = Hold.objects.create(
                version_id=card.id, subject_kind=subject_kind, subject_id=subject_id, union_id=row.union_id,
                reason=reason.strip()[:200], held_by=acting_user, held_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise AlreadyHeld from None
    audit.record(
        "benefits.hold:place", acting_user=acting_user, object_kind=subject_kind, object_id=subject_id,
        union_id=row.union_id, after={"version": card.public_id}, reason=reason,
    )  # fmt: skip
    return hold


@transaction.atomic
def lift_hold(*, public_id: str, acting_user: User) -> None:
    """Lift a hold; who held and why stays on record."""
    hold = Hold.objects.filter(public_id=public_id).first()
    if hold is None:
        raise NotFoundHere
    require(acting_user, "benefits.list:hold", hold.union_id, programme=hold.version.programme.slug)
    not_his_own(acting_user, hold.subject_kind, hold.subject_id)
    changed = Hold.objects.filter(pk=hold.pk, lifted_at__isnull=True).update(
        lifted_at=clock.now(), lifted_by=acting_user
    )
    if changed:
        audit.record(
            "benefits.hold:lift", acting_user=acting_user, object_kind=hold.subject_kind, object_id=hold.subject_id,
            union_id=hold.union_id, before={"reason": hold.reason},
        )  # fmt: skip
