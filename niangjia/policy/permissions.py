"""This room's rights and audit actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.federation.actions import AuditAction, register_actions
from niangjia.federation.rights import Right, register_rights


def register() -> None:
    """Offer them."""
    register_rights(
        Right("policy.programme:read", _("See programmes, their text and their figures"), by_programme=True),
        Right("policy.version:draft", _("Draft, try and send programmes for confirmation")),
        Right("policy.snapshot:take", _("Take pseudonymous facts out for work on the command line")),
        Right("policy.version:confirm", _("Confirm that a programme is as in the document")),
    )
    register_actions(
        AuditAction("policy.version:copy", _("took over a recipe")),
        AuditAction("policy.version:fill", _("filled in a draft")),
        AuditAction("policy.version:publish", _("published a programme")),
        AuditAction("policy.version:return", _("returned a programme with a sentence")),
        AuditAction("policy.version:withdraw", _("took a published programme back")),
        AuditAction("policy.sweep:run", _("decided about everybody in the area")),
        AuditAction("policy.snapshot:take", _("took a pseudonymous snapshot of the facts")),
        AuditAction("policy.snapshot:remove", _("removed a snapshot of the facts")),
        AuditAction("policy.decision:look", _("opened a decision"), look=True),
    )
