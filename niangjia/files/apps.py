from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Files."""

    name = "niangjia.files"
    label = "files"
