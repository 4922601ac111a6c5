"""蹲点: wishes before gifts, a diary, needs with owner and date, quotes without names, and the answer to the site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.cases.models import GiftLine, Need, Quote, Stay, Wish
from niangjia.cases.permissions import NEED
from niangjia.cases.services.assignments import DayIsOver, NotAtThisStep
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require, scope_of
from niangjia.federation.services import audit
from niangjia.people.lookingafter import names_within

State = Need.State
MOST_WISHES, GIFT_LENGTH = 300, 40
_NUMBER = re.compile(r"\d[\d\s-]{5,}\d")


class AskBefore(Refusal):
    """Gifts are bought after the people were asked."""

    sentence = _("Nobody was asked yet what he would like. Nothing was ordered. Enter the wishes first.")


class NoMajority(Refusal):
    """Two gifts are wished for equally often."""

    sentence = _("No gift was wished for most often. Nothing was ordered. Order what each one wished for.")


class OrderedAlready(Refusal):
    """Wishes are asked before, not after."""

    sentence = _("The gifts are ordered already. Nothing was changed.")


class NamesSomebody(Refusal):
    """A quote by which somebody could be found."""

    sentence = _("“%(piece)s” may tell who said it. Nothing was kept. Leave it out: one courier is enough.")


class OutcomeMissing(Refusal):
    """The site reads what became of it."""

    sentence = _("Please write in one sentence what became of it: the site reads it. Nothing was changed.")


class OwnerCannot(Refusal):
    """A need belongs to somebody who can see it."""

    sentence = _("This person has no desk for this union. Nothing was kept. Choose somebody who has.")


class NotFollowedUp(Refusal):
    """Each need has an answer before the site gets one."""

    sentence = _("A need is still without an answer. The site was not told yet. Say of each what becomes of it.")


@transaction.atomic
def record_stay(*, union_id: int, site: str, industry: str, on: date, diary: str, acting_user: User) -> Stay:
    """Plan or record a day at a site."""
    require(acting_user, NEED, union_id)
    stay = Stay.objects.create(
        union_id=union_id, site=site.strip(), industry=industry, on=on, diary=diary.strip(), stayed_by=acting_user,
        recorded_at=clock.now(),
    )  # fmt: skip
    _tell("stay:record", stay, acting_user, {"on": on, "industry": industry})
    return stay


@transaction.atomic
def write_diary(*, public_id: str, diary: str, acting_user: User) -> Stay:
    """Write the diary of the day."""
    stay = _locked(public_id, acting_user)
    stay.diary = diary.strip()
    stay.save(update_fields=["diary"])
    _tell("stay:write", stay, acting_user, {"length": len(stay.diary)})
    return stay


@transaction.atomic
def ask_wishes(*, public_id: str, gifts: Sequence[str], acting_user: User) -> int:
    """Enter what each person would like, one line each; until the gifts are ordered. Returns how many there are."""
    stay = _locked(public_id, acting_user)
    if stay.gifts_by:
        raise OrderedAlready
    said = [gift.strip()[:GIFT_LENGTH] for gift in gifts if gift.strip()]
    before = stay.wishes.count()
    if before + len(said) > MOST_WISHES:
        raise NotAtThisStep
    Wish.objects.bulk_create([Wish(stay=stay, number=before + at, gift=gift) for at, gift in enumerate(said, start=1)])
    _tell("stay:wishes", stay, acting_user, {"wishes": len(said)})
    return before + len(said)


@transaction.atomic
def order_gifts(*, public_id: str, gifts_by: str, acting_user: User) -> list[GiftLine]:
    """Order as the wishes say: the gift most wished for, for all; or for each what he wished for."""
    stay = _locked(public_id, acting_user)
    if stay.gifts_by:
        raise OrderedAlready
    wished = Counter(stay.wishes.values_list("gift", flat=True))
    if not wished:
        raise AskBefore
    if gifts_by == "majority":
        (gift, most), *others = wished.most_common()
        if others and others[0][1] == most:
            raise NoMajority
        wished = Counter({gift: wished.total()})
    stay.gifts_by = "majority" if gifts_by == "majority" else "individual"
    stay.save(update_fields=["gifts_by"])
    lines = [GiftLine(stay=stay, gift=gift, quantity=n) for gift, n in sorted(wished.items())]
    GiftLine.objects.bulk_create(lines)
    _tell("stay:order", stay, acting_user, {"by": stay.gifts_by, "lines": dict(wished)})
    return lines


@transaction.atomic
def keep_quote(*, public_id: str, words: str, acting_user: User) -> Quote:
    """Keep what somebody said, if nothing in it tells who."""
    stay = _locked(public_id, acting_user)
    number = _NUMBER.search(words)
    telling = [number.group()] if number else names_within(scope_of(acting_user, NEED), words)
    if telling:
        raise NamesSomebody(NamesSomebody.sentence % {"piece": telling[0]}, field="words")
    quote = Quote.objects.create(stay=stay, words=words.strip()[:300])
    _tell("stay:quote", stay, acting_user, {"quote": quote.pk})
    return quote


@transaction.atomic
def record_need(*, public_id: str, code: str, words: str, owner: User, due_on: date, acting_user: User) -> Need:
    """Make a need a task: coded, with who sees to it until when."""
    stay = _locked(public_id, acting_user)
    if due_on < clock.today():
        raise DayIsOver(field="due_on")
    if not scope_of(owner, NEED).reaches_union(stay.union_id):
        raise OwnerCannot(field="owner")
    need = Need.objects.create(
        union_id=stay.union_id, stay=stay, industry=stay.industry, code=code, words=words.strip(), owner=owner,
        due_on=due_on, recorded_at=clock.now(),
    )  # fmt: skip
    _tell("need:record", stay, acting_user, {"need": need.public_id, "code": code, "due": due_on})
    return need


@transaction.atomic
def follow_up(*, public_id: str, state: str, outcome: str, acting_user: User) -> Need:
    """Say what becomes of a need: under way, met, or not possible for now, each with a sentence for the site."""
    need = Need.objects.select_for_update(of=("self",)).select_related("stay").filter(public_id=public_id).first()
    if need is None or state not in (State.UNDER_WAY, State.MET, State.DECLINED):
        raise NotFoundHere
    require(acting_user, NEED, need.union_id)
    if not outcome.strip():
        raise OutcomeMissing(field="outcome")
    settled = clock.now() if state in (State.MET, State.DECLINED) else None
    rows = Need.objects.filter(pk=need.pk, settled_at__isnull=True)
    if not rows.update(state=state, outcome=outcome.strip()[:300], settled_at=settled):
        raise NotAtThisStep
    _tell("need:follow_up", need.stay, acting_user, {"need": need.public_id, "state": state})
    return need


@transaction.atomic
def tell_site(*, public_id: str, how: str, acting_user: User) -> Stay:
    """Record that the site was told what became of its needs; each need has an answer by then."""
    stay = _locked(public_id, acting_user)
    if stay.needs.filter(state=State.OPEN).exists():
        raise NotFollowedUp
    if not how.strip():
        raise OutcomeMissing(field="how")
    stay.told_at, stay.told_how = clock.now(), how.strip()[:200]
    stay.save(update_fields=["told_at", "told_how"])
    _tell("stay:tell", stay, acting_user, {"needs": stay.needs.count()})
    return stay


def _locked(public_id: str, acting_user: User) -> Stay:
    stay = Stay.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if stay is None:
        raise NotFoundHere
    require(acting_user, NEED, stay.union_id)
    return stay


def _tell(verb: str, stay: Stay, acting_user: User, after: dict[str, Any]) -> None:
    audit.record(
        f"cases.{verb}", acting_user=acting_user, object_kind="stay", object_id=stay.pk, union_id=stay.union_id,
        after={"stay": stay.public_id, **after},
    )  # fmt: skip
