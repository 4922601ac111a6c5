"""Model fields for what must not stand in the database in the clear."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact

from niangjia.core import crypto


class SealedExact(Exact):
    """Equality with empty only: a sealed value is another text each time, so a search would find nobody."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs != "":
            raise FieldError("A sealed value cannot be searched; use the keyed index beside it.")
        super().__init__(lhs, rhs)


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

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow asking whether there is a value, and nothing else."""
        return {"exact": SealedExact, "isnull": super().get_lookup("isnull")}.get(lookup_name)

    def _open(self, value: str) -> str:
        return "" if value == "" else crypto.unseal(value, bound_to=self._place())

    def _place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"
