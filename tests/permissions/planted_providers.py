"""What the room of providers hides in every unit: a provider, its contract, who acts for it, a sample in its hands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.models import Grant
from niangjia.people.tests.world import credit_code
from niangjia.providers.services.contracts import conclude_contract, name_agent, register_provider
from niangjia.visits.services.handovers import hand_over


def plant_provider(unit: Any, officer: User, name: str, order: int) -> User:
    """Put the sample of a unit into the hands of a provider of its own; whoever checks for it."""
    union_id, last = unit.household.union_id, clock.today() + timedelta(days=20)
    provider = register_provider(
        union_id=union_id, name=f"{name}社工站", credit_code=credit_code(600 + order), kind="social",
        acting_user=officer,
    )  # fmt: skip
    contract = conclude_contract(
        provider_id=provider.pk, union_id=union_id, document_number=f"{name}合同1号", valid_from=clock.today(),
        valid_to=last, acting_user=officer,
    )  # fmt: skip
    agent = name_agent(
        provider_id=provider.pk, name=f"{name}代办", phone=f"1381000{order:04d}", until=last, reason="委托书",
        acting_user=officer,
    )  # fmt: skip
    hand_over(public_id=unit.ids["sample"], contract_public_id=contract.public_id, acting_user=officer)
    unit.ids |= {
        "provider": provider.public_id, "contract": contract.public_id,
        "provider_grant": str(Grant.objects.get(user=agent).pk),
    }  # fmt: skip
    unit.canaries |= {
        provider.public_id, contract.public_id, provider.name, provider.credit_code, contract.document_number,
        agent.display_name,
    }  # fmt: skip
    return agent
