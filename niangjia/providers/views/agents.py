"""Who acts for a provider: naming somebody, and taking the role back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from niangjia.core import clock
from niangjia.federation.routes import requires
from niangjia.federation.scopes import require, scope_of
from niangjia.federation.services.grants import GIVE
from niangjia.people.agents import to_name
from niangjia.people.views.agents import A_YEAR, naming, taking
from niangjia.providers import queries
from niangjia.providers.forms import ProvidersAgentForm
from niangjia.providers.models import Provider
from niangjia.providers.permissions import READ
from niangjia.providers.services import contracts


def _provider(request: HttpRequest, public_id: str) -> Provider:
    # Both: who names agents gives roles there, and sees the provider.
    found = queries.provider_in(scope_of(request.user, READ), public_id)
    for right in to_name(queries.principal(found).role):
        require(request.user, right, found.union_id, as_deputy=False)
    return found


@requires(GIVE)
@require_http_methods(["GET", "POST"])
def agent_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name somebody who checks for this provider."""
    provider = _provider(request, public_id)
    a_year = clock.today() + A_YEAR - timedelta(days=1)
    until = min(queries.last_day(provider.pk) or a_year, a_year)

    def name(values: dict[str, Any]) -> object:
        return contracts.name_agent(provider_id=provider.pk, acting_user=request.user, **values)

    form = ProvidersAgentForm(request.POST or None, initial={"until": until})
    intro = _("An agent sees the drawn files in the provider's hands, names masked, and nothing else.")
    return naming(request, queries.principal(provider), form, name, intro)


@requires(GIVE)
@require_http_methods(["GET", "POST"])
def agent_take(request: HttpRequest, public_id: str, grant: int) -> HttpResponse:
    """Take an agent's role back, with a reason; it counts from the next request."""
    provider = _provider(request, public_id)

    def take(values: dict[str, Any]) -> None:
        contracts.revoke_agent(provider_id=provider.pk, grant_id=grant, acting_user=request.user, **values)

    return taking(request, queries.principal(provider), grant, take)
