"""This room's rights, audit actions and menu entry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.core.areas import UNDER_THE_NAME, MenuEntry, menu
from niangjia.federation.actions import AuditAction, register_actions
from niangjia.federation.rights import Right, register_rights

READ, CONCLUDE = "providers.provider:read", "providers.contract:conclude"


def register() -> None:
    """Offer them."""
    register_rights(
        Right(READ, _("See providers and their contracts")),
        Right(CONCLUDE, _("Register providers, conclude and end contracts")),
    )
    register_actions(
        AuditAction("providers.provider:register", _("registered a provider")),
        AuditAction("providers.contract:conclude", _("concluded a contract with a provider")),
        AuditAction("providers.contract:end", _("ended a contract with a provider")),
    )
    # A contract is concluded a few times a year: behind the name, beside who may do what.
    entry = MenuEntry("desk", 86, _("Providers"), "provider_list", right=READ, under=UNDER_THE_NAME)
    menu.register("providers.list", entry)
