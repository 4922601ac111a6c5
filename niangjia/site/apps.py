from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The shell."""

    name = "niangjia.site"
    label = "site"
