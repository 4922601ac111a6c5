"""This room's rights and audit actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.federation.actions import AuditAction, register_actions
from niangjia.federation.rights import Right, register_rights


def register() -> None:
    """Offer them."""
    register_rights(
        Right("benefits.list:read", _("See who is on the lists of programmes"), by_programme=True),
        Right("benefits.list:hold", _("Put somebody on hold, and lift a hold"), by_programme=True),
        Right("benefits.quota:return", _("Give back places that one's union does not use")),
        Right("benefits.list:freeze", _("Freeze a list, give public notice, ask for its approval"), by_programme=True),
        Right("benefits.list:serve", _("Record what was handed out"), by_programme=True),
        Right("benefits.list:release", _("Decide when workers are told"), by_programme=True),
        Right("benefits.list:export", _("Export and print lists"), by_programme=True),
        Right("benefits.list:approve", _("Approve frozen lists")),
        Right("benefits.own:read", _("See what oneself and one's household can get")),
        Right("benefits.employer:read", _("See what one's own employer can get")),
    )
    register_actions(
        AuditAction("benefits.hold:place", _("put somebody on hold")),
        AuditAction("benefits.hold:lift", _("lifted a hold")),
        AuditAction("benefits.list:freeze", _("froze a list")),
        AuditAction("benefits.list:answer_day", _("promised a day by which people are answered")),
        AuditAction("benefits.draw:fix", _("fixed a list for a draw of lots")),
        AuditAction("benefits.draw:seed", _("entered the seed of a draw of lots")),
        AuditAction("benefits.quota:return", _("gave places back")),
        AuditAction("benefits.quota:undo", _("took back that places were given back")),
        AuditAction("benefits.quota:reallot", _("gave places out again")),
        AuditAction("benefits.list:cancel", _("took back a frozen list")),
        AuditAction("benefits.list:confirm", _("approved a frozen list")),
        AuditAction("benefits.list:return", _("returned a frozen list")),
        AuditAction("benefits.list:notice", _("gave public notice of a list")),
        AuditAction("benefits.list:release", _("let the people on a list be told")),
        AuditAction("benefits.list:export", _("exported a list")),
        AuditAction("benefits.row:exclude", _("took somebody off a frozen list")),
        AuditAction("benefits.serving:record", _("recorded what was handed out")),
        AuditAction("benefits.serving:end", _("took back a record of what was handed out")),
        AuditAction("benefits.history:load", _("took over records of earlier years")),
        AuditAction("benefits.voucher:issue", _("issued a voucher")),
        AuditAction("benefits.voucher:bind", _("bound a voucher to an employer")),
        AuditAction("benefits.voucher:end", _("ended a voucher")),
    )
