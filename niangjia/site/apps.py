from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The shell."""

    name = "niangjia.site"
    label = "site"

    def ready(self) -> None:
        """Offer the demo's people to the log-in page."""
        from niangjia.site.demo import accounts  # noqa: PLC0415  registration needs the app registry

        accounts.register()
