"""Audit actions: each has a sentence an auditor reads; an unregistered action raises."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from niangjia.core.registries import Registry


@dataclass(frozen=True)
class AuditAction:
    """One kind of act or look; `sentence` is shown after the actor's name."""

    code: str
    sentence: str | Promise
    look: bool = False  # a look at a sensitive value, shown to the person under "who looked at me"


actions: Registry[AuditAction] = Registry("audit actions")


def register_actions(*offered: AuditAction) -> None:
    """Offer audit actions."""
    for action in offered:
        actions.register(action.code, action)
