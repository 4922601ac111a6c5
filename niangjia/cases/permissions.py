"""This room's rights and audit actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.federation.actions import AuditAction, register_actions
from niangjia.federation.rights import Right, register_rights

READ, HAND_DOWN, GIVE = "cases.assignment:read", "cases.assignment:hand_down", "cases.return:give"
CONTACT, NEED = "cases.contact:handle", "cases.need:handle"


def register() -> None:
    """Offer them."""
    register_rights(
        Right(READ, _("See which tasks were handed down, and who has returned them")),
        Right(HAND_DOWN, _("Hand tasks down, and send answers back")),
        Right(GIVE, _("Return what was asked, or enter it on behalf of a union below")),
        Right(NEED, _("Record stays at a site and see to what is needed there")),
        Right(CONTACT, _("Register whoever comes, and answer what is handed over")),
    )
    register_actions(
        AuditAction("cases.assignment:hand_down", _("handed a task down")),
        AuditAction("cases.assignment:withdraw", _("took back a task that nobody had answered")),
        AuditAction("cases.assignment:export", _("exported who has returned a task")),
        AuditAction("cases.return:give", _("returned what was asked")),
        AuditAction("cases.return:give_on_behalf", _("entered a return on behalf of a union")),
        AuditAction("cases.return:send_back", _("sent a return back")),
        AuditAction("cases.return:open_file", _("opened the paper of a return")),
        AuditAction("cases.contact:register", _("registered somebody at the window")),
        AuditAction("cases.contact:accept", _("took a first contact over")),
        AuditAction("cases.contact:pass_on", _("passed a first contact on")),
        AuditAction("cases.contact:answer", _("answered a first contact")),
        AuditAction("cases.contact:reopen", _("took back the answer to a first contact")),
        AuditAction("cases.contact:escalate", _("told the union above about a late first contact")),
        AuditAction("cases.stay:record", _("recorded a stay at a site")),
        AuditAction("cases.stay:write", _("wrote the diary of a stay")),
        AuditAction("cases.stay:wishes", _("entered wishes for gifts")),
        AuditAction("cases.stay:order", _("ordered gifts as wished")),
        AuditAction("cases.stay:quote", _("kept a quote without a name")),
        AuditAction("cases.stay:tell", _("told a site what became of its needs")),
        AuditAction("cases.need:record", _("recorded a need")),
        AuditAction("cases.need:follow_up", _("said what becomes of a need")),
        AuditAction("cases.contact:open", _("opened a first contact")),
    )
