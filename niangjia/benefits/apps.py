from __future__ import annotations

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    """Benefits."""

    name = "niangjia.benefits"
    label = "benefits"
