"""Taking over, in bulk, what was kept on paper: earlier servings and vouchers in people's hands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from niangjia.accounts.models import User
from niangjia.benefits.models import PastServing, Voucher
from niangjia.benefits.services.caps import count_past
from niangjia.benefits.services.vouchers import SERIAL_PREFIX
from niangjia.core import clock
from niangjia.core.ids import with_check_digit
from niangjia.federation.services import audit

BATCH = 1_000


@dataclass(frozen=True)
class PastServingLine:
    """One line of an old roster; the amount is in fen, the source says where the paper lies."""

    programme_slug: str
    programme_name: str
    subject_kind: str
    subject_id: int
    union_id: int
    served_on: date
    source: str
    household_id: int | None = None
    amount_fen: int | None = None


@dataclass(frozen=True)
class VoucherLine:
    """One voucher that is already in somebody's hands, bound or not, ended or not."""

    person_id: int
    union_id: int
    programme_id: int
    issued_on: date
    expires_on: date
    employer_id: int | None = None
    bound_on: date | None = None
    ended_on: date | None = None
    ending: str = ""
    end_reason: str = ""


@transaction.atomic
def load_past_servings(*, lines: Iterable[PastServingLine], union_id: int, acting_user: User | None = None) -> int:
    """Take over old rosters; lines already taken over are passed by. System act (seed, approved import)."""
    rows = [
        PastServing(
            programme_slug=line.programme_slug, programme_name=line.programme_name, subject_kind=line.subject_kind,
            subject_id=line.subject_id, household_id=line.household_id, union_id=line.union_id,
            served_on=line.served_on, amount_fen=line.amount_fen, source=line.source, recorded_at=clock.now(),
        )
        for line in lines
    ]  # fmt: skip
    top = PastServing.objects.aggregate(top=Max("pk"))["top"] or 0
    PastServing.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    new = list(PastServing.objects.filter(pk__gt=top))
    count_past(new)
    added = len(new)
    audit.record(
        "benefits.history:load", acting_user=acting_user, object_kind="union", object_id=union_id, union_id=union_id,
        after={"servings": added},
    )  # fmt: skip
    return added


@transaction.atomic
def load_vouchers(*, lines: Iterable[VoucherLine], union_id: int, acting_user: User | None = None) -> list[Voucher]:
    """Take over vouchers in their order; each gets the next serial. System act (seed, approved import)."""
    first = (Voucher.objects.aggregate(top=Max("number"))["top"] or 0) + 1
    rows = [
        Voucher(
            number=number, serial=with_check_digit(number, SERIAL_PREFIX), person_id=line.person_id,
            union_id=line.union_id, programme_id=line.programme_id, issued_on=line.issued_on,
            expires_on=line.expires_on, employer_id=line.employer_id, bound_on=line.bound_on, ended_on=line.ended_on,
            ending=line.ending, end_reason=line.end_reason, issued_by=acting_user,
        )
        for number, line in enumerate(lines, start=first)
    ]  # fmt: skip
    Voucher.objects.bulk_create(rows, batch_size=BATCH)
    audit.record(
        "benefits.history:load", acting_user=acting_user, object_kind="union", object_id=union_id, union_id=union_id,
        after={"vouchers": len(rows)},
    )  # fmt: skip
    return rows
