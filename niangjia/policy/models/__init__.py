"""The rows of this room."""

from __future__ import annotations

from niangjia.policy.models.decision import Decision, Standing, Sweep
from niangjia.policy.models.programme import Programme, ProgrammeVersion, Publication, Withdrawal
from niangjia.policy.models.returned import ReturnedRequest
from niangjia.policy.models.snapshot import Snapshot

__all__ = [
    "Decision", "Programme", "ProgrammeVersion", "Publication", "ReturnedRequest", "Snapshot", "Standing", "Sweep",
    "Withdrawal",
]  # fmt: skip
