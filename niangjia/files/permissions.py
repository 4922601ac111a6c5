"""This room's rights and audit actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.federation.actions import AuditAction, register_actions
from niangjia.federation.rights import Right, register_rights


def register() -> None:
    """Offer them."""
    register_rights(Right("files.evidence:read", _("See photographs and papers handed in as evidence")))
    register_actions(AuditAction("files.file:store", _("stored a file")))
