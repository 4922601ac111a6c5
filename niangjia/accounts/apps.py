from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "niangjia.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register this room's duties."""
        from niangjia.accounts import tasks  # noqa: PLC0415  registration needs the app registry

        tasks.register()
