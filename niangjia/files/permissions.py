"""This room's rights and audit actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.federation.actions import AuditAction, register_actions
from niangjia.federation.rights import Right, register_rights


def register() -> None:
    """Offer them."""
    register_rights(
        Right("files.evidence:read", _("See photographs and papers handed in as evidence")),
        Right("files.paper:file", _("File photographs of printed forms")),
    )
    register_actions(
        AuditAction("files.file:store", _("stored a file")),
        AuditAction("files.paper:print", _("printed a form")),
        AuditAction("files.paper:file", _("filed a photographed form")),
        AuditAction("files.paper:drop", _("laid a photograph aside")),
        AuditAction("files.paper:forget", _("forgot a photograph that had been laid aside, its term over")),
        AuditAction("files.paper:take_out", _("took a photographed form out of a file where it was wrong")),
    )
