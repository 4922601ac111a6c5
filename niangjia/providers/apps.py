from __future__ import annotations

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    """Providers."""

    name = "niangjia.providers"
    label = "providers"

    def ready(self) -> None:
        """Register this room's rights, actions, menu, list and its people on the page of all roles."""
        from niangjia.providers import agents, lists, permissions  # noqa: PLC0415  registration needs the app registry

        permissions.register()
        lists.register()
        agents.register()
