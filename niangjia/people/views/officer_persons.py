"""回避: which file of the register each officer is, said by a colleague, so that nobody decides about himself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.accounts.models import User
from niangjia.core.errors import Refusal
from niangjia.federation.listing.pages import show_list
from niangjia.federation.queries import union_names
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people.appointing import answers_for, write_answer
from niangjia.people.forms import refuse
from niangjia.people.forms.officers import SayForm, UnsayForm
from niangjia.people.officer_persons import GIVE, LIST_CODE, SEEN, lines_of, officer_by_public_id, said_of, unions_of
from niangjia.people.services.officer_persons import take_person_back
from niangjia.people.views.forms import EntryPage, entry


@requires(SEEN)
@require_GET
def officer_persons(request: HttpRequest) -> HttpResponse:
    """Every officer in scope, with the file he is, that he stands in none, or that nobody said it."""
    return show_list(request, LIST_CODE, "people/officer_persons.html")


@requires(SEEN)
@require_GET
def officer_person(request: HttpRequest, officer: str) -> HttpResponse:
    """What was said of one officer, by whom and when, also what was taken back."""
    found = officer_by_public_id(scope_of(request.user, SEEN), officer)
    context = {
        "officer": found, "unions": union_names(unions_of(found.pk)).values(),
        "said": lines_of(said_of(found), request.user), "may": _may_say(request, found),
    }  # fmt: skip
    return render(request, "people/officer_person.html", context)


@requires(GIVE)
@require_http_methods(["GET", "POST"])
def officer_person_say(request: HttpRequest, officer: str) -> HttpResponse:
    """Say which file an officer is, after one saw which is meant; or that he stands in none."""
    found = officer_by_public_id(scope_of(request.user, GIVE, as_deputy=False), officer)
    answers = answers_for(request.user, found.display_name, request.POST.get("number", "").strip())
    looks = "look" in request.POST
    form = SayForm(request.POST or None, answers=answers)
    if request.method == "POST" and not looks and form.is_valid():
        try:
            write_answer(found, form.cleaned_data["who"], form.cleaned_data["source"], request.user)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Written down. It counts from this moment on."))
            return redirect("officer_person", officer)
    wrong = bool(not looks and form.errors)
    context = {"officer": found, "form": form, "is_own": found.pk == request.user.pk, "is_found": len(answers) > 1}
    return render(request, "people/officer_say.html", context, status=422 if wrong else 200)


@requires(GIVE)
@require_http_methods(["GET", "POST"])
def officer_person_take(request: HttpRequest, officer: str) -> HttpResponse:
    """Take back what was said of an officer, with the reason; he stands on the list of those to be said again."""
    found = officer_by_public_id(scope_of(request.user, GIVE, as_deputy=False), officer)
    back = reverse("officer_person", args=[officer])

    def do(values: dict[str, Any]) -> str:
        take_person_back(user_id=found.pk, acting_user=request.user, **values)
        return back

    page = EntryPage(
        gettext_lazy("Take back which file the officer is"),
        gettext_lazy("Taken back. Until it is said anew, nothing holds the officer back from that file."),
        gettext_lazy("Take back what was said"), back, found.display_name,
        gettext_lazy("What was said stays on record, with your name and the reason."),
    )  # fmt: skip
    return entry(request, page, UnsayForm(request.POST or None), do)


def _may_say(request: HttpRequest, found: User) -> bool:
    scope = scope_of(request.user, GIVE, as_deputy=False)
    return found.pk != request.user.pk and any(scope.reaches_union(pk) for pk in unions_of(found.pk))
