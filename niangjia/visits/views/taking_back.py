from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from niangjia.core import clock
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people import queries as people
from niangjia.people.views.forms import EntryPage
from niangjia.visits import queries, takebackpage
from niangjia.visits.forms import TakeBackForm
from niangjia.visits.permissions import RECORD
from niangjia.visits.services.taking_back import take_paper_back, take_visit_back, what_rests_upon
from niangjia.visits.services.visits import note_visit_look
from niangjia.visits.views.entry import entry

_BUTTON = _("Take it back, with this reason")


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def visit_take_back(request: HttpRequest, visit_id: str) -> HttpResponse:
    """Take back a visit that was recorded by mistake, with the reason; what it said is shown, and that is a look."""
    scope = scope_of(request.user, RECORD)
    visit = queries.visit_in(scope, visit_id)
    back = reverse("visit_file", args=[visit_id])

    def do(values: dict[str, Any]) -> str:
        take_visit_back(public_id=visit_id, acting_user=request.user, **values)
        return back

    card = people.subject_cards("household", [visit.household_id], today=clock.today())[visit.household_id]
    done = _("Taken back: the visit counts nowhere any more.")
    page = EntryPage(_("Take the visit back"), done, _BUTTON, back, card.name, card.union_name)
    note_visit_look(visit=visit, acting_user=request.user)
    shown = takebackpage.before_visit_goes(visit, scope)
    return entry(
        request, page, TakeBackForm(request.POST or None), do, "visits/visit_take_back.html", visit=visit,
        taken_back=takebackpage.words_of(visit), in_the_way=what_rests_upon(visit), **shown,
    )  # fmt: skip


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def paper_take_back(request: HttpRequest, paper_id: str) -> HttpResponse:
    """Take back a paper that was handed in by mistake, with the reason."""
    paper = queries.paper_in(scope_of(request.user, RECORD), paper_id)
    back = reverse("household_file", args=[paper.household.public_id])

    def do(values: dict[str, Any]) -> str:
        take_paper_back(public_id=paper_id, acting_user=request.user, **values)
        return back

    card = people.subject_cards("household", [paper.household_id], today=clock.today())[paper.household_id]
    done = _("Taken back: the paper is in the list no more.")
    intro = takebackpage.before_paper_goes(paper)
    page = EntryPage(_("Take the paper back"), done, _BUTTON, back, card.name, intro)
    return entry(request, page, TakeBackForm(request.POST or None), do)
