"""A batch that is being drafted on its page: the form, and whom it will be about."""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_urlsafe

from django import forms
from django.http import HttpRequest

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.queries import standing_in
from niangjia.federation.scopes import scope_of
from niangjia.people.bureaux.drafting import Asked, Candidate, candidates, from_list, ids_of, question
from niangjia.people.bureaux.offers import Unknown
from niangjia.people.bureaux.suppliers import bureaus_of, key_of
from niangjia.people.forms.checks import DraftForm
from niangjia.people.shown import label_of

SEND = "people.check:send"


@dataclass
class Draft:
    """What the page shows, and the form that makes the batch."""

    asked: Asked
    form: forms.Form
    unknown: Unknown | None = None  # from a list
    candidates: list[Candidate] = field(default_factory=list)  # to pick from
    picked: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()  # bureaus that could be asked the same

    def ids_below(self, union_id: int) -> list[int]:
        """Whom the batch is about."""
        if self.unknown is not None:
            return list(self.unknown.ids)
        return ids_of(self.asked.subject, self.picked, union_id)

    @property
    def lacking(self) -> int:
        """How many of those to pick from lack something."""
        return sum(one.is_lacking for one in self.candidates)


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
    first = asked_for.facts[0]
    form = _form(request, asked_for, [key_of(first)], label_of(first))
    union_id = _top(request)
    picked = frozenset(request.POST.getlist("subjects"))
    shown = candidates(scope_of(request.user, SEND), union_id, asked_for, clock.today()) if union_id else []
    return Draft(asked_for, form, candidates=shown, picked=picked)


def _form(request: HttpRequest, asked: Asked, keys: list[str], title: str) -> DraftForm:
    unions = standing_in(scope_of(request.user, SEND))
    choices = list(unions.values_list("public_id", "name"))
    top = unions.filter(pk=_top(request)).values_list("public_id", flat=True).first()
    initial = {"facts": keys, "title": title, "request_id": token_urlsafe(18), "union": top or ""}
    return DraftForm(request.POST or None, asked=asked, unions=choices, initial=initial)


def _top(request: HttpRequest) -> int:
    return min(scope_of(request.user, SEND).roots, default=0)
