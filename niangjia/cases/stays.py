"""The page of a stay: its forms, what they do, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Count

from niangjia.accounts.models import User
from niangjia.cases import needs as pages
from niangjia.cases.forms import needs as filled
from niangjia.cases.models import Stay
from niangjia.cases.permissions import NEED
from niangjia.cases.services import needs
from niangjia.core import clock
from niangjia.core.workdays import workdays_after
from niangjia.federation.queries import officers_of
from niangjia.federation.scopes import scope_of
from niangjia.federation.services.tree import children_on

DAYS = 10


def owners(stay: Stay) -> dict[str, User]:
    """Who can see to a need of this union: officers of it and of the unions directly below or above, able to."""
    here = [stay.union_id, *(union.pk for union in children_on(stay.union_id, "place", clock.today()))]
    cards = [card.user_id for pk in here for card in officers_of(pk)]
    users = User.objects.filter(pk__in=[stay.stayed_by_id, *cards], is_active=True).order_by("pk")
    return {user.public_id: user for user in users if scope_of(user, NEED).reaches_union(stay.union_id)}


def forms_of(user: User, stay: Stay, act: str, sent: Mapping[str, Any]) -> dict[str, forms.Form]:
    """Every form of the page; the one that was sent is bound."""
    choices = [(public_id, one.display_name) for public_id, one in owners(stay).items()]

    def bound(name: str) -> Any:
        return sent if name == act else None

    found: dict[str, forms.Form] = {
        "diary": filled.DiaryForm(bound("diary"), initial={"diary": stay.diary}, auto_id="diary_%s"),
        "need": filled.NeedForm(
            bound("need"), owners=choices, initial={"due_on": workdays_after(clock.today(), DAYS)}, auto_id="need_%s"
        ),
        "quote": filled.QuoteForm(bound("quote"), auto_id="quote_%s"),
        "tell": filled.TellForm(bound("tell"), auto_id="tell_%s"),
    }
    if not stay.gifts_by:
        found["wishes"] = filled.WishesForm(bound("wishes"), auto_id="wishes_%s")
        found["order"] = filled.OrderForm(bound("order"), auto_id="order_%s")
    return found


def do(*, act: str, public_id: str, values: Mapping[str, Any], acting_user: User) -> None:
    """What the form that was sent asks for."""
    who = {"public_id": public_id, "acting_user": acting_user}
    if act == "need":
        stay = pages.stay_in(acting_user, public_id)
        owner = owners(stay)[values["owner"]]
        needs.record_need(code=values["code"], words=values["words"], owner=owner, due_on=values["due_on"], **who)
    elif act == "wishes":
        needs.ask_wishes(gifts=values["gifts"].splitlines(), **who)
    else:
        service = {
            "diary": needs.write_diary, "order": needs.order_gifts, "quote": needs.keep_quote, "tell": needs.tell_site
        }[act]  # fmt: skip
        service(**values, **who)


def page_of(stay: Stay) -> dict[str, Any]:
    """What the page and the paper show."""
    wished = stay.wishes.values("gift").annotate(n=Count("pk")).order_by("-n", "gift")
    found = stay.needs.select_related("owner", "stay", "union").order_by("due_on", "pk")
    return {
        "stay": stay, "industry": pages.INDUSTRIES[stay.industry], "wished": list(wished),
        "asked": sum(row["n"] for row in wished), "gifts": list(stay.gifts.order_by("gift")),
        "needs": [pages.line_of(row) for row in found], "quotes": list(stay.quotes.order_by("pk")),
    }  # fmt: skip
