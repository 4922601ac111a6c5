"""What this room does by itself."""

from __future__ import annotations

from niangjia.accounts.services import codes, passwords
from niangjia.core.duties import register_duty


def register() -> None:
    """Offer the nightly duties."""
    register_duty("accounts.forget-codes", "10 3 * * *", codes.forget_old)
    register_duty("accounts.forget-tries", "12 3 * * *", passwords.forget_old)
