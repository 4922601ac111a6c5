"""合同: recording one, and ending it before its last day."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from niangjia.core import clock
from niangjia.federation.queries import union_by_public_id
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people.views.forms import EntryPage, entry, union_choices, writing_scope
from niangjia.providers import queries
from niangjia.providers.forms import ContractEndForm, ContractForm
from niangjia.providers.permissions import CONCLUDE
from niangjia.providers.services import contracts


@requires(CONCLUDE)
@require_http_methods(["GET", "POST"])
def contract_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record a contract with this provider."""
    scope = writing_scope(request, CONCLUDE)
    provider = queries.provider_in(scope, public_id)
    back = reverse("provider_file", args=[public_id])
    first = {"union": provider.union.public_id, "valid_from": clock.today()}
    form = ContractForm(request.POST or None, unions=union_choices(scope), initial=first)

    def do(values: dict[str, Any]) -> str:
        union = union_by_public_id(scope, values.pop("union"))
        contracts.conclude_contract(provider_id=provider.pk, union_id=union.pk, acting_user=request.user, **values)
        return back

    page = EntryPage(_("Record a contract"), _("The contract is recorded."), _("Record"), back, provider.name)
    return entry(request, page, form, do)


@requires(CONCLUDE)
@require_http_methods(["GET", "POST"])
def contract_end(request: HttpRequest, contract: str) -> HttpResponse:
    """End a contract at once."""
    found = queries.contract_in(scope_of(request.user, CONCLUDE), contract)
    back = reverse("provider_file", args=[found.provider.public_id])
    form = ContractEndForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        contracts.end_contract(public_id=contract, acting_user=request.user, **values)
        return back

    page = EntryPage(
        _("End the contract"), _("The contract has ended. It counts from this moment on."), _("End it now"), back,
        found.provider.name,
        _("Contract %(number)s ends at once: its people see nothing more. What they found stands.")
        % {"number": found.document_number},
    )  # fmt: skip
    return entry(request, page, form, do)
