"""Who acts for providers, on the page of all roles."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niangjia.federation.listing.kinds import pages_of
from niangjia.federation.queries import agent_grants
from niangjia.federation.rightspage import Owner, Reach, RightsBlock, reaches, rights_blocks
from niangjia.federation.scopes import Scope, scope_of
from niangjia.people.agents import MOST, AgentLine, agents_of
from niangjia.providers import queries
from niangjia.providers.models import Provider
from niangjia.providers.permissions import READ


def register() -> None:
    """Offer them."""
    reaches.register("provider", Reach(_("a provider"), _seen, _owners))
    block = RightsBlock(_("Providers' people"), "people/_agents.html", _of_the_desk)
    rights_blocks.register("providers.agents", block)


def _seen(scope: Scope) -> QuerySet[Provider]:
    """Providers whose people a reader of roles may see: those whose pages he may open too."""
    return Provider.objects.filter(scope.unions(), scope_of(scope.user, READ).unions())


def _owners(ids: Collection[int]) -> dict[int, Owner]:
    page = pages_of("provider_file")
    rows = Provider.objects.filter(pk__in=ids).only("name", "union_id", "public_id")
    return {row.pk: Owner(row.name, row.union_id, page(row.public_id)) for row in rows}


def _of_the_desk(request: HttpRequest) -> list[AgentLine]:
    scope = scope_of(request.user, READ)
    if scope.is_empty:
        return []
    mine = queries.providers_in(scope)
    acted_for = agent_grants("provider", mine.values("pk")).values_list("scope_id", flat=True)[:MOST]
    found = mine.filter(pk__in=list(acted_for)).order_by("name")
    return agents_of([queries.principal(provider) for provider in found], request.user)
