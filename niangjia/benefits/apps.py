from __future__ import annotations

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    """Benefits."""

    name = "niangjia.benefits"
    label = "benefits"

    def ready(self) -> None:
        """Register this room's rights, actions and the fact it offers."""
        from niangjia.benefits import facts, permissions  # noqa: PLC0415  registration needs the app registry

        permissions.register()
        facts.register()
