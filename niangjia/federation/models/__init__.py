"""The rows of this room."""

from __future__ import annotations

from niangjia.federation.models.approval import Approval
from niangjia.federation.models.audit import AuditRow, AuditSeal, FeedMark
from niangjia.federation.models.grant import Grant, Officer
from niangjia.federation.models.union import Union, UnionClosure, UnionEdge

__all__ = ["Approval", "AuditRow", "AuditSeal", "FeedMark", "Grant", "Officer", "Union", "UnionClosure", "UnionEdge"]
