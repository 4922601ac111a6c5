"""Places that a union does not use: given back with a reason, undone, and given out again by the same rule."""

from __future__ import annotations

import json

from django.db import transaction
from django.db.models import Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.benefits.models import QuotaReallotment, QuotaReturn
from niangjia.benefits.periods import period_of
from niangjia.benefits.quotamoves import moves, seen_of, waiting
from niangjia.benefits.quotas import QuotaTable, quotas_now
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import Scope, require
from niangjia.federation.services import audit
from niangjia.people import queries as people
from niangjia.policy import queries as policy

RETURN, REALLOT = "benefits.quota:return", "benefits.list:freeze"


class NumberImpossible(Refusal):
    """Nothing, or more than there is."""


class ReasonMissing(Refusal):
    """Everybody sees why."""

    sentence = _("Why are the places not used? One sentence; everybody who has places sees it.")


class GivenOutAlready(Refusal):
    """Others count on them."""

    sentence = _("These places have been given out again. Nothing was changed; what others were given stands.")


class NothingGivenBack(Refusal):
    """No places wait."""

    sentence = _("No places wait to be given out. Nothing was changed.")


class MovedMeanwhile(Refusal):
    """What was confirmed is not what stands there now."""

    sentence = _("Places were given back or undone while you were reading. Please look at the new figures once more.")


@transaction.atomic
def return_places(
    *, version_public_id: str, subject_kind: str, subject_id: int, places: int, reason: str, request_id: str,
    acting_user: User,
) -> QuotaReturn:  # fmt: skip
    """Give back places that a union or an employer of the acting officer's does not use; sent twice it is once."""
    scope = require(acting_user, RETURN)
    card, table = _locked(scope, version_public_id)
    existing = QuotaReturn.objects.filter(request_id=request_id, returned_by=acting_user).first()
    if existing:
        return existing
    subject = (subject_kind, subject_id)
    if subject not in table.own:
        raise NotFoundHere
    union_id = people.owner_of(subject_kind, subject_id)
    require(acting_user, RETURN, union_id)
    own = table.own[subject]
    if not 0 < places <= own:
        raise NumberImpossible(
            format_lazy(_("{own} places can be given back at most, and at least one. Nothing was changed."), own=own),
            field="places",
        )
    if not reason.strip():
        raise ReasonMissing(field="reason")
    found = QuotaReturn.objects.create(
        version_id=card.id, period=period_of(card, clock.today()), subject_kind=subject_kind, subject_id=subject_id,
        union_id=union_id, places=places, reason=reason.strip()[:200], returned_by=acting_user,
        returned_at=clock.now(), request_id=request_id,
    )  # fmt: skip
    audit.record(
        "benefits.quota:return", acting_user=acting_user, object_kind="quota_return", object_id=found.pk,
        union_id=union_id, after={"version": card.public_id, "places": places}, reason=reason,
    )  # fmt: skip
    return found


@transaction.atomic
def undo_return(*, version_public_id: str, public_id: str, acting_user: User) -> None:
    """Take back that places of this version were given back, as long as they were not given out again."""
    card = policy.version_card(require(acting_user, RETURN), version_public_id)
    found = QuotaReturn.objects.filter(public_id=public_id, version_id=card.id).first()
    if found is None:
        raise NotFoundHere
    require(acting_user, RETURN, found.union_id)
    # Not while they are being given out: what is counted there and what is undone here must agree.
    policy.lock_programme(card.programme_id)
    changed = QuotaReturn.objects.filter(pk=found.pk, undone_at__isnull=True, reallotment__isnull=True).update(
        undone_at=clock.now(), undone_by=acting_user
    )
    if not changed:
        raise GivenOutAlready
    audit.record(
        "benefits.quota:undo", acting_user=acting_user, object_kind="quota_return", object_id=found.pk,
        union_id=found.union_id, before={"places": found.places},
    )  # fmt: skip


@transaction.atomic
def reallot(*, version_public_id: str, seen: str, acting_user: User) -> QuotaReallotment:
    """Give out what was given back: by weight, under the same union first, then one level up; nobody else loses."""
    scope = require(acting_user, REALLOT)
    card, before = _locked(scope, version_public_id)
    require(acting_user, REALLOT, card.owner_union_id)
    after = quotas_now(card, given_out=True)
    if not before.pending or after is None:
        raise NothingGivenBack
    if seen != seen_of(card):
        raise MovedMeanwhile
    moved = moves(before, after)
    period = period_of(card, clock.today())
    of_period = QuotaReallotment.objects.filter(version_id=card.id, period=period)
    found = QuotaReallotment.objects.create(
        version_id=card.id, union_id=card.owner_union_id, period=period,
        number=(of_period.aggregate(top=Max("number"))["top"] or 0) + 1,
        moved=json.dumps([[kind, pk, more] for (kind, pk), more in moved.items()]), done_by=acting_user,
        done_at=clock.now(),
    )  # fmt: skip
    waiting(card).update(reallotment=found)
    audit.record(
        "benefits.quota:reallot", acting_user=acting_user, object_kind="quota_reallotment", object_id=found.pk,
        union_id=found.union_id, after={"version": card.public_id, "places": before.pending, "to": len(moved)},
    )  # fmt: skip
    return found


def _locked(scope: Scope, public_id: str) -> tuple[policy.VersionCard, QuotaTable]:
    card = policy.version_card(scope, public_id)
    policy.lock_programme(card.programme_id)
    table = quotas_now(card)
    if table is None:
        raise NotFoundHere
    return card, table
