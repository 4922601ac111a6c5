"""Signed authorities: entering the paper that lets other bureaus be asked, and its withdrawal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.files.services.store import store_upload
from niangjia.people.bureaux.authorities import adults_of, photographs_waiting
from niangjia.people.bureaux.suppliers import bureaus
from niangjia.people.models import AuthoritySigner, CheckAuthority, Household, Person
from niangjia.people.services.consents import hold_answers, note_signatures
from niangjia.people.services.own_matters import not_his_own

WRITE = "people.registry:write"


class NobodySigned(Refusal):
    """A paper without a signature is none."""

    sentence = _("Please say who signed: each adult of the household signs for himself.")


class NotAnAdultOfIt(Refusal):
    """The signature of somebody else proves nothing."""

    sentence = _("Only adults of this household sign its authority. Please choose them again.")


class NoBureauNamed(Refusal):
    """The paper says who may be asked."""

    sentence = _("Please tick the bureaus that the paper names.")


class AuthorityDates(Refusal):
    """Signed before today, valid until later."""

    sentence = _("It is signed today or earlier, and valid until that day or later. Please check the two dates.")


class PaperMissing(Refusal):
    """The scan is the proof."""

    sentence = _("The signed paper is missing. Please photograph or scan it; what you filled in is kept.")


class AlreadyWithdrawn(Refusal):
    """Twice."""

    sentence = _("This authority was withdrawn before. Nothing was changed.")


@transaction.atomic
def record_authority(
    *,
    household: Household | None = None,
    person: Person | None = None,
    signer_ids: Collection[int],
    bureaus_named: Collection[str],
    purpose: str,
    signed_on: date,
    valid_until: date,
    paper: UploadedFile | None,
    request_id: str,
    acting_user: User,
    photographed: str = "",
) -> CheckAuthority:
    """Record a signed authority with its scan. Sent twice with one request id, it is one paper.

    `photographed` names a photograph that filed itself under this household or person, in place of a scan.
    """
    union_id = _union_of(household, person)
    require(acting_user, WRITE, union_id)
    _not_his_own(household, person, acting_user)
    earlier = CheckAuthority.objects.filter(request_id=request_id, recorded_by=acting_user).first()
    if earlier is not None:
        return earlier
    _check(household, person, signer_ids, bureaus_named, signed_on, valid_until)
    file = _scan(household, person, paper, photographed, acting_user)
    try:
        with transaction.atomic():
            row = CheckAuthority.objects.create(
                household=household, person=person, purpose=purpose.strip(), bureaus=sorted(set(bureaus_named)),
                signed_on=signed_on, valid_until=valid_until, file=file, recorded_by=acting_user,
                recorded_at=clock.now(), request_id=request_id,
            )  # fmt: skip
    except IntegrityError:
        raise NotFoundHere from None  # somebody else's request id is a stranger's
    AuthoritySigner.objects.bulk_create([AuthoritySigner(authority=row, person_id=pk) for pk in set(signer_ids)])
    note_signatures(person_ids=set(signer_ids), signed_on=signed_on, paper=file, acting_user=acting_user)
    _tell("record", row, union_id, acting_user)
    return row


def _scan(
    household: Household | None, person: Person | None, paper: UploadedFile | None, photographed: str, acting_user: User
) -> Any:
    union_id = _union_of(household, person)
    if paper is not None:
        return store_upload(
            upload=paper, purpose="check_authority", object_kind="authority", union_id=union_id, acting_user=acting_user
        )
    kind, pk = ("household", household.pk) if household is not None else ("person", person.pk if person else 0)
    waiting = {photo.public_id: photo.file for photo in photographs_waiting(kind, pk)}
    if photographed not in waiting:
        raise PaperMissing(field="paper")
    return waiting[photographed]


def _check(
    household: Household | None, person: Person | None, signer_ids: Collection[int], named: Collection[str],
    signed_on: date, valid_until: date,
) -> None:  # fmt: skip
    if not signer_ids:
        raise NobodySigned(field="signers")
    if household is not None:
        allowed = {one.person_id for one in adults_of([household.pk], clock.today())[household.pk]}
    else:
        allowed = {person.pk} if person is not None else set()
    if not set(signer_ids) <= allowed:
        raise NotAnAdultOfIt(field="signers")
    if not named or not set(named) <= bureaus().keys():
        raise NoBureauNamed(field="bureaus")
    if signed_on > clock.today() or valid_until < signed_on:
        raise AuthorityDates(field="valid_until")


@transaction.atomic
def withdraw_authority(*, public_id: str, acting_user: User) -> CheckAuthority:
    """Note that an authority was taken back: from now on nobody is asked on it, what was answered stays."""
    row = CheckAuthority.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere
    union_id = _union_of(row.household, row.person)
    require(acting_user, WRITE, union_id)
    _not_his_own(row.household, row.person, acting_user)
    # A file for a bureau that is being made with this signature is finished first, or finds it gone.
    hold_answers(list(row.signers.values_list("person_id", flat=True)))
    changed = CheckAuthority.objects.filter(pk=row.pk, withdrawn_on__isnull=True).update(
        withdrawn_on=clock.today(), withdrawn_by=acting_user
    )
    if not changed:
        raise AlreadyWithdrawn
    _tell("withdraw", row, union_id, acting_user)
    return row


@transaction.atomic
def look_at_paper(*, paper: CheckAuthority, acting_user: User) -> None:
    """Write down that somebody looked at the scan of a paper that the caller found in scope."""
    _tell("look", paper, _union_of(paper.household, paper.person), acting_user)


def _not_his_own(household: Household | None, person: Person | None, acting_user: User) -> None:
    for kind, subject in (("household", household), ("person", person)):
        if subject is not None:
            not_his_own(acting_user, kind, subject.pk)


def _union_of(household: Household | None, person: Person | None) -> int:
    subject = household or person
    if subject is None:
        raise NotFoundHere
    return subject.union_id


def _tell(verb: str, row: CheckAuthority, union_id: int, acting_user: User) -> None:
    kind, subject_id = ("household", row.household_id) if row.household_id else ("person", row.person_id)
    audit.record(
        f"people.authority:{verb}", acting_user=acting_user, object_kind=kind, object_id=int(subject_id or 0),
        union_id=union_id, after={"authority": row.public_id, "bureaus": row.bureaus, "until": row.valid_until},
    )  # fmt: skip
