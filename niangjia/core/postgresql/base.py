"""PostgreSQL as Django knows it; only whether a kept connection still stands is seen without asking the server.

Django asks SELECT 1 before the first statement of each page, which was one of seven walks to the server and back.
"""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    def is_usable(self) -> bool:
        """Whether the connection stands: a server that ended it, or has anything to say, made the socket readable."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return bool(super().is_usable()) if waiting.poll(0) else True
