"""What this room puts on the officer's menu and first page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.cases import contacts, needs, towns
from niangjia.cases.permissions import CONTACT, GIVE, NEED, READ
from niangjia.cases.services.contacts import escalate_late, forget_tries
from niangjia.core.areas import DeskItem, MenuEntry, desk_items, menu
from niangjia.core.duties import register_duty


def register() -> None:
    """Offer them."""
    menu.register("cases.towns", MenuEntry("desk", 70, _("Towns"), "towns", right=READ, badge=towns.badge))
    menu.register(
        "cases.contacts",
        MenuEntry("desk", 75, _("First contacts"), "contacts", CONTACT, contacts.badge, "towns"),
    )
    desk_items.register(
        "cases.contacts",
        DeskItem(
            "cases-contacts", 12, _("First contacts to answer"), "cases/_desk_contacts.html", contacts.block,
            right=CONTACT,
        ),
    )  # fmt: skip
    menu.register("cases.needs", MenuEntry("desk", 78, _("Needs"), "needs", right=NEED, under="towns"))
    desk_items.register(
        "cases.needs",
        DeskItem("cases-needs", 28, _("Needs you see to"), "cases/_desk_needs.html", needs.block, right=NEED),
    )
    register_duty("cases.contacts.escalate", "10 8 * * 1-5", escalate_late)
    register_duty("cases.contacts.forget", "15 3 * * *", forget_tries)
    desk_items.register(
        "cases.due",
        DeskItem("cases-due", 10, _("Asked of us"), "cases/_desk_due.html", towns.due_block, right=GIVE),
    )
    desk_items.register(
        "cases.towns",
        DeskItem("cases-towns", 26, _("Not returned yet"), "cases/_desk_towns.html", towns.towns_block, right=READ),
    )
