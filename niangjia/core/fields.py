"""Model fields for what must not stand in the database in the clear."""

from __future__ import annotations

from typing import Any

from django.db import models

from niangjia.core import crypto


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Text kept sealed with the installation's key; it cannot be searched, use a keyed index beside it."""

    description = "Sealed text"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Open what the database holds."""
        return None if value is None else self._open(value)

    def get_prep_value(self, value: Any) -> Any:
        """Seal what goes into the database; empty stays empty."""
        if value in (None, ""):
            return value
        return crypto.seal(str(value), bound_to=self._place())

    def _open(self, value: str) -> str:
        return "" if value == "" else crypto.unseal(value, bound_to=self._place())

    def _place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"
