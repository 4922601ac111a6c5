"""Registries: how lower rooms get what upper rooms offer, without importing upwards.

Each room registers in its `AppConfig.ready()`. Registering a code twice, or asking for an
unknown one, raises: a typing error must never read as "nothing there".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class DuplicateRegistration(Exception):
    """Two things were registered under one code."""


class NotRegistered(KeyError):
    """Nothing is registered under this code."""


class Registry(Generic[T]):
    """A named table from code to thing, in order of registration."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._things: dict[str, T] = {}

    def register(self, code: str, thing: T) -> T:
        """Add a thing; another thing under the same code raises, the same thing again does not."""
        if code in self._things and self._things[code] != thing:
            raise DuplicateRegistration(f"{self.name}: {code}")
        self._things[code] = thing
        return thing

    def get(self, code: str) -> T:
        """Return the thing; an unknown code raises `NotRegistered`."""
        try:
            return self._things[code]
        except KeyError:
            raise NotRegistered(f"{self.name}: {code}") from None

    def __contains__(self, code: object) -> bool:
        return code in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)

    def all(self) -> tuple[T, ...]:
        """Everything registered, in order of registration."""
        return tuple(self._things.values())
