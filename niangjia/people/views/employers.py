from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.federation.listing.asked import COUNT, WHOLE
from niangjia.federation.listing.pages import page_of, show_list
from niangjia.federation.queries import union_by_public_id
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people import agents, queries
from niangjia.people.firms.page import firm_context
from niangjia.people.forms import EmployerForm
from niangjia.people.lists import workers_url
from niangjia.people.services import employers
from niangjia.people.shown import shown_facts
from niangjia.people.views.forms import EntryPage, entry, first_choice, union_choices, writing_scope

READ, WRITE = "people.registry:read", "people.registry:write"


@requires(READ)
@require_GET
def employer_list(request: HttpRequest) -> HttpResponse:
    """Employers in scope."""
    return show_list(request, "people.employers", "people/employer_list.html")


@requires(READ)
@require_GET
def employer_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """One employer: what is known of it, and how many work there."""
    employer = queries.employer_by_public_id(scope_of(request.user, READ), public_id)
    today = clock.today()
    context = {
        "employer": employer,
        "facts": shown_facts("employer", [employer.pk], today)[employer.pk],
        "working": page_of(request.user, "people.persons", {"employer": public_id, COUNT: WHOLE}).total.number,
        "workers_url": workers_url(public_id),
        "agents": agents.agents_of([agents.principal(employer)], request.user),
        "may_name": agents.may_name(agents.principal(employer), request.user),
        **firm_context(scope_of(request.user, READ), employer),
        "may_write": scope_of(request.user, WRITE).reaches_union(employer.union_id),
        "may_record": scope_of(request.user, "people.fact:verify").reaches_union(employer.union_id),
    }
    return render(request, "people/employer_file.html", context)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def employer_new(request: HttpRequest) -> HttpResponse:
    """Enter an employer."""
    scope = writing_scope(request)
    choices = union_choices(scope)
    form = EmployerForm(request.POST or None, unions=choices, initial=first_choice(choices))

    def do(values: dict[str, Any]) -> str:
        union = union_by_public_id(scope, values.pop("union"))
        employer = employers.register_employer(union_id=union.pk, acting_user=request.user, **values)
        return reverse("employer_file", args=[employer.public_id])

    page = EntryPage(
        _("New employer"), _("The employer is entered."), _("Enter the employer"), reverse("household_list"),
        _("Households"),
    )  # fmt: skip
    return entry(request, page, form, do)
