from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.facts import facts
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people import queries
from niangjia.people.addresses import file_address
from niangjia.people.forms import FactForm
from niangjia.people.services.facts import record_fact
from niangjia.people.services.noting import note_look
from niangjia.people.shown import label_of, shown_facts
from niangjia.people.values import from_form
from niangjia.people.views.forms import EntryPage, entry

RECORD = "people.fact:verify"


@requires(RECORD)
@require_GET
@transaction.atomic
def fact_list(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Which fact to record about a subject, with what is known now; the look is written down."""
    subject = queries.subject_by_public_id(scope_of(request.user, RECORD), kind, public_id)
    union_id = queries.owner_of(subject.kind, subject.id)
    note_look(kind=subject.kind, subject_id=subject.id, union_id=union_id, acting_user=request.user)
    known = {fact.code: fact for fact in shown_facts(kind, [subject.id], clock.today())[subject.id]}
    rows = [
        {"fact": fact, "label": label_of(fact), "known": known.get(fact.code)}
        for fact in facts.all()
        if fact.subject == kind and fact.recorded
    ]
    back = file_address(subject.kind, subject.public_id)
    return render(request, "people/fact_list.html", {"subject": subject, "rows": rows, "back_url": back})


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def fact_new(request: HttpRequest, kind: str, public_id: str, code: str) -> HttpResponse:
    """Record one fact with proof, date and source."""
    subject = queries.subject_by_public_id(scope_of(request.user, RECORD), kind, public_id)
    key = f"{kind}.{code}"
    if key not in facts or not facts.get(key).recorded:
        raise NotFoundHere
    fact = facts.get(key)
    back = file_address(kind, public_id)
    form = FactForm(request.POST or None, fact=fact, initial={"true_on": clock.today()})

    def do(values: dict[str, Any]) -> str:
        typed = values["value"] if fact.type == "date" else from_form(fact, values["value"])
        record_fact(
            subject_kind=kind, subject_id=subject.id, code=code, value=typed, proof=int(values["proof"]),
            true_on=values["true_on"], source_zh=values["source"], source_en=values["source"], acting_user=request.user,
        )  # fmt: skip
        return back

    page = EntryPage(_("Record a fact"), _("Recorded."), _("Record"), back, subject.name)
    return entry(request, page, form, do)
