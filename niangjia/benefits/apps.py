from __future__ import annotations

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    """Benefits."""

    name = "niangjia.benefits"
    label = "benefits"

    def ready(self) -> None:
        """Register what this room offers: rights, facts, history, the approval of lists, menus, desk blocks."""
        from niangjia.benefits import registration  # noqa: PLC0415  registration needs the app registry

        registration.register()
