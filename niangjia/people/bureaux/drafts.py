"""A batch that is being drafted on its page: the form, and whom it will be about."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_urlsafe

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.queries import standing_in
from niangjia.federation.scopes import scope_of
from niangjia.people.bureaux.drafting import Asked, Pick, from_list, ids_of, pick_from, question
from niangjia.people.bureaux.offers import Unknown
from niangjia.people.bureaux.suppliers import bureaus_of, key_of
from niangjia.people.forms.checks import LACKING, DraftForm
from niangjia.people.shown import label_of

SEND = "people.check:send"


@dataclass
class Draft:
    """What the page shows, and the form that makes the batch."""

    asked: Asked
    form: forms.Form
    unknown: Unknown | None = None  # from a list
    pick: Pick | None = None  # to pick from
    picked: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()  # bureaus that could be asked the same

    @property
    def fact_label(self) -> str:
        """The fact by which people are picked."""
        return label_of(self.pick.fact) if self.pick is not None else ""

    @property
    def other_facts(self) -> list[dict[str, str]]:
        """The others that the bureau can answer, by which they could be picked instead."""
        others = [one for one in self.asked.facts if self.pick is None or one is not self.pick.fact]
        return [{"key": key_of(one), "label": label_of(one)} for one in others]

    def ids_below(self, union_id: int) -> list[int]:
        """Whom the batch is about."""
        if self.unknown is not None:
            return list(self.unknown.ids)
        if self.pick is not None and self.form.cleaned_data.get("whom") == LACKING:
            return list(self.pick.lacking_ids)
        return ids_of(self.asked.subject, self.picked, union_id)


def draft_of(request: HttpRequest) -> Draft:
    """The draft that an address asks for, or `NotFoundHere`."""
    ask, source = request.GET.get("ask", ""), request.GET.get("list", "")
    if source:
        found = from_list(request.user, source, ask, request.GET.get("bureau", ""))
        if found is None:
            raise NotFoundHere
        unknown, asked = found
        form = _form(request, asked, [ask], unknown.title)
        return Draft(asked, form, unknown=unknown, others=bureaus_of(ask))
    asked_for = question(request.GET.get("bureau", ""), request.GET.get("subject", ""))
    if asked_for is None:
        raise NotFoundHere
    # Who lacks which fact: the one that was asked for, or the first the bureau can answer.
    fact = next((one for one in asked_for.facts if key_of(one) == ask), asked_for.facts[0])
    union_id, scope = _top(request), scope_of(request.user, SEND)
    pick = pick_from(scope, union_id, asked_for, fact, clock.today()) if union_id else None
    form = _form(request, asked_for, [key_of(fact)], label_of(fact), pick)
    return Draft(asked_for, form, pick=pick, picked=frozenset(request.POST.getlist("subjects")))


def _form(request: HttpRequest, asked: Asked, keys: list[str], title: str, pick: Pick | None = None) -> DraftForm:
    unions = standing_in(scope_of(request.user, SEND))
    choices = list(unions.values_list("public_id", "name"))
    top, name = unions.filter(pk=_top(request)).values_list("public_id", "name").first() or ("", "")
    initial = {"facts": keys, "title": title, "request_id": token_urlsafe(18), "union": top}
    everybody = ""
    if pick is not None and pick.hides_lacking:
        words = _("All below the chosen union who lack it (%(count)s below %(union)s)")
        everybody = words % {"count": pick.lacking, "union": name}
    return DraftForm(request.POST or None, asked=asked, unions=choices, everybody=everybody, initial=initial)


def _top(request: HttpRequest) -> int:
    return min(scope_of(request.user, SEND).roots, default=0)
