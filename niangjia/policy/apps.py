from __future__ import annotations

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """Policy."""

    name = "niangjia.policy"
    label = "policy"

    def ready(self) -> None:
        """Register this room's rights, actions, confirmation, feed reader, nightly duty and menu."""
        from niangjia.policy import registration  # noqa: PLC0415  registration needs the app registry

        registration.register()
