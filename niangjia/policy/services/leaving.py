"""When a subject's record is taken back as made by mistake, what this room derived about it goes or stays."""

from __future__ import annotations

from collections.abc import Collection

from niangjia.policy.models import Standing


def forget_standings(subject_kind: str, ids: Collection[int]) -> None:
    """Nobody stands anywhere who does not exist. System act."""
    Standing.objects.filter(subject_kind=subject_kind, subject_id__in=list(ids)).delete()


def keep_decisions(subject_kind: str, ids: Collection[int]) -> None:
    """Decisions are added and never changed: they stay, and hold nobody's record."""
