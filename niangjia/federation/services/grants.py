"""Giving and taking back roles."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal, RightMissing
from niangjia.federation.models import Grant, Union
from niangjia.federation.rights import Role, roles
from niangjia.federation.scopes import active_grants, require
from niangjia.federation.services import audit

SELF_GRANT_YEARS = 10


class ScopeDoesNotFit(Refusal):
    """A worker's role is for oneself, an agent's for an employer, an officer's for a union."""

    sentence = _(
        "This role cannot be given for that: a worker's is for the person, an agent's for the employer, "
        "an officer's for a union. Nothing was changed."
    )


class RolesApart(Refusal):
    """Two roles that one person may not hold together."""

    sentence = _("These two roles must be held by two different people. Nothing was changed.")


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: str,
    union: Union | None = None,
    employer_id: int | None = None,
    person_id: int | None = None,
    expires_at: datetime,
    acting_user: User | None,
    owner_union_id: int | None = None,
) -> Grant:
    """Give a role within one scope until it expires; one can only give rights one holds there.

    For an employer's or a person's own scope, `owner_union_id` is the union that owns it: the giver
    must give roles there; the rights themselves are about somebody's own data, so he need not hold
    them. With no acting user it is a system act: seeding, or the self-grant of a person logging in.
    """
    chosen = roles.get(role)
    kind = "union" if union else "employer" if employer_id else "self"
    if kind != chosen.scope_kind or [union, employer_id, person_id].count(None) != 2:
        raise ScopeDoesNotFit
    if acting_user is not None:
        _may_give(acting_user, chosen, union.pk if union else owner_union_id)
    # Locked, so that two roles that exclude each other are not given in two windows at once.
    User.objects.select_for_update().get(pk=user.pk)
    apart = {roles.get(grant.role).apart for grant in active_grants(user)} - {""}
    if chosen.apart and apart and apart != {chosen.apart}:
        raise RolesApart
    grant = Grant.objects.create(
        user=user,
        role=role,
        scope_kind=kind,
        union=union,
        scope_id=employer_id or person_id,
        valid_from=clock.now(),
        expires_at=expires_at,
        granted_by=acting_user,
    )
    audit.record(
        "federation.grant:give",
        acting_user=acting_user,
        object_kind="user",
        object_id=user.pk,
        union_id=union.pk if union else None,
        after={"role": role, "scope": kind, "until": expires_at},
    )
    return grant


def _may_give(acting_user: User, role: Role, union_id: int | None) -> None:
    if union_id is None:
        raise RightMissing("federation.grant:give")
    require(acting_user, "federation.grant:give", union_id)
    if role.scope_kind == "union":
        for right in role.rights:
            require(acting_user, right, union_id)


def ten_years_from_now() -> datetime:
    """The expiry of a person's right to his own data: long, but not for ever."""
    return clock.now() + timedelta(days=365 * SELF_GRANT_YEARS)


@transaction.atomic
def revoke_grant(*, grant: Grant, acting_user: User, reason: str) -> None:
    """Take a role back at once: rights are read from the database at each request."""
    require(acting_user, "federation.grant:give", grant.union_id)
    if not Grant.objects.filter(pk=grant.pk, revoked_at__isnull=True).update(revoked_at=clock.now()):
        return  # taken back already: nothing happened twice
    audit.record(
        "federation.grant:revoke",
        acting_user=acting_user,
        object_kind="user",
        object_id=grant.user_id,
        union_id=grant.union_id,
        before={"role": grant.role},
        reason=reason,
    )
