"""The models of this room, one file per aggregate."""

from __future__ import annotations

from niangjia.cases.models.assignment import Assignment, DueReturn, ReturnAnswer, ReturnSentBack
from niangjia.cases.models.contact import ContactStep, FirstContact, ProgressTries
from niangjia.cases.models.need import GiftLine, Need, Quote, Stay, Wish

__all__ = [
    "Assignment",
    "ContactStep",
    "DueReturn",
    "FirstContact",
    "GiftLine",
    "Need",
    "ProgressTries",
    "Quote",
    "ReturnAnswer",
    "ReturnSentBack",
    "Stay",
    "Wish",
]
