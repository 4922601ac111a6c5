from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground floor."""

    name = "niangjia.core"
    label = "core"
