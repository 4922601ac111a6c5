"""Giving and taking back roles."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.models import Grant, Union
from niangjia.federation.rights import roles
from niangjia.federation.scopes import active_grants, require
from niangjia.federation.services import audit

SELF_GRANT_YEARS = 10


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
) -> Grant:
    """Give a role within one scope until it expires; one can only give rights one holds there.

    With no acting user it is a system act: seeding, or the self-grant of a person logging in.
    """
    chosen = roles.get(role)
    if acting_user is not None:
        for right in chosen.rights:
            require(acting_user, right, union.pk if union else None)
    apart = {roles.get(grant.role).apart for grant in active_grants(user)} - {""}
    if chosen.apart and apart and apart != {chosen.apart}:
        raise RolesApart
    kind = "union" if union else "employer" if employer_id else "self"
    grant = Grant.objects.create(
        user=user, role=role, scope_kind=kind, union=union, scope_id=employer_id or person_id,
        valid_from=clock.now(), expires_at=expires_at, granted_by=acting_user,
    )  # fmt: skip
    audit.record(
        "federation.grant:give", acting_user=acting_user, object_kind="user", object_id=user.pk,
        union_id=union.pk if union else None, after={"role": role, "scope": kind, "until": expires_at},
    )  # fmt: skip
    return grant


def ten_years_from_now() -> datetime:
    """The expiry of a person's right to his own data: long, but not for ever."""
    return clock.now() + timedelta(days=365 * SELF_GRANT_YEARS)


@transaction.atomic
def revoke_grant(*, grant: Grant, acting_user: User, reason: str) -> None:
    """Take a role back at once: rights are read from the database at each request."""
    require(acting_user, "federation.grant:give", grant.union_id)
    Grant.objects.filter(pk=grant.pk, revoked_at__isnull=True).update(revoked_at=clock.now())
    audit.record(
        "federation.grant:revoke", acting_user=acting_user, object_kind="user", object_id=grant.user_id,
        union_id=grant.union_id, before={"role": grant.role}, reason=reason,
    )  # fmt: skip
