"""Who an open session belongs to: as Django finds it, with a statement that is put together once."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.db.models import BigAutoField

from niangjia.accounts.models import User
from niangjia.core.prepared import Asked, Prepared

_account = Prepared(lambda: User.objects.filter(pk=Asked("pk", BigAutoField())))


class AccountBackend(ModelBackend):
    """Accounts with a password."""

    def get_user(self, user_id: int) -> User | None:
        """The account of a session, unless it was closed."""
        found = _account(pk=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
