"""The rows of this room."""

from __future__ import annotations

from niangjia.accounts.models.user import User

__all__ = ["User"]
