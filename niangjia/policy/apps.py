from __future__ import annotations

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """Policy."""

    name = "niangjia.policy"
    label = "policy"
