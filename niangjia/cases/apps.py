from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases."""

    name = "niangjia.cases"
    label = "cases"

    def ready(self) -> None:
        """Register this room's rights, actions, menu, desk items and duties."""
        from niangjia.cases import desk, lists, permissions, tasklists  # noqa: PLC0415  registration needs the app registry

        permissions.register()
        desk.register()
        lists.register()
        tasklists.register()
