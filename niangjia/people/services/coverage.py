"""Stating that a register was complete, which alone turns "no row" into "no"."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.facts import registers
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.files.services.store import store_upload
from niangjia.people.models import Coverage
from niangjia.people.services.employers import DayInFuture
from niangjia.people.services.persons import WRITE


class GroundMissing(Refusal):
    """That silence means no cannot be said without a ground."""

    sentence = _("Please say on what ground: which comparison, survey or list. Nothing was recorded.")


class CoverageKnown(Refusal):
    """It was said before."""

    sentence = _("It stands already that this register was complete for this union on this day. Nothing was changed.")


@transaction.atomic
def record_coverage(
    *,
    register: str,
    union_id: int,
    complete_on: date,
    source: str,
    evidence: UploadedFile | None = None,
    acting_user: User,
) -> Coverage:
    """Record that a register was complete for a union and all below on a date: from then on, no row means no."""
    require(acting_user, WRITE, union_id)
    if register not in registers:
        raise NotFoundHere
    if complete_on > clock.today():
        raise DayInFuture(field="complete_on")
    if not source.strip():
        raise GroundMissing(field="source")
    paper = evidence and store_upload(
        upload=evidence, purpose=f"register.{register}", object_kind="coverage", union_id=union_id,
        acting_user=acting_user,
    )  # fmt: skip
    try:
        with transaction.atomic():
            found = Coverage.objects.create(
                register=register, union_id=union_id, complete_on=complete_on, source=source.strip()[:80],
                said_by=acting_user, recorded_at=clock.now(), evidence=paper or None,
            )  # fmt: skip
    except IntegrityError:
        raise CoverageKnown(field="complete_on") from None
    audit.record(
        "people.register:complete", acting_user=acting_user, object_kind="union", object_id=union_id,
        union_id=union_id, after={"register": register, "on": complete_on, "source": found.source},
    )  # fmt: skip
    return found
