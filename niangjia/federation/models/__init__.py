"""The rows of this room."""

from __future__ import annotations

from niangjia.federation.models.approval import Approval
from niangjia.federation.models.audit import AuditRow, AuditSeal, AuditWaiting, ChainWalk, FeedMark
from niangjia.federation.models.change import TreeChange
from niangjia.federation.models.export import Export, ExportDay, SavedList
from niangjia.federation.models.grant import Grant, Officer
from niangjia.federation.models.look import LookDay, LookTask, LookTaskSubject
from niangjia.federation.models.union import Union, UnionClosure, UnionEdge, standing

__all__ = [
    "Approval", "AuditRow", "AuditSeal", "AuditWaiting", "ChainWalk", "Export", "ExportDay", "FeedMark", "Grant",
    "LookDay", "LookTask", "LookTaskSubject", "Officer", "SavedList", "TreeChange", "Union", "UnionClosure",
    "UnionEdge", "standing",
]  # fmt: skip
