"""How answers given at the table go along when two files of one person become one."""

from __future__ import annotations

from niangjia.people.merging.rules import How, MergeRule, register_rules


def register() -> None:
    """Offer the rule: what was said at the table stands; who reads it follows the merge."""
    register_rules(MergeRule("visits.visitanswer.subject_id", How.STAYS))
