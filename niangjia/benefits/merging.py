"""How lists, holds, vouchers and earlier help go along when two files of one person become one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from niangjia.people.merging.plan import Plan
from niangjia.people.merging.rules import How, MergeRule, register_rules

_TWO_ROWS = _(
    "Both files stand on frozen lists of %(programme)s for %(period)s: that is one entitlement. "
    "Exclude one of the two rows with its reason first."
)
_TWO_VOUCHERS = _("Both files hold a live employment voucher. End one of the two first.")
_TWO_HOLDS = _("Both files are held back in one programme. Lift one of the two holds first.")


def register() -> None:
    """Offer the rules."""
    register_rules(
        # Frozen, or taken over from paper: never changed. Who counts them follows the merge.
        MergeRule("benefits.listrow.subject_id", How.STAYS, settle=_list_rows),
        MergeRule("benefits.pastserving.subject_id", How.STAYS),
        MergeRule("benefits.hold.subject_id", How.MOVES, _("Holds"), settle=_holds),
        # Places are given back by unions and employers.
        MergeRule("benefits.quotareturn.subject_id", How.ELSEWHERE),
        MergeRule("benefits.voucher.person_id", How.MOVES, _("Employment vouchers"), settle=_vouchers),
    )


def _list_rows(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    """A frozen row stands as it is, and counts for the file that stays: so it must not be there twice."""
    ours = {(row.programme_id, row.period) for row in staying if row.excluded_at is None}
    for row in leaving:
        if row.excluded_at is None and (row.programme_id, row.period) in ours:
            plan.block(_TWO_ROWS % {"programme": row.programme, "period": row.period})


def _holds(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    ours = {hold.version_id for hold in staying if hold.lifted_at is None}
    if any(hold.lifted_at is None and hold.version_id in ours for hold in leaving):
        plan.block(_TWO_HOLDS)


def _vouchers(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    if any(one.ended_on is None for one in leaving) and any(one.ended_on is None for one in staying):
        plan.block(_TWO_VOUCHERS)
