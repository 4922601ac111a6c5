"""What this part of the room offers to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.core.areas import DeskItem, MenuEntry, desk_items, menu
from niangjia.federation.actions import AuditAction, register_actions
from niangjia.federation.rights import Right, register_rights
from niangjia.files.services.papers import kept_where_it_is
from niangjia.people.bureaux import authorities, facts, rowlist
from niangjia.people.bureaux.batches import due_checks, late_count, to_confirm
from niangjia.people.bureaux.visits import due_visits
from niangjia.people.rosters.kinds import answer_kind, roster_kinds
from niangjia.people.services import check_leave
from niangjia.people.services.cross_checks import RESULTS, all_decided, rows_left_out


def register() -> None:
    """Rights, actions, facts, the kind of table that answers come in, the menu and the first page."""
    register_rights(
        Right("people.check:read", _("See the checks by other bureaus")),
        Right("people.check:confirm", _("Confirm files for bureaus that name many")),
        Right("people.check:send", _("Send full numbers to a bureau, and settle what it answers")),
    )
    register_actions(
        AuditAction("people.authority:record", _("entered a signed authority")),
        AuditAction("people.authority:withdraw", _("noted that an authority was withdrawn")),
        AuditAction("people.authority:look", _("looked at a signed authority"), look=True),
        AuditAction("people.check:draft", _("drafted a check by a bureau")),
        AuditAction("people.check:drop", _("laid a check by a bureau aside")),
        AuditAction("people.check:send", _("sent a check to a bureau")),
        AuditAction("people.check:take", _("took the file for a bureau")),
        AuditAction("people.check:look", _("looked at what a bureau answered"), look=True),
        AuditAction("people.check:reveal", _("put the identity number into a file for a bureau"), look=True),
        AuditAction("people.check:receive", _("handed in what a bureau answered")),
        AuditAction("people.check:decide", _("decided on a bureau's answer")),
        AuditAction("people.check:close", _("closed a check by a bureau without an answer")),
        AuditAction("people.check:reopen", _("reopened a check by a bureau that was closed without an answer")),
        AuditAction("people.check:settle", _("settled a check by a bureau")),
    )
    facts.register()
    rowlist.register()
    kept_where_it_is.register("people.authorities", authorities.keep_where_it_is)
    roster_kinds.register(RESULTS, answer_kind(RESULTS, "check_of_roster", all_decided, rows_left_out))
    entry = MenuEntry("desk", 50, _("Bureau checks"), "check_list", "people.check:read", late_count)
    menu.register("people.checks", entry)
    desk_items.register(
        "people.check_visits",
        DeskItem(
            "people-check-visits", 26, _("To be seen by a visit"), "people/_desk_check_visits.html", due_visits,
            right="people.check:read",
        ),
    )  # fmt: skip
    desk_items.register(
        "people.checks_to_confirm",
        DeskItem(
            "people-checks-to-confirm", 17, _("Files for bureaus to confirm"), "people/_desk_checks_to_confirm.html",
            to_confirm, right="people.check:confirm",
        ),
    )  # fmt: skip
    check_leave.register()
    desk_items.register(
        "people.checks",
        DeskItem(
            "people-checks", 25, _("Bureau checks due or back"), "people/_desk_checks.html", due_checks,
            right="people.check:read",
        ),
    )  # fmt: skip
