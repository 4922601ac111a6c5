"""What the log-in asks this room: who may enter, who works at a desk, and where to write it down."""

from __future__ import annotations

from niangjia.accounts.entry import Gatekeeper, gatekeepers
from niangjia.accounts.models import User
from niangjia.federation.rights import roles
from niangjia.federation.scopes import active_grants
from niangjia.federation.services import audit


def register() -> None:
    """Offer the gatekeeper."""
    gatekeepers.register("federation", Gatekeeper(_may_enter, _works_at_desk, _sees_others, _note_entry))


def _may_enter(user: User) -> bool:
    return active_grants(user).exists()


def _works_at_desk(user: User) -> bool:
    return "desk" in _areas(user)


def _sees_others(user: User) -> bool:
    return bool(_areas(user) & {"desk", "partner"})


def _areas(user: User) -> set[str]:
    return {roles.get(grant.role).area for grant in active_grants(user)}


def _note_entry(user: User, way: str) -> None:
    audit.record("federation.session:open", acting_user=user, object_kind="user", object_id=user.pk, after={"way": way})
