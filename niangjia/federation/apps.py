from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register


class FederationConfig(AppConfig):
    """The federation."""

    name = "niangjia.federation"
    label = "federation"

    def ready(self) -> None:
        """Register this room's rights, actions, duties and checks."""
        from niangjia.federation import checks, exportpage, gate, permissions, tasks, treepage  # noqa: PLC0415  needs the app registry
        from niangjia.federation.listing import grants, house, units  # noqa: PLC0415
        from niangjia.federation.services import changes, exports  # noqa: PLC0415

        permissions.register()
        gate.register()
        tasks.register()
        changes.register()
        units.register()
        exports.register()
        house.register()
        grants.register()
        exportpage.register()
        treepage.register()
        register(checks.routes_declare_rights)
