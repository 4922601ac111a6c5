from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people.views.forms import EntryPage
from niangjia.visits import queries, standardpage
from niangjia.visits.forms.standard import StandardForm, as_typed
from niangjia.visits.permissions import ADOPT, READ
from niangjia.visits.services.standards import adopt_standard
from niangjia.visits.views.entry import entry


@requires(READ)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The standard in force, and its earlier editions."""
    return render(request, "visits/standards.html", standardpage.editions(scope_of(request.user, READ), clock.today()))


@requires(ADOPT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Adopt a new edition, beginning with the one in force."""
    union_id = standardpage.own_union(request.user)
    _standard, rules = queries.standard_for(union_id, clock.today())
    form = StandardForm(request.POST or None, initial={**as_typed(rules), "valid_from": clock.today()})
    back = reverse("standards")

    def do(values: dict[str, Any]) -> str:
        adopt_standard(
            union_id=union_id, valid_from=values["valid_from"],
            document_number=values["document_number"], rules=form.rules(), acting_user=request.user,
        )  # fmt: skip
        return back

    page = EntryPage(
        _("New edition of the standard"), _("The edition is adopted."), _("Adopt"), back, _("Standard"),
        _("Older editions stay; what was decided under them stays decided."),
    )  # fmt: skip
    return entry(request, page, form, do)
