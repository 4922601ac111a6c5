"""Handing text messages over. There is no vendor yet: a file, or nothing, by one setting."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from niangjia.accounts import phones
from niangjia.core import clock
from niangjia.core.registries import Registry

# (telephone in E.164, text) -> handed over. An adapter for a vendor must only queue: it may
# neither wait nor fail because of the number, or the time of the answer would tell who is known.
HandOver = Callable[[str, str], None]


def _to_file(phone: str, text: str) -> None:
    path = Path(settings.TEXTS_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        # A whole number would stand here for good, in every copy of the disk; its last places tell whose it is.
        file.write(f"{clock.now().isoformat()}\t{phones.masked(phone)}\t{text}\n")


def _nowhere(phone: str, text: str) -> None:
    return None


adapters: Registry[HandOver] = Registry("text adapters")
adapters.register("file", _to_file)
adapters.register("off", _nowhere)


def hand_over(phone: str, text: str) -> None:
    """Hand a text message to the adapter of this installation; on a demo stage nothing leaves."""
    if not clock.is_demo():
        adapters.get(settings.TEXTS_ADAPTER)(phone, text)
