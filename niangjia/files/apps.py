from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Files."""

    name = "niangjia.files"
    label = "files"

    def ready(self) -> None:
        """Register this room's rights, actions and duties."""
        from niangjia.files import permissions, tasks, workbooks  # noqa: PLC0415  registration needs the app registry

        permissions.register()
        tasks.register()
        workbooks.register()
