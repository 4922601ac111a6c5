"""企业代办人: naming an employer's agent, and taking the role back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from niangjia.core import clock
from niangjia.federation.forms.rights import TakeBackForm
from niangjia.federation.routes import requires
from niangjia.federation.scopes import require, scope_of
from niangjia.federation.services.grants import GIVE
from niangjia.people import queries
from niangjia.people.forms.agents import AgentForm
from niangjia.people.models import Employer
from niangjia.people.services import agents
from niangjia.people.views.forms import EntryPage, entry

A_YEAR = timedelta(days=365)


def _employer(request: HttpRequest, public_id: str) -> Employer:
    # Both: who names agents gives roles there, and sees the employer.
    found = queries.employer_by_public_id(scope_of(request.user, agents.READ), public_id)
    require(request.user, GIVE, found.union_id, as_deputy=False)
    return found


@requires(GIVE)
@require_http_methods(["GET", "POST"])
def agent_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name somebody who opens this employer's own page."""
    employer = _employer(request, public_id)
    back = reverse("employer_file", args=[public_id])
    form = AgentForm(request.POST or None, initial={"until": clock.today() + A_YEAR})

    def do(values: dict[str, Any]) -> str:
        agents.name_agent(employer_id=employer.pk, acting_user=request.user, **values)
        return back

    page = EntryPage(
        _("Name an agent"), _("Named. The agent logs in with this telephone and a code."), _("Name this agent"), back,
        employer.name, _("An agent sees what this employer can get, and none of its workers' files."),
    )  # fmt: skip
    return entry(request, page, form, do)


@requires(GIVE)
@require_http_methods(["GET", "POST"])
def agent_take(request: HttpRequest, public_id: str, grant: int) -> HttpResponse:
    """Take an agent's role back, with a reason; it counts from the next request."""
    employer = _employer(request, public_id)
    found = queries.agent_of(employer, grant)
    back = reverse("employer_file", args=[public_id])
    form = TakeBackForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        agents.revoke_agent(employer_id=employer.pk, grant_id=found.pk, acting_user=request.user, **values)
        return back

    page = EntryPage(
        _("Take the role back"), _("Taken back. It counts from this moment on."), _("Take back"), back, employer.name,
        _("%(name)s no longer opens this employer's page.") % {"name": found.user.display_name},
    )  # fmt: skip
    return entry(request, page, form, do)
