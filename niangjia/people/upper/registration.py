"""What this part of the room offers to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.federation.actions import AuditAction, register_actions
from niangjia.people.rosters.kinds import roster_kinds
from niangjia.people.upper.systems import export_kind, systems


def register() -> None:
    """The actions, and each system's export as a kind of roster."""
    register_actions(
        AuditAction("people.upper:copy", _("copied a value into an upper system"), look=True),
        AuditAction("people.upper:mark", _("marked a household as typed into an upper system")),
        AuditAction("people.upper:unmark", _("took back that a household is typed into an upper system")),
    )
    for system in systems().values():
        roster_kinds.register(system.kind, export_kind(system))
