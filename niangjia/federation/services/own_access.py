"""The accounts that open one person's own pages: told, given another telephone, shut."""

from __future__ import annotations

from django.db import transaction

from niangjia.accounts.models import User
from niangjia.accounts.services.users import change_phone, forget_user
from niangjia.core import clock
from niangjia.federation.models import Grant
from niangjia.federation.services import audit


def own_users(person_id: int) -> list[User]:
    """The accounts with a role over this person's own data, also those shut since."""
    held = Grant.objects.filter(scope_kind="self", scope_id=person_id).values("user_id")
    return list(User.objects.filter(pk__in=held).order_by("pk"))


@transaction.atomic
def move_own_phone(*, person_id: int, phone: str, acting_user: User) -> None:
    """Let a person log in with his new number (E.164); the room of persons has checked and audits the change."""
    for user in own_users(person_id):
        change_phone(user=user, phone=phone, acting_user=acting_user)


@transaction.atomic
def shut_own_access(*, person_id: int, acting_user: User) -> int:
    """Take back the roles over one person's own data; an account that holds nothing else is forgotten."""
    now = clock.now()
    shut = 0
    for user in own_users(person_id):
        grants = Grant.objects.filter(user=user, scope_kind="self", scope_id=person_id, revoked_at__isnull=True)
        for grant in grants.select_for_update():
            Grant.objects.filter(pk=grant.pk).update(revoked_at=now)
            audit.record(
                "federation.grant:revoke", acting_user=acting_user, object_kind="user", object_id=user.pk,
                after={"role": grant.role},
            )  # fmt: skip
            shut += 1
        others = Grant.objects.filter(user=user, revoked_at__isnull=True)
        if not others.exists():
            forget_user(user=user, acting_user=acting_user)
    return shut
