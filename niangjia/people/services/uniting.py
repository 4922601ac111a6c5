"""Two households become one: all members of one move into the other at once, and it closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.queries import union_names
from niangjia.federation.scopes import scope_of
from niangjia.people.homesteps import UNITING
from niangjia.people.models import Household, HouseholdMember, HouseholdStep
from niangjia.people.queries import owner_of
from niangjia.people.services.home_rows import (
    change_row,
    checked_day,
    close_household,
    household_of,
    open_places,
    running_in,
    tell,
)
from niangjia.people.services.households import HouseholdClosed
from niangjia.people.services.persons import WRITE


class SameHousehold(Refusal):
    """One cannot join itself."""

    sentence = _("This is one household. Choose another one to join it. Nothing was changed.")


class OtherUnion(Refusal):
    """Whoever looks after one does not look after the other."""

    sentence = _(
        "The two households are with different unions: %(stays)s and %(goes)s. First move the head of one, with the "
        "household, to the other union. Nothing was changed."
    )


class HeadMissing(Refusal):
    """Nobody to whom the others could be related."""

    sentence = _("The household that remains has no head. First name one there. Nothing was changed.")


class FileElsewhere(Refusal):
    """A member whose file somebody else looks after is not moved from here."""

    sentence = _(
        "The file of %(name)s lies with a union you do not look after, so the household cannot join another as a "
        "whole. Ask that union to hand the file over, or let this person leave first. Nothing was changed."
    )


class RelationMissing(Refusal):
    """Each member is something to the head."""

    sentence = _("Please say what this person is to the head of the household that remains. Nothing was changed.")


class WhyJoined(Refusal):
    """Why two become one."""

    sentence = _("Please say why the two households become one. Nothing was changed.")


class RunsThere(Refusal):
    """What runs in the household that would close."""

    sentence = _(
        "The household that would join the other is closed with that, but something is still open there: %(what)s. "
        "Bring that to its end first, or let the other household join this one. Nothing was changed."
    )


@transaction.atomic
def unite_households(
    *, household_id: int, other_id: int, on: date, reason: str, relations: Mapping[int, str], acting_user: User
) -> HouseholdStep:
    """Let another household join this one on a day: all its members move, and it closes.

    `relations` says what each of them, by the place there, is to the head of the household that remains.
    """
    stays, goes = _both(household_id, other_id, acting_user)
    members = list(open_places(goes).select_related("person").order_by("pk"))
    _may_join(stays, goes, members, acting_user)
    if reason not in UNITING:
        raise WhyJoined(field="reason")
    kept: dict[str, list[Any]] = {"changed": [], "made": []}
    for member in members:
        relation = relations.get(member.pk, "")
        if relation not in HouseholdMember.Relation.values or relation == HouseholdMember.Relation.HEAD:
            raise RelationMissing(field=f"relation-{member.pk}")
        since = max(member.valid_from, stays.registered_on)
        kept["changed"].append(change_row(member, valid_to=checked_day(on, since)))
        place = HouseholdMember.objects.create(
            household=stays, person_id=member.person_id, relation=relation, valid_from=on
        )
        kept["made"].append(place.pk)
    kept["changed"].append(close_household(goes, on, acting_user, RunsThere))
    # Who acts for whom goes on: all of them are one family now.
    headed = [one.pk for one in members if one.relation == HouseholdMember.Relation.HEAD]
    at = headed[0] if headed else members[0].pk
    step = HouseholdStep.objects.create(
        household=stays, joined=goes, kind=HouseholdStep.Kind.UNITE, on=on, reason=reason, place=at, kept=kept,
        said_by=acting_user, said_at=clock.now(),
    )  # fmt: skip
    tell("people.household:unite", stays, acting_user, {"joined": goes.public_id, "on": on}, reason)
    tell("people.household:unite", goes, acting_user, {"into": stays.public_id, "on": on}, reason)
    return step


@transaction.atomic
def in_the_way(*, household_id: int, other_id: int, acting_user: User) -> str:
    """What stands in the way of uniting two households, for the page that asks before it is done; or nothing."""
    try:
        stays, goes = _both(household_id, other_id, acting_user)
        _may_join(stays, goes, list(open_places(goes).select_related("person")), acting_user)
        if running := running_in(goes, acting_user):
            raise RunsThere(RunsThere.sentence % {"what": running})
    except Refusal as refusal:
        return str(refusal.sentence)
    return ""


def _both(household_id: int, other_id: int, acting_user: User) -> tuple[Household, Household]:
    """Both households, locked in one order whoever begins."""
    if household_id == other_id:
        raise SameHousehold
    found = {pk: household_of(pk, acting_user) for pk in sorted((household_id, other_id))}
    return found[household_id], found[other_id]


def _may_join(stays: Household, goes: Household, members: Sequence[HouseholdMember], acting_user: User) -> None:
    if stays.closed_on is not None or goes.closed_on is not None or not members:
        raise HouseholdClosed
    if stays.union_id != goes.union_id:
        names = union_names({stays.union_id, goes.union_id})
        raise OtherUnion(OtherUnion.sentence % {"stays": names[stays.union_id], "goes": names[goes.union_id]})
    if not open_places(stays).filter(relation=HouseholdMember.Relation.HEAD).exists():
        raise HeadMissing
    scope = scope_of(acting_user, WRITE)
    for member in members:
        if not scope.reaches_union(owner_of("person", member.person_id, hold=True)):
            raise FileElsewhere(FileElsewhere.sentence % {"name": member.person.name})
