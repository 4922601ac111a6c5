"""Emptying the stage: only where the installation says that it is one."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from niangjia.site.emptying import drop_everything


def empty_database() -> None:
    """Remove every table and make them anew; refuses outside a demo stage.

    Append-only tables refuse to be emptied, also here: they go with their tables, and come back with the migrations.
    """
    if settings.DEMO_NOW is None:
        raise CommandError("This is not a demo stage (NIANGJIA_DEMO_NOW is not set). Nothing was removed.")
    drop_everything()
    call_command("migrate", verbosity=0)
