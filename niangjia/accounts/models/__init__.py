"""The rows of this room."""

from __future__ import annotations

from niangjia.accounts.models.login import LoginCode, PasswordTries, SendCount
from niangjia.accounts.models.user import User, phone_index

__all__ = ["LoginCode", "PasswordTries", "SendCount", "User", "phone_index"]
