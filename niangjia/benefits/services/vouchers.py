"""Vouchers: issuing, binding to the employer who takes the holder on, ending."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.benefits.models import Voucher
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.ids import serial_is_valid, with_check_digit
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people import queries as people
from niangjia.people.services.own_matters import not_his_own
from niangjia.policy import queries as policy

SERIAL_PREFIX = "JYQ"
NUMBER_ATTEMPTS = 20


class LiveVoucherExists(Refusal):
    """One live voucher per person."""

    sentence = _("This person already holds a live voucher. No second one was issued; end the first one before.")


class AlreadyBound(Refusal):
    """A voucher is bound once."""

    sentence = _("This voucher is already bound to an employer. Nothing was changed.")


class VoucherNotValid(Refusal):
    """Void, expired or handed back."""

    sentence = _("This voucher is no longer valid: it was ended or has expired. Nothing was changed.")


class SerialUnknown(Refusal):
    """The check digit does not fit, or nobody was given this number."""

    sentence = _("There is no voucher with this number. Please compare every digit with the paper.")


class HolderOutsideScope(Refusal):
    """The holder no longer belongs to the federation that issued the voucher."""

    sentence = _(
        "The holder does not belong to the area that issued this voucher. Nothing was bound; ask the issuing union."
    )


class EndingNeedsReason(Refusal):
    """Why a voucher ends is written down."""

    sentence = _("Please write in one sentence why the voucher ends.")


@transaction.atomic
def issue_voucher(
    *, person_id: int, programme_id: int, expires_on: date, issued_on: date | None = None, acting_user: User
) -> Voucher:
    """Issue a voucher to a person in the acting officer's area."""
    union_id = people.owner_of("person", person_id)
    slug = policy.programme_slugs([programme_id]).get(programme_id, "")
    require(acting_user, "benefits.list:serve", union_id, programme=slug)
    not_his_own(acting_user, "person", person_id)
    day = issued_on or clock.today()
    _expire(person_id, day)
    voucher = _create(person_id, union_id, programme_id, day, expires_on, acting_user)
    audit.record(
        "benefits.voucher:issue", acting_user=acting_user, object_kind="person", object_id=person_id,
        union_id=union_id, after={"voucher": voucher.serial, "until": expires_on},
    )  # fmt: skip
    return voucher


def _create(
    person_id: int, union_id: int, programme_id: int, day: date, expires_on: date, acting_user: User | None
) -> Voucher:
    for _attempt in range(NUMBER_ATTEMPTS):
        if Voucher.objects.filter(person_id=person_id, ended_on__isnull=True).exists():
            raise LiveVoucherExists
        number = (Voucher.objects.aggregate(top=Max("number"))["top"] or 0) + 1
        try:
            with transaction.atomic():
                return Voucher.objects.create(
                    number=number, serial=with_check_digit(number, SERIAL_PREFIX), person_id=person_id,
                    union_id=union_id, programme_id=programme_id, issued_on=day, expires_on=expires_on,
                    issued_by=acting_user,
                )  # fmt: skip
        except IntegrityError:
            continue  # somebody took the number, or gave this person one: look again
    raise LiveVoucherExists


def _expire(person_id: int, day: date) -> None:
    Voucher.objects.filter(
        person_id=person_id, ended_on__isnull=True, bound_on__isnull=True, expires_on__lt=day
    ).update(ended_on=day, ending=Voucher.Ending.EXPIRED)


@transaction.atomic
def bind_voucher(*, serial: str, employer_id: int, bound_on: date | None = None, acting_user: User) -> Voucher:
    """Bind a voucher to the employer who takes its holder on, once; raises a sentence for each way it cannot be.

    The holder must still belong to the area that issued the voucher, and both holder and employer
    to the acting officer's.
    """
    serial = serial.strip().upper()
    if not serial_is_valid(serial, SERIAL_PREFIX):
        raise SerialUnknown(field="serial")
    scope = require(acting_user, "benefits.list:serve", people.owner_of("employer", employer_id))
    voucher = Voucher.objects.select_for_update().filter(scope.unions(), serial=serial).first()
    if voucher is None:
        raise SerialUnknown(field="serial")
    not_his_own(acting_user, "person", voucher.person_id)
    day = bound_on or clock.today()
    if voucher.ended_on is not None or not voucher.issued_on <= day <= voucher.expires_on:
        raise VoucherNotValid(field="serial")
    if not scope.reaches_union(people.owner_of("person", voucher.person_id)):
        raise HolderOutsideScope(field="serial")
    changed = Voucher.objects.filter(pk=voucher.pk, bound_on__isnull=True, ended_on__isnull=True).update(
        employer_id=employer_id, bound_on=day
    )
    if not changed:
        raise AlreadyBound(field="serial")
    _record_twice("benefits.voucher:bind", voucher, employer_id, acting_user, {"voucher": serial, "on": day})
    voucher.refresh_from_db()
    return voucher


@transaction.atomic
def end_voucher(*, public_id: str, ending: str, reason: str, acting_user: User) -> Voucher:
    """End a voucher: void it (it never counts), or take it back (what was earned stays)."""
    voucher = Voucher.objects.select_for_update().filter(public_id=public_id).first()
    if voucher is None:
        raise NotFoundHere
    require(acting_user, "benefits.list:serve", voucher.union_id, programme=voucher.programme.slug)
    not_his_own(acting_user, "person", voucher.person_id)
    if not reason.strip():
        raise EndingNeedsReason(field="reason")
    changed = Voucher.objects.filter(pk=voucher.pk, ended_on__isnull=True).update(
        ended_on=clock.today(), ending=Voucher.Ending(ending), end_reason=reason.strip()[:200]
    )
    if not changed:
        raise VoucherNotValid
    _record_twice(
        "benefits.voucher:end",
        voucher,
        voucher.employer_id,
        acting_user,
        {"voucher": voucher.serial, "how": ending},
        reason,
    )
    voucher.refresh_from_db()
    return voucher


def _record_twice(
    action: str,
    voucher: Voucher,
    employer_id: int | None,
    acting_user: User,
    after: dict[str, object],
    reason: str = "",
) -> None:
    # The holder and the employer are both subjects that rules decide about: each gets its own row in the feed.
    for kind, subject_id in (("person", voucher.person_id), ("employer", employer_id)):
        if subject_id is not None:
            audit.record(
                action, acting_user=acting_user, object_kind=kind, object_id=subject_id, union_id=voucher.union_id,
                after=after, reason=reason,
            )  # fmt: skip
