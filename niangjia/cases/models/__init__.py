"""The models of this room, one file per aggregate."""

from __future__ import annotations

from niangjia.cases.models.assignment import Assignment, DueReturn, ReturnAnswer, ReturnSentBack

__all__ = ["Assignment", "DueReturn", "ReturnAnswer", "ReturnSentBack"]
