from __future__ import annotations

from django.apps import AppConfig


class FederationConfig(AppConfig):
    """The federation."""

    name = "niangjia.federation"
    label = "federation"

    def ready(self) -> None:
        """Register this room's rights, actions and checks."""
        from niangjia.federation import permissions  # noqa: PLC0415  registration needs the app registry

        permissions.register()
