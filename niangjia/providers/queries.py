"""Reads of this room: they start from a scope, or from a provider found in one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.queries import acted_for, ancestors
from niangjia.federation.scopes import Scope
from niangjia.people.agents import Principal
from niangjia.providers.models import Contract, Provider


def providers_in(scope: Scope) -> QuerySet[Provider]:
    """Providers registered with unions in scope."""
    return Provider.objects.filter(scope.unions()).select_related("union")


def provider_in(scope: Scope, public_id: str) -> Provider:
    """One of them, or `NotFoundHere`."""
    found = providers_in(scope).filter(public_id=public_id).first()
    if found is None:
        raise NotFoundHere
    return found


def contracts_of(provider: Provider) -> list[Contract]:
    """The contracts of a provider found in scope, the newest first."""
    rows = provider.contracts.select_related("union", "concluded_by", "ending__ended_by")
    return list(rows.order_by("-valid_from", "-pk"))


def contract_in(scope: Scope, public_id: str) -> Contract:
    """One contract of a provider in scope, or `NotFoundHere`."""
    rows = Contract.objects.filter(scope.unions("provider__union_id"), public_id=public_id)
    found = rows.select_related("provider").first()
    if found is None:
        raise NotFoundHere
    return found


def in_force() -> QuerySet[Contract]:
    """Contracts of anybody that count today: neither ended nor over, and begun."""
    today = clock.today()
    return Contract.objects.filter(ending__isnull=True, valid_from__lte=today, valid_to__gte=today)


def last_day(provider_id: int) -> date | None:
    """Until when the contracts that count today last; None where there is none."""
    days = in_force().filter(provider_id=provider_id).order_by("-valid_to").values_list("valid_to", flat=True)
    return days.first()


def contracts_for(scope: Scope, union_id: int) -> QuerySet[Contract]:
    """Contracts that count today for a union found in scope: concluded by it, or by one above it."""
    rows = in_force().filter(scope.unions("provider__union_id"), union_id__in=ancestors(union_id))
    return rows.select_related("provider").order_by("provider__name", "document_number")


def contracts_held(scope: Scope) -> QuerySet[Contract]:
    """The contracts that count today of the providers somebody acts for."""
    rows = in_force().filter(provider_id__in=scope.providers)
    return rows.select_related("provider", "union").order_by("provider__name", "document_number")


def providers_of(user_ids: Collection[int]) -> dict[int, str]:
    """The provider each of these users acts or acted for, by name: told to those whom they looked at."""
    found = acted_for("provider", user_ids)
    names = dict(Provider.objects.filter(pk__in=found.values()).values_list("pk", "name"))
    return {user: names[pk] for user, pk in found.items() if pk in names}


def principal(provider: Provider) -> Principal:
    """A provider, as agents act for it."""
    return Principal(
        "provider", "provider_assessor", provider.pk, provider.union_id, provider.name, provider.public_id,
        "provider_file", "provider_agent_take",
    )  # fmt: skip
