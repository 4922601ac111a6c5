"""What rooms above put on a provider's page: what it has in its hands from them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from niangjia.core.registries import Registry


@dataclass(frozen=True)
class ProviderSection:
    """A section of a provider's page; `rows` of a provider found in scope, `empty` where there are none."""

    title: str | Promise
    template: str
    rows: Callable[[HttpRequest, int], Collection[Any]]
    empty: str | Promise
    right: str  # who does not hold it does not see the section


provider_sections: Registry[ProviderSection] = Registry("sections of a provider's page")
