"""The accounts of a demo stage, shown on its log-in page; the room that builds the stage registers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from niangjia.core import clock
from niangjia.core.registries import Registry


@dataclass(frozen=True)
class DemoAccount:
    """One invented person to try the pages as: by telephone (E.164), or by name and password."""

    name: str
    role: str | Promise  # what the person is, in words
    phone: str = ""
    username: str = ""
    password: str = ""
    about: str | Promise = ""


demo_accounts: Registry[Callable[[], Sequence[DemoAccount]]] = Registry("demo accounts")


def accounts_on_stage() -> list[DemoAccount]:
    """All demo accounts; none outside a demo stage, whatever is registered."""
    if not clock.is_demo():
        return []
    return [account for source in demo_accounts.all() for account in source()]
