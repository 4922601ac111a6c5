from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register


class CoreConfig(AppConfig):
    """The ground floor."""

    name = "niangjia.core"
    label = "core"

    def ready(self) -> None:
        """Register this room's check, which reads the public holidays once."""
        from niangjia.core.holidays import holidays_are_known  # noqa: PLC0415  it asks the clock, which asks the settings

        register(holidays_are_known)
