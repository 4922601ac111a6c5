"""Providers, their contracts, and who acts for them: nobody longer than a contract lasts."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.queries import agent_grants, ancestors
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.federation.services.grants import end_grants, end_of
from niangjia.people.identity import parse_credit_code
from niangjia.people.services.agents import let_act, let_act_no_longer
from niangjia.providers import queries
from niangjia.providers.models import Contract, ContractEnd, Provider
from niangjia.providers.permissions import CONCLUDE, READ


class ProviderNameMissing(Refusal):
    """A provider has a name."""

    sentence = _("Please fill in the name as it stands on the licence.")


class ProviderKnown(Refusal):
    """The code is registered with this union."""

    sentence = _("A provider with this credit code is registered here already. Nothing was saved; use its page.")


class KindUnknown(Refusal):
    """Not one of the kinds."""

    sentence = _("Please choose what kind of provider it is.")


class NumberMissing(Refusal):
    """A contract stands on a document."""

    sentence = _("Please fill in the number of the contract.")


class NumberKnown(Refusal):
    """Concluded twice."""

    sentence = _("A contract with this number is recorded for this provider already. Nothing was saved twice.")


class OverBeforeItBegins(Refusal):
    """Dates the other way round, or in the past."""

    sentence = _("The last day lies before the first, or has passed already. Please check both.")


class NotBelowIt(Refusal):
    """A provider works for the union that registered it and those below."""

    sentence = _("A contract is concluded by the union that registered the provider, or by one below it.")


class EndedAlready(Refusal):
    """Somebody was faster."""

    sentence = _("This contract has ended already. Nothing was changed.")


class ReasonMissing(Refusal):
    """Ending early has a reason."""

    sentence = _("Please say why.")


class NoContract(Refusal):
    """Who is under no contract sees nothing."""

    sentence = _("This provider has no contract in force, so that nobody can be named. Record the contract first.")


class BeyondTheContract(Refusal):
    """Longer than the contract."""

    sentence = _("The contract ends on %(day)s. Choose that day or an earlier one. Nothing was changed.")


@transaction.atomic
def register_provider(*, union_id: int, name: str, credit_code: str, kind: str, acting_user: User) -> Provider:
    """Register a provider with a union; its unified social credit code is there once."""
    require(acting_user, CONCLUDE, union_id)
    if not name.strip():
        raise ProviderNameMissing(field="name")
    if kind not in Provider.Kind.values:
        raise KindUnknown(field="kind")
    code = parse_credit_code(credit_code)
    try:
        with transaction.atomic():
            provider = Provider.objects.create(
                union_id=union_id, name=name.strip(), credit_code=code, kind=kind, registered_by=acting_user,
                registered_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise ProviderKnown(field="credit_code") from None
    audit.record(
        "providers.provider:register", acting_user=acting_user, object_kind="provider", object_id=provider.pk,
        union_id=union_id, after={"name": provider.name, "code": code, "type": kind},
    )  # fmt: skip
    return provider


@transaction.atomic
def conclude_contract(
    *, provider_id: int, union_id: int, document_number: str, valid_from: date, valid_to: date, acting_user: User
) -> Contract:  # fmt: skip
    """Record what a union concluded with a provider, from the first to the last day."""
    provider = _locked(provider_id, CONCLUDE, acting_user)
    require(acting_user, CONCLUDE, union_id)
    if provider.union_id not in set(ancestors(union_id)):
        raise NotBelowIt(field="union")
    if not document_number.strip():
        raise NumberMissing(field="document_number")
    if valid_to < valid_from or valid_to < clock.today():
        raise OverBeforeItBegins(field="valid_to")
    try:
        with transaction.atomic():
            contract = Contract.objects.create(
                provider=provider, union_id=union_id, document_number=document_number.strip(), valid_from=valid_from,
                valid_to=valid_to, concluded_by=acting_user, concluded_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise NumberKnown(field="document_number") from None
    audit.record(
        "providers.contract:conclude", acting_user=acting_user, object_kind="provider", object_id=provider.pk,
        union_id=union_id,
        after={"document_number": contract.document_number, "valid_from": valid_from, "valid_to": valid_to},
    )  # fmt: skip
    return contract


@transaction.atomic
def end_contract(*, public_id: str, reason: str, acting_user: User) -> ContractEnd:
    """End a contract at once; who acted for the provider longer than another one lasts acts for it no more."""
    contract = Contract.objects.filter(public_id=public_id).first()
    if contract is None:
        raise NotFoundHere
    provider = _locked(contract.provider_id, CONCLUDE, acting_user)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if ContractEnd.objects.filter(contract=contract).exists() or contract.valid_to < clock.today():
        raise EndedAlready(field="reason")
    ended = ContractEnd.objects.create(
        contract=contract, reason=reason.strip(), ended_by=acting_user, ended_at=clock.now()
    )
    audit.record(
        "providers.contract:end", acting_user=acting_user, object_kind="provider", object_id=provider.pk,
        union_id=contract.union_id, before={"document_number": contract.document_number}, reason=ended.reason,
    )  # fmt: skip
    held, last = agent_grants("provider", [provider.pk]), queries.last_day(provider.pk)
    if last is not None:
        held = held.filter(expires_at__gt=end_of(last))
    end_grants(grants=held, acting_user=acting_user, reason=ended.reason, owner_union_id=provider.union_id)
    return ended


@transaction.atomic
def name_agent(
    *, provider_id: int, name: str, phone: str, until: date, reason: str, acting_user: User
) -> User:  # fmt: skip
    """Let somebody check for a provider until the end of a day, no later than its contract ends."""
    provider = _locked(provider_id, READ, acting_user)
    last = queries.last_day(provider.pk)
    if last is None:
        raise NoContract
    if until > last:
        raise BeyondTheContract(BeyondTheContract.sentence % {"day": last.isoformat()}, field="until")
    return let_act(
        whom=queries.principal(provider), name=name, phone=phone, until=until, reason=reason,
        acting_user=acting_user,
    )  # fmt: skip


@transaction.atomic
def revoke_agent(*, provider_id: int, grant_id: int, reason: str, acting_user: User) -> None:
    """Take an agent's role back; it counts from the next request."""
    whom = queries.principal(_locked(provider_id, READ, acting_user))
    let_act_no_longer(whom=whom, grant_id=grant_id, reason=reason, acting_user=acting_user)


def _locked(provider_id: int, right: str, acting_user: User) -> Provider:
    # Locked, so that nobody is named past the end of a contract that comes at the same moment.
    provider = Provider.objects.select_for_update(no_key=True).filter(pk=provider_id).first()
    if provider is None:
        raise NotFoundHere
    require(acting_user, right, provider.union_id)
    return provider
