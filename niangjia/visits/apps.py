from __future__ import annotations

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits."""

    name = "niangjia.visits"
    label = "visits"

    def ready(self) -> None:
        """Register rights, actions, parts of the household page, the rule of leaving, menus and desk blocks."""
        from niangjia.visits import registration  # noqa: PLC0415  registration needs the app registry

        registration.register()
