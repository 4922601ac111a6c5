"""Printed forms with a code, and the photographs of them that file themselves."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.queries import unions_in
from niangjia.federation.routes import requires
from niangjia.federation.scopes import Scope, scope_of
from niangjia.federation.services import audit
from niangjia.files import queries as files
from niangjia.files.arrived import files_of
from niangjia.files.services import papers
from niangjia.people import mine, paperwork, queries
from niangjia.people.forms import refuse
from niangjia.people.forms.papers import AnewForm, CodeForm

FILE, EVIDENCE = papers.FILE, "files.evidence:read"
MOST_AT_ONCE = 30


class TooManyAtOnce(Refusal):
    """Reading each takes a moment, and somebody waits for the page."""

    sentence = gettext_lazy("More than 30 at once: this one was not stored. Please send it with the next ones.")


@requires("people.registry:write")
@require_GET
def consent_paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """A consent form for one person, with the code by which its photograph finds the file."""
    person = queries.person_by_public_id(scope_of(request.user, "people.registry:write"), public_id)
    code = paperwork.printed(paperwork.CONSENT, "person", person.pk, person.union_id, request.user)
    lines = [line for line in mine.purpose_lines(person.pk) if line.purpose.rests_on_consent]
    context = {
        "person": person, "lines": lines, **code, "at": clock.now(),
    }  # fmt: skip
    return render(request, "people/print_consent.html", context)


@requires(FILE)
@require_http_methods(["GET", "POST"])
def paper_list(request: HttpRequest) -> HttpResponse:
    """Hand in photographs; those whose code is read file themselves, the others wait here."""
    told: list[dict[str, Any]] = []
    if request.method == "POST":
        told = _take(request, scope_of(request.user, FILE))
    context = {"told": told, "waiting": files.photos_to_file(request.user), "request_id": token_urlsafe(18)}
    return render(request, "people/papers.html", context, status=422 if request.method == "POST" and not told else 200)


def _take(request: HttpRequest, scope: Scope) -> list[dict[str, Any]]:
    home = unions_in(scope).order_by("pk").values_list("pk", flat=True).first()
    # From a page of before there were such ids each sending is one of its own.
    request_id = request.POST.get("request_id") or token_urlsafe(18)
    told = []
    for at, upload in enumerate(files_of(request).getlist("photographs")):
        line: dict[str, Any] = {"name": upload.name}
        try:
            if at >= MOST_AT_ONCE:
                raise TooManyAtOnce
            found = papers.take_photo(
                upload=upload, union_id=home or 0, request_id=request_id, acting_user=request.user
            )
            line |= {"photo": found.photo, "subject": found.code and paperwork.subject_of(found.code)}
        except Refusal as refusal:
            line["error"] = str(refusal.sentence)
        told.append(line)
    return told


@requires(FILE)
@require_http_methods(["GET", "POST"])
def paper_file(request: HttpRequest, photo: str) -> HttpResponse:
    """One photograph whose code could not be read: type it from the paper, or lay it aside; or one that is filed."""
    found = files.photo_of(scope_of(request.user, FILE), photo, request.user)
    if found.filed_at:
        return _filed(request, found)
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "drop":
                papers.drop_photo(public_id=photo, acting_user=request.user)
                messages.success(request, _("Laid aside."))
                return redirect("papers")
            if form.is_valid():
                papers.file_by_hand(public_id=photo, text=form.cleaned_data["code"], acting_user=request.user)
                messages.success(request, _("Filed."))
                return redirect("papers")
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"form": form, "photo": found}
    return render(request, "people/paper_file.html", context, status=422 if form.errors else 200)


def _filed(request: HttpRequest, photo: Any) -> HttpResponse:
    """Where it is filed, and the way to where it belongs."""
    # Without a reason it is the button of the other page, pressed twice.
    form = AnewForm(request.POST if "reason" in request.POST else None)
    if form.is_valid():
        said = {"public_id": photo.public_id, "reason": form.cleaned_data["reason"], "acting_user": request.user}
        try:
            if request.POST.get("answer") == "drop":
                papers.drop_filed(**said)
                messages.success(request, _("Taken out of the file and laid aside."))
            else:
                papers.file_anew(text=form.cleaned_data["code"], **said)
                messages.success(request, _("Taken out of the file and filed where it belongs."))
            return redirect("papers")
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"form": form, "photo": photo, "subject": paperwork.subject_of(photo.code)}
    return render(request, "people/paper_filed.html", context, status=422 if form.errors else 200)


@requires(EVIDENCE)
@require_GET
def paper_picture(request: HttpRequest, photo: str) -> FileResponse:
    """The photograph; a look at somebody's paper is written down."""
    found = files.photo_of(scope_of(request.user, EVIDENCE), photo, request.user)
    if found.code is not None:
        with transaction.atomic():
            audit.record(
                "people.evidence:look", acting_user=request.user, object_kind=found.code.subject_kind,
                object_id=found.code.subject_id, union_id=found.union_id,
                after={"photo": found.public_id, "paper": found.code.kind},
            )  # fmt: skip
    return files.photo_response(found)
