"""Conditions Django has no words for."""

from __future__ import annotations

from typing import Any

from django.db.models.lookups import In


class InOnce(In):
    """Being among the rows of a subquery that PostgreSQL answers once, and not again for each row it walks past.

    For lists that are walked in their order until a page is full: of a town's page that was two thirds.
    """

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        """The comparison; databases without arrays have the usual one."""
        return f"= ANY(ARRAY{rhs})" if connection.vendor == "postgresql" else super().get_rhs_op(connection, rhs)
