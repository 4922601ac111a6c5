"""A sample in a provider's hands: handed over under a contract, and taken from it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.providers.permissions import READ as READ_PROVIDERS
from niangjia.providers.queries import contracts_for
from niangjia.visits import queries
from niangjia.visits.models import Handover, HandoverEnd
from niangjia.visits.permissions import ASSESS, DRAW


class NotUnderContract(Refusal):
    """A sample goes to nobody without a contract that counts today, for this union."""

    sentence = _(
        "This provider has no contract in force that reaches this union. Record the contract first, under Providers."
    )


class SampleOver(Refusal):
    """After its last day nobody sees it."""

    sentence = _("The last day of this check has passed: nobody would see the files. Nothing was changed.")


class NotHandedOver(Refusal):
    """Somebody was faster."""

    sentence = _("This sample is not in that provider's hands any more. Nothing was changed.")


@transaction.atomic
def hand_over(*, public_id: str, contract_public_id: str, acting_user: User) -> Handover:
    """Put a sample into a provider's hands under a contract; all its people see the drawn files until the last day."""
    sample = queries.locked_sample(public_id)
    require(acting_user, DRAW, sample.union_id)
    # Nobody puts into a provider's hands what he could not give to a person.
    require(acting_user, ASSESS, sample.union_id)
    scope = require(acting_user, READ_PROVIDERS)
    contract = contracts_for(scope, sample.union_id).filter(public_id=contract_public_id).first()
    if contract is None:
        raise NotUnderContract(field="contract")
    if sample.ends_on < clock.today():
        raise SampleOver(field="contract")
    # The sample is locked: two who hand it over at once do so once.
    handed = sample.handovers.filter(contract=contract, ending__isnull=True).first()
    if handed is not None:
        return handed
    audit.record(
        "visits.sample:hand_over", acting_user=acting_user, object_kind="sample", object_id=sample.pk,
        union_id=sample.union_id,
        after={"name": contract.provider.name, "document_number": contract.document_number, "until": sample.ends_on},
    )  # fmt: skip
    return Handover.objects.create(sample=sample, contract=contract, handed_by=acting_user, handed_at=clock.now())


@transaction.atomic
def take_from(*, public_id: str, contract_public_id: str, acting_user: User) -> None:
    """Take a sample from a provider at once; what its people found stands."""
    sample = queries.locked_sample(public_id)
    require(acting_user, DRAW, sample.union_id)
    handed = queries.handovers_of(sample).filter(contract__public_id=contract_public_id).first()
    if handed is None:
        raise NotHandedOver
    HandoverEnd.objects.create(handover=handed, ended_by=acting_user, ended_at=clock.now())
    audit.record(
        "visits.sample:take_from", acting_user=acting_user, object_kind="sample", object_id=sample.pk,
        union_id=sample.union_id,
        before={"name": handed.contract.provider.name, "document_number": handed.contract.document_number},
    )  # fmt: skip
