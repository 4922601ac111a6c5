"""What kinds of providers there are, and how a contract stands, in words of the page's language."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as say, gettext_lazy as _

from niangjia.federation.listing.kinds import State
from niangjia.providers.models import Contract

KINDS = {
    "law": _("Law firm"), "school": _("School"), "clinic": _("Clinic or hospital"), "insurer": _("Insurer"),
    "social": _("Social organisation"), "other": _("Another body"),
}  # fmt: skip


def contract_state(contract: Contract, today: date) -> State:
    """Running, not begun, over by its dates, or ended before them."""
    if hasattr(contract, "ending"):
        return State("no", _("ended early"))
    if contract.valid_to < today:
        return State("no", _("expired"))
    if contract.valid_from > today:
        return State("go", _("not begun"))
    return State("yes", _("running"))


def last_contract_state(last: date | None, runs: bool, today: date) -> State:
    """How the contracts of one provider stand together."""
    if runs:
        return State("yes", say("running"))
    if last is None:
        return State("ask", say("none yet"))
    return State("no", say("expired")) if last < today else State("no", say("not running"))
