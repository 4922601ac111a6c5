from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.cases import contacts as pages
from niangjia.cases.forms import refuse
from niangjia.cases.forms.contacts import AnswerForm, ContactForm, PassOnForm, ProgressForm, ReopenForm
from niangjia.cases.permissions import CONTACT
from niangjia.cases.services import contacts
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.workdays import workdays_after
from niangjia.federation.listing.pages import open_list
from niangjia.federation.queries import own_union
from niangjia.federation.routes import anonymous, requires

DAYS = 5
_DONE: dict[str, str | Promise] = {
    "accept": _("Accepted: it is with you now."), "answer": _("Closed with your sentence."),
    "pass_on": _("Passed on."), "reopen": _("Taken back: it waits for an answer again."),
}  # fmt: skip


@requires(CONTACT)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What was handed to us and what we registered, those without an answer first; the counts union by union."""
    found = open_list(request, pages.LIST)
    context = {"list": found, "tabs": pages.tabs(request.user, found), "counts": pages.counts(request.user)}
    return render(request, "cases/contacts.html", context)


@requires(CONTACT)
@sensitive_post_parameters("name", "phone", "question")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register whoever stands at the window."""
    initial = {"due_on": workdays_after(clock.today(), DAYS), "request_id": token_urlsafe(18)}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            union = own_union(request.user, CONTACT)
            made = contacts.register_contact(union_id=union.pk, acting_user=request.user, **form.cleaned_data)
            return redirect("contact", made.public_id)
        except Refusal as refusal:
            refuse(form, refusal)
    return render(request, "cases/contact_new.html", {"form": form}, status=422 if form.errors else 200)


@requires(CONTACT)
@require_GET
def one(request: HttpRequest, contact: str) -> HttpResponse:
    """One first contact, as far as this reader may see it."""
    return _page(request, contact)


@requires(CONTACT)
@require_GET
def slip(request: HttpRequest, contact: str) -> HttpResponse:
    """The slip for the person: a number to ask by."""
    page = pages.contact_page(request.user, contact)
    if not page.is_ours:
        raise NotFoundHere
    return render(request, "cases/print_slip.html", {"contact": page.line.contact})


@requires(CONTACT)
@require_POST
def accept(request: HttpRequest, contact: str) -> HttpResponse:
    """Take it over."""
    return _act(request, contact, "accept", contacts.accept, None)


@requires(CONTACT)
@require_POST
def answer(request: HttpRequest, contact: str) -> HttpResponse:
    """Close it with what the person was told."""
    return _act(request, contact, "answer", contacts.answer, AnswerForm(request.POST))


@requires(CONTACT)
@require_POST
def pass_on(request: HttpRequest, contact: str) -> HttpResponse:
    """Pass it on with a sentence."""
    return _act(request, contact, "pass_on", contacts.pass_on, PassOnForm(request.POST))


@requires(CONTACT)
@require_POST
def reopen(request: HttpRequest, contact: str) -> HttpResponse:
    """Take back an answer noted by mistake, with a sentence."""
    return _act(request, contact, "reopen", contacts.take_answer_back, ReopenForm(request.POST))


def _act(request: HttpRequest, contact: str, verb: str, service: Any, form: forms.Form | None) -> HttpResponse:
    if form is not None and not form.is_valid():
        return _page(request, contact, verb, form)
    try:
        service(public_id=contact, acting_user=request.user, **(form.cleaned_data if form else {}))
    except Refusal as refusal:
        if form is None:
            messages.warning(request, str(refusal.sentence))
            return redirect("contact", contact)
        refuse(form, refusal)
        return _page(request, contact, verb, form)
    messages.success(request, str(_DONE[verb]))
    return redirect("contacts" if verb == "pass_on" else "contact", *([] if verb == "pass_on" else [contact]))


def _page(request: HttpRequest, public_id: str, verb: str = "", form: forms.Form | None = None) -> HttpResponse:
    page = pages.contact_page(request.user, public_id)
    if form is not None and not page.is_held:
        raise NotFoundHere
    if page.is_held:
        pages.note_opening(page=page, acting_user=request.user)
    context = {
        "page": page, "line": page.line, "contact": page.line.contact,
        "answer": form if verb == "answer" else AnswerForm(auto_id="answer_%s"),
        "reopen": form if verb == "reopen" else ReopenForm(auto_id="reopen_%s"),
        "pass_on": form if verb == "pass_on" else PassOnForm(auto_id="pass_%s"),
    }  # fmt: skip
    return render(request, "cases/contact.html", context, status=422 if form else 200)


@anonymous("Whoever has a slip is not logged in: the number and the telephone's last digits say who asks.")
@sensitive_post_parameters("number", "tail")
@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """State and dates of the matter behind a slip; no name, no matter, nobody's union but the first."""
    form, found = ProgressForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            found = pages.line_of(contacts.progress_of(**form.cleaned_data))
        except Refusal as refusal:
            refuse(form, refusal)
    return render(request, "cases/progress.html", {"form": form, "line": found}, status=422 if form.errors else 200)
