"""服务机构: the list, one provider's page, registering one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.federation.listing.pages import show_list
from niangjia.federation.queries import union_by_public_id
from niangjia.federation.routes import requires
from niangjia.federation.scopes import rights_of, scope_of
from niangjia.people.agents import agents_of, may_name
from niangjia.people.views.forms import EntryPage, entry, first_choice, union_choices, writing_scope
from niangjia.providers import queries
from niangjia.providers.filepage import provider_sections
from niangjia.providers.forms import ProviderForm
from niangjia.providers.permissions import CONCLUDE, READ
from niangjia.providers.services import contracts
from niangjia.providers.words import KINDS, contract_state


@requires(READ)
@require_GET
def provider_list(request: HttpRequest) -> HttpResponse:
    """Providers of unions in scope."""
    return show_list(request, "providers.providers", "providers/provider_list.html")


@requires(READ)
@require_GET
def provider_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """One provider: its contracts, who acts for it, and what is in its hands."""
    provider = queries.provider_in(scope_of(request.user, READ), public_id)
    whom, today, held = queries.principal(provider), clock.today(), rights_of(request.user)
    sections = [one for one in provider_sections.all() if one.right in held]
    context = {
        "provider": provider, "kind": KINDS[provider.kind],
        "contracts": [(one, contract_state(one, today)) for one in queries.contracts_of(provider)],
        "runs": queries.last_day(provider.pk) is not None,
        "agents": agents_of([whom], request.user), "may_name": may_name(whom, request.user),
        "may_conclude": scope_of(request.user, CONCLUDE).reaches_union(provider.union_id),
        "sections": [(one, one.rows(request, provider.pk)) for one in sections],
    }  # fmt: skip
    return render(request, "providers/provider_file.html", context)


@requires(CONCLUDE)
@require_http_methods(["GET", "POST"])
def provider_new(request: HttpRequest) -> HttpResponse:
    """Register a provider."""
    scope = writing_scope(request, CONCLUDE)
    choices = union_choices(scope)
    form = ProviderForm(request.POST or None, unions=choices, initial=first_choice(choices))

    def do(values: dict[str, Any]) -> str:
        union = union_by_public_id(scope, values.pop("union"))
        provider = contracts.register_provider(union_id=union.pk, acting_user=request.user, **values)
        return reverse("provider_file", args=[provider.public_id])

    page = EntryPage(
        _("New provider"), _("The provider is registered. Record its contract next."), _("Register the provider"),
        reverse("provider_list"), _("Providers"),
    )  # fmt: skip
    return entry(request, page, form, do)
