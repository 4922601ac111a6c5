"""The rows of this room."""

from __future__ import annotations

from niangjia.policy.models.decision import Decision, Standing, Sweep
from niangjia.policy.models.programme import Programme, ProgrammeVersion, Publication, Withdrawal
from niangjia.policy.models.returned import ReturnedRequest

__all__ = [
    "Decision", "Programme", "ProgrammeVersion", "Publication", "ReturnedRequest", "Standing", "Sweep", "Withdrawal",
]  # fmt: skip
