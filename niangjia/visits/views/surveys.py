from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.ids import new_public_id
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.files.arrived import files_of
from niangjia.files.codes import address_svg
from niangjia.files.queries import file_card, file_response
from niangjia.people import dossier, queries as people
from niangjia.people.paperwork import printed
from niangjia.people.services.noting import note_look
from niangjia.people.views.forms import EntryPage
from niangjia.visits import householdpage, queries, takebackpage
from niangjia.visits.forms import CallForm, GradeForm, TakeBackForm
from niangjia.visits.forms.survey import VisitForm, questions_for
from niangjia.visits.householdpage import SURVEY
from niangjia.visits.permissions import READ, RECORD
from niangjia.visits.services.leaving import decide_grade, record_call, take_call_back
from niangjia.visits.services.visits import note_photo_look, note_place_look, note_visit_look, record_visit
from niangjia.visits.views.entry import entry

EVIDENCE = "files.evidence:read"


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def visit_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record a visit at the household's table; the answers become facts that a visit proves."""
    scope = scope_of(request.user, RECORD)
    household = people.household_by_public_id(scope, public_id)
    _standard, rules = queries.standard_for(household.union_id, clock.today())
    initial = {
        "visited_on": clock.today(), "request_id": new_public_id(), "verdict": "open",
        "purpose": request.GET.get("purpose", "survey"),
    }  # fmt: skip
    questions = questions_for(household.pk, rules.questions, scope)
    form = VisitForm(request.POST or None, files_of(request) or None, questions=questions, initial=initial)
    back = reverse("household_file", args=[public_id])

    def do(values: dict[str, Any]) -> str:
        visit = record_visit(
            household_id=household.pk, table=form.table(), photos=[values["photo"]] if values["photo"] else [],
            request_id=values["request_id"], acting_user=request.user,
        )  # fmt: skip
        return reverse("visit_file", args=[visit.public_id])

    page = _page(household.pk, _("Record a visit"), _("The visit is recorded."), _("Record the visit"), back)
    return entry(request, page, form, do, "visits/visit_new.html", public_id=public_id)


def _page(household_id: int, title: Any, done: Any, button: Any, back: str) -> EntryPage:
    card = people.subject_cards("household", [household_id], today=clock.today())[household_id]
    return EntryPage(title, done, button, back, card.name, card.union_name)


@requires(RECORD)
@require_GET
@transaction.atomic
def form_print(request: HttpRequest, public_id: str) -> HttpResponse:
    """The survey form on paper, with a code that opens this household's form on a phone; the look is written down."""
    scope = scope_of(request.user, RECORD)
    household = people.household_by_public_id(scope, public_id)
    note_look(kind="household", subject_id=household.pk, union_id=household.union_id, acting_user=request.user)
    _standard, rules = queries.standard_for(household.union_id, clock.today())
    address = request.build_absolute_uri(reverse("visit_new", args=[public_id]))
    context = {
        "file": dossier.household_file(household, clock.today(), scope), "code": address_svg(address),
        **printed(SURVEY, "household", household.pk, household.union_id, request.user),
        "questions": questions_for(household.pk, rules.questions, scope), "printed_by": request.user.display_name,
        "printed_at": clock.now(),
    }  # fmt: skip
    return render(request, "visits/visit_form_paper.html", context)


@requires(READ)
@require_GET
@transaction.atomic
def visit_file(request: HttpRequest, visit_id: str) -> HttpResponse:
    """One visit: what was found, answered and photographed; the look is written down."""
    scope = scope_of(request.user, READ)
    visit = queries.visit_in(scope, visit_id)
    note_visit_look(visit=visit, acting_user=request.user)
    card = people.subject_cards("household", [visit.household_id], today=clock.today())[visit.household_id]
    context = {
        "visit": visit, "card": card, "purpose": householdpage.PURPOSES[visit.purpose],
        "verdict": householdpage.VERDICTS[visit.verdict], "answers": queries.answers_of(visit, scope),
        "photos": queries.photos_of(visit), "taken_back": takebackpage.words_of(visit),
        "may_see_photo": scope_of(request.user, EVIDENCE).reaches_union(visit.household.union_id),
    }  # fmt: skip
    return render(request, "visits/visit_file.html", context)


@requires(EVIDENCE)
@require_GET
def photo(request: HttpRequest, photo_id: str) -> FileResponse:
    """A photograph of a visit in scope; the look is written down."""
    visit = queries.visit_with_photo(scope_of(request.user, EVIDENCE), photo_id)
    note_photo_look(visit=visit, acting_user=request.user)
    return file_response(file_card(photo_id))


@requires(EVIDENCE)
@require_GET
def place(request: HttpRequest, visit_id: str) -> HttpResponse:
    """Where a visit in scope was recorded; the look is written down."""
    visit = queries.visit_with_place(scope_of(request.user, EVIDENCE), visit_id)
    note_place_look(visit=visit, acting_user=request.user)
    return render(request, "visits/visit_place.html", _placed(visit))


def _placed(visit: Any) -> dict[str, Any]:
    card = people.subject_cards("household", [visit.household_id], today=clock.today())[visit.household_id]
    point, _blank, around = visit.place.partition(" ±")
    return {"visit": visit, "card": card, "point": point.split(","), "metres": around.removesuffix("m")}


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def call_record(request: HttpRequest, call_id: str) -> HttpResponse:
    """Record a call back, with what came of it."""
    call = queries.call_in(scope_of(request.user, RECORD), call_id)
    form = CallForm(request.POST or None, initial={"done_on": clock.today()})
    back = reverse("household_file", args=[call.household.public_id])

    def do(values: dict[str, Any]) -> str:
        record_call(public_id=call_id, acting_user=request.user, **values)
        return back

    words = (_("Call back after leaving"), _("The call is recorded."), _("Record the call"))
    page = _page(call.household_id, *words, back)
    return entry(request, page, form, do)


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def call_take_back(request: HttpRequest, call_id: str) -> HttpResponse:
    """Take back a call that was noted by mistake, with the reason; it is due again."""
    call = queries.call_in(scope_of(request.user, RECORD), call_id)
    back = reverse("household_file", args=[call.household.public_id])

    def do(values: dict[str, Any]) -> str:
        take_call_back(public_id=call_id, acting_user=request.user, **values)
        return back

    words = (_("Take the call back"), _("Taken back: the call is due again."), _("Take it back, with this reason"))
    page = _page(call.household_id, *words, back)
    if call.done_on is not None and call.done_by is not None:
        noted = {"due": call.due_on, "day": call.done_on, "by": call.done_by.display_name}
        kept = _("The call due on %(due)s is noted as done on %(day)s, by %(by)s. What was noted stays on record.")
        page = replace(page, intro=kept % noted)
    return entry(request, page, TakeBackForm(request.POST or None), do)


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def grade(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decide the grade of an open file upon the newest visit."""
    household = people.household_by_public_id(scope_of(request.user, RECORD), public_id)
    file = queries.open_file(household.pk)
    if file is None:
        raise NotFoundHere
    standard, rules = queries.standard_for(household.union_id, clock.today())
    form = GradeForm(request.POST or None, initial={"grade": file.grade, "review_due_on": file.review_due_on})
    back = reverse("household_file", args=[public_id])

    def do(values: dict[str, Any]) -> str:
        decide_grade(household_id=household.pk, file_id=file.pk, acting_user=request.user, **values)
        return back

    page = _page(household.pk, _("Decide the grade"), _("The grade is decided."), _("Decide"), back)
    return entry(request, page, form, do, "visits/grade.html", standard=standard, rules=rules)
