"""Who acts for providers, on the page of all roles."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niangjia.federation.queries import agent_grants
from niangjia.federation.rightspage import RightsBlock, rights_blocks
from niangjia.federation.scopes import scope_of
from niangjia.people.agents import MOST, AgentLine, agents_of
from niangjia.providers import queries
from niangjia.providers.permissions import READ


def register() -> None:
    """Offer them."""
    block = RightsBlock(_("Providers' people"), "people/_agents.html", _of_the_desk)
    rights_blocks.register("providers.agents", block)


def _of_the_desk(request: HttpRequest) -> list[AgentLine]:
    scope = scope_of(request.user, READ)
    if scope.is_empty:
        return []
    mine = queries.providers_in(scope)
    acted_for = agent_grants("provider", mine.values("pk")).values_list("scope_id", flat=True)[:MOST]
    found = mine.filter(pk__in=list(acted_for)).order_by("name")
    return agents_of([queries.principal(provider) for provider in found], request.user)
