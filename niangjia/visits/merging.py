"""How answers given at the table go along when two files of one person become one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from niangjia.people.merging.plan import Plan
from niangjia.people.merging.rules import How, MergeRule, register_rules


def register() -> None:
    """Offer the rule: the fact an answer became goes along, so the answer does."""
    register_rules(
        MergeRule("visits.visitanswer.subject_id", How.MOVES, _("Answers given at visits"), settle=_same_question)
    )


def _same_question(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    """Where one visit asked about both files, the answer about the one that stays is kept."""
    known = {(answer.visit_id, answer.code) for answer in staying}
    for answer in leaving:
        if (answer.visit_id, answer.code) in known:
            plan.aside(answer)
