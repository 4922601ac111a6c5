"""How what this room derived about a person goes along when two files become one."""

from __future__ import annotations

from niangjia.people.merging.rules import How, MergeRule, register_rules


def register() -> None:
    """Offer the rules: decisions are never changed; standings are decided anew for the file that stays."""
    register_rules(
        MergeRule("policy.decision.subject_id", How.STAYS),
        MergeRule("policy.standing.subject_id", How.ASIDE),
    )
