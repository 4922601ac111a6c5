from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from niangjia.core import areas


class SiteConfig(AppConfig):
    """The shell."""

    name = "niangjia.site"
    label = "site"

    def ready(self) -> None:
        """Put the officer's first page first on the desk's menu, and the demo's people on the log-in page."""
        from niangjia.site.demo import accounts  # noqa: PLC0415  registration needs the app registry

        areas.menu.register("site.today", areas.MenuEntry("desk", 0, _("Today"), "desk", right="policy.programme:read"))
        accounts.register()
