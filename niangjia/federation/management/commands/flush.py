"""Django's `flush`, able to empty tables that refuse it: for tests, never for an installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections

from niangjia.federation.guards import guards_lifted


class Command(flush.Command):
    """Empty the test database; the append-only tables are opened for it and closed again."""

    def handle(self, **options: Any) -> None:
        """Refuse on anything but a test database."""
        connection = connections[options["database"]]
        name = str(connection.settings_dict["NAME"])
        if "test" not in name.rsplit("/", 1)[-1]:
            raise CommandError("This would erase the audit trail. Start a new database instead.")
        with guards_lifted(connection):
            super().handle(**options)
