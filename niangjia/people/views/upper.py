"""对照全国系统: copying a household field by field in the system's order, and marking it as typed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from niangjia.core.errors import Refusal
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people import queries
from niangjia.people.services import upper as services
from niangjia.people.upper.copypage import copy_lines
from niangjia.people.upper.records import next_to_copy, statuses
from niangjia.people.upper.systems import systems

READ, WRITE = "people.registry:read", "people.registry:write"


@requires(READ)
@require_http_methods(["GET", "POST"])
def upper_copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """The fields in order; a sensitive one is opened by a look that is written down."""
    scope = scope_of(request.user, READ)
    household = queries.household_by_public_id(scope, public_id)
    system = next(iter(systems().values()))
    opened, value, error = request.POST.get("field", ""), "", ""
    try:
        if request.method == "POST":
            value = services.copy_value(household=household, system=system, field=opened, acting_user=request.user)
    except Refusal as refusal:
        opened, error = "", str(refusal.sentence)
    at = request.POST.get("at") or request.GET.get("at") or "1"
    current = int(at) if at.isascii() and at.isdigit() else 1
    subject = queries.subject_by_public_id(scope, "household", public_id)
    marked = request.GET.get("marked")
    context = {
        "marked": queries.subject_by_public_id(scope, "household", marked) if marked else None,
        "household": household, "name": subject.name, "system": system, "error": error, "current": current,
        "lines": copy_lines(household, system, scope, current, opened, value), "last": len(system.fields),
        "status": statuses(system, {household.pk: household.union_id})[household.pk],
    }  # fmt: skip
    return render(request, "people/upper_copy.html", context, status=422 if error else 200)


@requires(WRITE)
@require_POST
def upper_mark(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark the household as typed, and go on to the next."""
    household = queries.household_by_public_id(scope_of(request.user, WRITE), public_id)
    system = next(iter(systems().values()))
    services.mark_recorded(household=household, system=system, acting_user=request.user)
    following = next_to_copy(system, scope_of(request.user, WRITE), household)
    if following is None:
        messages.success(request, _("Marked as recorded."))
        return redirect("household_list")
    return redirect(f"{reverse('upper_copy', args=[following.public_id])}?marked={public_id}")


@requires(WRITE)
@require_POST
def upper_unmark(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the mark of a household back."""
    household = queries.household_by_public_id(scope_of(request.user, WRITE), public_id)
    try:
        services.take_mark_back(household=household, system=next(iter(systems().values())), acting_user=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal.sentence))
    else:
        messages.success(request, _("The mark is taken back."))
    return redirect("upper_copy", public_id)
