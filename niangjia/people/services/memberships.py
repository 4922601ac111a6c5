"""Memberships of one person: joining, leaving, and putting right what was entered wrongly."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people import queries
from niangjia.people.models import MembershipSpell, Person
from niangjia.people.services.employers import DayInFuture
from niangjia.people.services.households import DatesOutOfOrder
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.services.persons import WRITE


class MemberAlready(Refusal):
    """One membership at a time."""

    sentence = _(
        "In these days the person is a member already. Nothing was changed. First put the days of that membership "
        "right, or record its end."
    )


@transaction.atomic
def join_union(*, person_id: int, joined_on: date, source: str, acting_user: User) -> MembershipSpell:
    """Record that a person joined his union on a day."""
    union_id = _held(person_id, acting_user)
    if joined_on > clock.today():
        raise DayInFuture(field="joined_on")
    _refuse_overlap(person_id, joined_on, None)
    spell = MembershipSpell.objects.create(person_id=person_id, union_id=union_id, joined_on=joined_on)
    audit.record(
        "people.membership:join", acting_user=acting_user, object_kind="person", object_id=person_id,
        union_id=union_id, after={"on": joined_on}, reason=source.strip(),
    )  # fmt: skip
    return spell


@transaction.atomic
def correct_membership(
    *, person_id: int, spell_id: int, joined_on: date, ended_on: date | None, source: str, acting_user: User
) -> MembershipSpell:
    """Put the days of a membership right; with an end it is over, without one it goes on."""
    union_id = _held(person_id, acting_user)
    spell = _locked(person_id, spell_id)
    if max(joined_on, ended_on or joined_on) > clock.today():
        raise DayInFuture(field="joined_on" if joined_on > clock.today() else "ended_on")
    if ended_on is not None and ended_on < joined_on:
        raise DatesOutOfOrder(field="ended_on")
    _refuse_overlap(person_id, joined_on, ended_on, but=spell_id)
    before = {"on": spell.joined_on, "until": spell.ended_on}
    spell.joined_on, spell.ended_on = joined_on, ended_on
    spell.save(update_fields=["joined_on", "ended_on"])
    audit.record(
        "people.membership:correct", acting_user=acting_user, object_kind="person", object_id=person_id,
        union_id=union_id, before=before, after={"on": joined_on, "until": ended_on}, reason=source.strip(),
    )  # fmt: skip
    return spell


@transaction.atomic
def remove_membership(*, person_id: int, spell_id: int, reason: str, acting_user: User) -> None:
    """Take out a membership that never was; its days stay in the trail."""
    union_id = _held(person_id, acting_user)
    spell = _locked(person_id, spell_id)
    before = {"union": spell.union_id, "on": spell.joined_on, "until": spell.ended_on}
    spell.delete()
    audit.record(
        "people.membership:remove", acting_user=acting_user, object_kind="person", object_id=person_id,
        union_id=union_id, before=before, reason=reason.strip(),
    )  # fmt: skip


def _held(person_id: int, acting_user: User) -> int:
    """The union of a person, locked for the transaction; the acting user writes for it and is not the person."""
    if not Person.objects.select_for_update().filter(pk=person_id, erased_at__isnull=True).exists():
        raise NotFoundHere
    union_id = queries.owner_of("person", person_id)
    require(acting_user, WRITE, union_id)
    not_his_own(acting_user, "person", person_id)
    return union_id


def _locked(person_id: int, spell_id: int) -> MembershipSpell:
    spell = MembershipSpell.objects.select_for_update().filter(pk=spell_id, person_id=person_id).first()
    if spell is None:
        raise NotFoundHere
    return spell


def _refuse_overlap(person_id: int, joined_on: date, ended_on: date | None, but: int = 0) -> None:
    """A transfer ends one membership on the day the next begins: that day may stand in both."""
    others = MembershipSpell.objects.filter(person_id=person_id).exclude(pk=but)
    others = others.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=joined_on))
    if ended_on is not None:
        others = others.filter(joined_on__lt=ended_on)
    if others.exists():
        raise MemberAlready(field="joined_on")
