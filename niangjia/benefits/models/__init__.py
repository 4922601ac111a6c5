"""The rows of this room."""

from __future__ import annotations

from niangjia.benefits.models.answer import AnswerDay
from niangjia.benefits.models.draw import Draw, DrawSeed, ListPlaces
from niangjia.benefits.models.frozen_list import (
    FrozenList,
    ListCancellation,
    ListConfirmation,
    ListReturn,
    ListRow,
    PublicNotice,
    Release,
)
from niangjia.benefits.models.hold import Hold
from niangjia.benefits.models.quota import QuotaReallotment, QuotaReturn
from niangjia.benefits.models.received import Received
from niangjia.benefits.models.serving import PastServing, Serving, ServingEnd
from niangjia.benefits.models.voucher import Voucher

__all__ = [
    "AnswerDay", "Draw", "DrawSeed", "FrozenList", "Hold", "ListCancellation", "ListConfirmation", "ListPlaces",
    "ListReturn", "ListRow", "PastServing", "PublicNotice", "QuotaReallotment", "QuotaReturn",
    "Received", "Release", "Serving", "ServingEnd", "Voucher",
]  # fmt: skip
