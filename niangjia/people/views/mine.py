"""我的: what is kept of me, my consents, my family, my requests."""

from __future__ import annotations

from secrets import token_urlsafe

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.accounts import stepup
from niangjia.accounts.forms import CodeForm
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.routes import requires
from niangjia.federation.services.audit import advance_feed
from niangjia.files.arrived import files_of
from niangjia.people import mine
from niangjia.people.forms import refuse
from niangjia.people.forms.mine import CorrectionForm, ErasureForm, MandateForm
from niangjia.people.holdings import held_of
from niangjia.people.household_rows import left_without_head
from niangjia.people.models import Person
from niangjia.people.services import consents, requests
from niangjia.people.services.copies import take_copy

OWN = mine.OWN


@requires(OWN)
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """我的资料: everything that is kept, with source, date and proof; numbers are covered here."""
    person = mine.myself(request.user)
    return render(request, "people/my_data.html", {"sections": held_of(person.pk)})


@requires(OWN)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Say again who I am, with a new code to my telephone, before the copy is made."""
    form = CodeForm(request.POST if "code" in request.POST else None)
    try:
        if request.method == "POST" and "code" not in request.POST:
            stepup.ask(request, request.user)
        elif form.is_valid():
            stepup.confirm(request, request.user, form.cleaned_data["code"])
            return redirect("my_copy")
    except Refusal as refusal:
        form = form if form.is_bound else CodeForm({"code": ""})
        form.full_clean()
        form.errors.clear()
        refuse(form, refusal)
    context = {"form": form, "asked": stepup.asked(request)}
    return render(request, "people/my_step_up.html", context, status=422 if form.errors else 200)


@requires(OWN)
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest) -> HttpResponse:
    """The copy of everything in one archive; only just after the second log-in."""
    person = mine.myself(request.user)
    if not stepup.is_fresh(request):
        return redirect("my_step_up")
    if request.method == "GET":
        return render(request, "people/my_copy.html")
    response = HttpResponse(take_copy(person_id=person.pk, acting_user=request.user), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=_("my-data.zip"))
    return response


@requires(OWN)
@require_GET
def consent_list(request: HttpRequest) -> HttpResponse:
    """What my values are used for, and where I may say yes or no."""
    person = mine.whom(request.user, request.GET.get("for", ""))
    context = {"lines": mine.purpose_lines(person.pk), "person": person, "is_me": _is_me(request, person)}
    return render(request, "people/my_consents.html", context)


@requires(OWN)
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """Give or take back one consent: what happens next is said before."""
    person = mine.whom(request.user, request.POST.get("for") or request.GET.get("for") or "")
    line = next((one for one in mine.purpose_lines(person.pk) if one.purpose.code == purpose), None)
    if line is None or not line.purpose.rests_on_consent:
        raise NotFoundHere
    if request.method == "POST":
        given = request.POST.get("answer") == "yes"
        consents.answer_purpose(
            person_id=person.pk, purpose=purpose, given=given, request_id=request.POST.get("request_id") or _key(),
            acting_user=request.user,
        )  # fmt: skip
        advance_feed()
        told = _("Noted. It counts from now on.") if given else _("Taken back. It counts from now on.")
        messages.success(request, told)
        return redirect(_for(reverse("my_consents"), request, person))
    context = {"line": line, "person": person, "is_me": _is_me(request, person), "request_id": _key()}
    return render(request, "people/my_consent.html", context)


def _is_me(request: HttpRequest, person: Person) -> bool:
    return mine.myself(request.user).pk == person.pk


def _for(address: str, request: HttpRequest, person: Person) -> str:
    return address if _is_me(request, person) else f"{address}?for={person.public_id}"


def _key() -> str:
    return token_urlsafe(18)


@requires(OWN)
@require_http_methods(["GET", "POST"])
def family(request: HttpRequest) -> HttpResponse:
    """家人与代办: who acts for me, for whom I act."""
    person = mine.myself(request.user)
    members = {one.public_id: one for one in mine.family_of(person)}
    form = MandateForm(request.POST or None, members=[(key, one.name) for key, one in members.items()])
    if request.method == "POST" and form.is_valid():
        try:
            deputy = members[form.cleaned_data["deputy"]]
            consents.give_mandate(person_id=person.pk, deputy_id=deputy.pk, acting_user=request.user)
            messages.success(request, _("Noted. You can end it here at any time."))
            return redirect("my_family")
        except Refusal as refusal:
            refuse(form, refusal)
    given, held = mine.mandates_of(person)
    context = {"form": form, "given": given, "held": held, "members": members}
    return render(request, "people/my_family.html", context, status=422 if form.errors else 200)


@requires(OWN)
@require_POST
def mandate_end(request: HttpRequest, mandate: str) -> HttpResponse:
    """End a mandate, given or held."""
    consents.end_mandate(public_id=mandate, acting_user=request.user)
    messages.success(request, _("Ended. From now on nothing is done under it."))
    return redirect("my_family")


@requires(OWN)
@require_GET
def request_list(request: HttpRequest) -> HttpResponse:
    """My requests with the day by which each is answered."""
    person = mine.whom(request.user, request.GET.get("for", ""))
    context = {
        "rows": mine.requests_of(person.pk), "names": mine.ENTRY_NAMES, "person": person,
        "is_me": _is_me(request, person),
    }  # fmt: skip
    return render(request, "people/my_requests.html", context)


@requires(OWN)
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest) -> HttpResponse:
    """Ask to put an entry right."""
    person = mine.whom(request.user, request.POST.get("whose") or request.GET.get("for") or "")
    whose = "" if _is_me(request, person) else person.public_id
    start = {"request_id": _key(), "whose": whose}
    form = CorrectionForm(request.POST or None, files_of(request) or None, initial=start)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("what", "wanted", "says", "photograph", "request_id")}
        try:
            requests.ask_correction(person_id=person.pk, acting_user=request.user, **values)
            messages.success(request, _("Sent. The answer stands here, with the day by which it comes."))
            return redirect(_for(reverse("my_requests"), request, person))
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"form": form, "person": person, "is_me": not whose}
    return render(request, "people/my_correction.html", context, status=422 if form.errors else 200)


@requires(OWN)
@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest) -> HttpResponse:
    """Ask for deletion: what happens, and what must stay, is said before."""
    person = mine.myself(request.user)
    form = ErasureForm(request.POST or None, initial={"request_id": _key()})
    if request.method == "POST" and form.is_valid():
        try:
            requests.ask_erasure(person_id=person.pk, acting_user=request.user, **form.cleaned_data)
            messages.success(request, _("Sent. The answer stands here, with the day by which it comes."))
            return redirect("my_requests")
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"form": form, "left_behind": left_without_head(person.pk)}
    return render(request, "people/my_erasure.html", context, status=422 if form.errors else 200)
