"""Agents of employers and providers: named by an officer, with an end.

They log in with a code to their telephone, as workers do.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts import entry
from niangjia.accounts.models import User
from niangjia.accounts.phones import normalise
from niangjia.accounts.services.users import create_user
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.ids import new_public_id
from niangjia.federation.scopes import require
from niangjia.federation.services.grants import end_of, grant_role, revoke_grant
from niangjia.people.agents import Principal, agent_of, principal
from niangjia.people.models import Employer
from niangjia.people.services.persons import enter_with_phone, person_with_phone

READ = "people.registry:read"


class NotTheAgentsNumber(Refusal):
    """A number typed wrongly must not open somebody's page to a stranger, and tells nothing about him."""

    sentence = _(
        "This number cannot be used for this name. Nothing was changed. Please ask the agent for both once more."
    )


class AgentNameMissing(Refusal):
    """An agent has a name."""

    sentence = _("Please fill in the name.")


@transaction.atomic
def name_agent(
    *, employer_id: int, name: str, phone: str, until: date, reason: str, acting_user: User
) -> User:  # fmt: skip
    """Let somebody open an employer's own page until the end of a day; an account is opened where there is none."""
    whom = principal(_employer(employer_id, acting_user))
    return let_act(whom=whom, name=name, phone=phone, until=until, reason=reason, acting_user=acting_user)


@transaction.atomic
def let_act(
    *, whom: Principal, name: str, phone: str, until: date, reason: str, acting_user: User
) -> User:  # fmt: skip
    """The same for any principal, which the caller found where the acting user may read it."""
    if not name.strip():
        raise AgentNameMissing(field="name")
    user = _account(name.strip(), normalise(phone))
    over = {"employer": None, "provider": None, whom.kind: whom.id}
    grant_role(
        user=user, role=whom.role, employer_id=over["employer"], provider_id=over["provider"],
        owner_union_id=whom.union_id, expires_at=end_of(until), acting_user=acting_user, reason=reason,
    )  # fmt: skip
    return user


@transaction.atomic
def revoke_agent(*, employer_id: int, grant_id: int, reason: str, acting_user: User) -> None:
    """Take an agent's role back; it counts from the next request."""
    let_act_no_longer(
        whom=principal(_employer(employer_id, acting_user)), grant_id=grant_id, reason=reason, acting_user=acting_user
    )


@transaction.atomic
def let_act_no_longer(*, whom: Principal, grant_id: int, reason: str, acting_user: User) -> None:
    """The same for any principal, which the caller found where the acting user may read it."""
    grant = agent_of(whom, grant_id)
    revoke_grant(grant=grant, acting_user=acting_user, reason=reason, owner_union_id=whom.union_id)


def _employer(employer_id: int, acting_user: User) -> Employer:
    employer = Employer.objects.filter(pk=employer_id).first()
    if employer is None:
        raise NotFoundHere
    require(acting_user, READ, employer.union_id)
    return employer


def _account(name: str, phone: str) -> User:
    user = User.objects.with_phone(phone).first()
    if user is None:
        person = person_with_phone(phone)
        if person is None:
            return create_user(username=f"agent-{new_public_id()}", display_name=name, phone=phone)
        # Whoever is in the registry with this number opens his own page with it too.
        user = enter_with_phone(phone) if person.name == name else None
    # A telephone alone opens no desk, so that an officer's account is no agent's.
    if user is None or user.display_name != name or not user.is_active or entry.works_at_desk(user):
        raise NotTheAgentsNumber(field="phone")
    return user
