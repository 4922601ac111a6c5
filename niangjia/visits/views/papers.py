from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.core.ids import new_public_id
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.files.arrived import files_of
from niangjia.files.queries import file_cards, file_response
from niangjia.people import queries as people
from niangjia.people.views.forms import EntryPage
from niangjia.visits import queries
from niangjia.visits.forms import PaperForm
from niangjia.visits.permissions import RECORD
from niangjia.visits.services.papers import hand_in_paper, note_paper_look
from niangjia.visits.views.entry import entry

EVIDENCE = "files.evidence:read"


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def paper_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hand in a paper of a household's file."""
    household = people.household_by_public_id(scope_of(request.user, RECORD), public_id)
    needed = queries.needed_papers(household.pk, household.union_id, clock.today())
    initial = {"dated_on": clock.today(), "request_id": new_public_id(), "name": request.GET.get("name", "")}
    names = [one.name for one in needed]
    form = PaperForm(request.POST or None, files_of(request) or None, names=names, initial=initial)
    back = reverse("household_file", args=[public_id])

    def do(values: dict[str, Any]) -> str:
        hand_in_paper(
            household_id=household.pk, name=form.paper_name, dated_on=values["dated_on"], upload=values["upload"],
            request_id=values["request_id"], acting_user=request.user,
        )  # fmt: skip
        return back

    page = EntryPage(_("Hand in a paper"), _("The paper is in the file."), _("Hand it in"), back, _("Household"))
    return entry(request, page, form, do)


@requires(EVIDENCE)
@require_GET
def paper_open(request: HttpRequest, paper_id: str) -> FileResponse:
    """A paper of a household in scope; the look is written down."""
    paper = queries.paper_in(scope_of(request.user, EVIDENCE), paper_id)
    note_paper_look(paper=paper, acting_user=request.user)
    return file_response(file_cards([paper.file_id])[paper.file_id])
