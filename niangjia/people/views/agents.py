"""代办人: naming an agent, and taking the role back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from niangjia.core import clock
from niangjia.federation.forms.rights import TakeBackForm
from niangjia.federation.routes import requires
from niangjia.federation.scopes import require, scope_of
from niangjia.federation.services.grants import GIVE
from niangjia.people import queries
from niangjia.people.agents import Principal, agent_of, principal
from niangjia.people.forms.agents import AgentForm
from niangjia.people.models import Employer
from niangjia.people.services import agents
from niangjia.people.views.forms import EntryPage, entry

A_YEAR = timedelta(days=365)
Write = Callable[[dict[str, Any]], object]


def naming(
    request: HttpRequest, whom: Principal, form: AgentForm, name: Write, intro: str | Promise
) -> HttpResponse:  # fmt: skip
    """The page on which an agent of any principal is named; `name` writes."""

    def do(values: dict[str, Any]) -> str:
        name(values)
        return whom.url

    page = EntryPage(
        _("Name an agent"), _("Named. The agent logs in with this telephone and a code."), _("Name this agent"),
        whom.url, whom.name, intro,
    )  # fmt: skip
    return entry(request, page, form, do)


def taking(request: HttpRequest, whom: Principal, grant_id: int, take: Write) -> HttpResponse:
    """The page on which an agent's role is taken back, with a reason; `take` writes."""
    found = agent_of(whom, grant_id)

    def do(values: dict[str, Any]) -> str:
        take(values)
        return whom.url

    page = EntryPage(
        _("Take the role back"), _("Taken back. It counts from this moment on."), _("Take back"), whom.url, whom.name,
        _("%(name)s no longer acts for %(whom)s.") % {"name": found.user.display_name, "whom": whom.name},
    )  # fmt: skip
    return entry(request, page, TakeBackForm(request.POST or None), do)


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

    def name(values: dict[str, Any]) -> object:
        return agents.name_agent(employer_id=employer.pk, acting_user=request.user, **values)

    form = AgentForm(request.POST or None, initial={"until": clock.today() + A_YEAR})
    intro = _("An agent sees what this employer can get, and none of its workers' files.")
    return naming(request, principal(employer), form, name, intro)


@requires(GIVE)
@require_http_methods(["GET", "POST"])
def agent_take(request: HttpRequest, public_id: str, grant: int) -> HttpResponse:
    """Take an agent's role back, with a reason; it counts from the next request."""
    employer = _employer(request, public_id)

    def take(values: dict[str, Any]) -> None:
        agents.revoke_agent(employer_id=employer.pk, grant_id=grant, acting_user=request.user, **values)

    return taking(request, principal(employer), grant, take)
