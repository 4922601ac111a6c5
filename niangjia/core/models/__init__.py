"""The rows of this room."""

from __future__ import annotations

from niangjia.core.models.duty import DutyRun

__all__ = ["DutyRun"]
