"""Why this room keeps each of its fields."""

from __future__ import annotations

from niangjia.core.inventory import Entry, Ground, RoomInventory, Sensitivity

_TRAIL = "thirty years with the union's archive; sealed values end with the person's key"
_OFFICE = "three years after the post ends"


def _who(purpose: str, retention: str = _OFFICE) -> Entry:
    return Entry(purpose, Ground.LEGAL_DUTY, Sensitivity.PERSONAL, retention)


INVENTORY: RoomInventory = {
    "Union": {
        "id": Entry("key of the row"),
        "public_id": Entry("the union in addresses"),
        "code": Entry("the union in files and imports", sensitivity=Sensitivity.PUBLIC),
        "name": Entry("its name", sensitivity=Sensitivity.PUBLIC),
        "name_en": Entry("its name in English", sensitivity=Sensitivity.PUBLIC),
        "kind": Entry("what kind of union it is", sensitivity=Sensitivity.PUBLIC),
        "level": Entry("its level", sensitivity=Sensitivity.PUBLIC),
        "telephone": Entry("the number to call", sensitivity=Sensitivity.PUBLIC),
        "founded_on": Entry("since when it exists", sensitivity=Sensitivity.PUBLIC),
        "ended_on": Entry("until when it existed", sensitivity=Sensitivity.PUBLIC),
    },
    "UnionEdge": {
        "id": Entry("key of the row"),
        "child": Entry("the union placed"),
        "parent": Entry("the union it stands under"),
        "hierarchy": Entry("by place or by industry"),
        "valid_from": Entry("figures of a date use the tree of that date"),
        "valid_to": Entry("figures of a date use the tree of that date"),
    },
    "TreeChange": {
        "id": Entry("key of the row"),
        "public_id": Entry("the change in addresses"),
        "kind": Entry("founded, moved, merged or split"),
        "hierarchy": Entry("by place or by industry"),
        "union": Entry("which union"),
        "target": Entry("where it moves to, or what it becomes part of"),
        "on": Entry("from which day"),
        "document": Entry("the document it stands on", sensitivity=Sensitivity.PUBLIC),
        "details": Entry("the new union, and which go along"),
        "proposed_by": _who("who proposed it", _TRAIL),
        "proposed_at": _who("when", _TRAIL),
        "done_at": Entry("when it was confirmed and done"),
    },
    "UnionClosure": {
        "id": Entry("key of the row", retention="rebuilt each day"),
        "ancestor": Entry("rights reach all below", retention="rebuilt each day"),
        "descendant": Entry("rights reach all below", retention="rebuilt each day"),
        "hierarchy": Entry("by place or by industry", retention="rebuilt each day"),
        "depth": Entry("how far below", retention="rebuilt each day"),
    },
    "Officer": {
        "id": Entry("key of the row"),
        "user": _who("who holds the post"),
        "union": Entry("where the post is"),
        "post": _who("stands under the name on pages and papers"),
        "telephone": _who("the desk number people call"),
        "valid_from": _who("since when"),
        "valid_to": _who("until when"),
    },
    "Grant": {
        "id": Entry("key of the row"),
        "user": _who("who may"),
        "role": _who("may what"),
        "scope_kind": Entry("where: a union and below, an employer, oneself, the system"),
        "union": Entry("where"),
        "scope_id": _who("which employer or person"),
        "valid_from": _who("since when"),
        "expires_at": _who("no right is for ever"),
        "granted_by": _who("who gave it"),
        "revoked_at": _who("when it was taken back"),
        "stands_in_for": _who("whose role a deputy holds while he is away"),
    },
    "Approval": {
        "id": Entry("key of the row"),
        "public_id": Entry("the request in addresses"),
        "kind": Entry("what is confirmed"),
        "object_id": Entry("which one"),
        "digest": Entry("exactly what stood there when it was asked for"),
        "union": Entry("whose matter it is"),
        "asked_by": _who("who asked", _TRAIL),
        "asked_at": _who("when", _TRAIL),
        "decided_by": _who("the second person", _TRAIL),
        "decided_at": _who("when", _TRAIL),
        "verdict": _who("confirmed or returned", _TRAIL),
        "note": _who("why it was returned", _TRAIL),
    },
    "LookTask": {
        "id": Entry("key of the row"),
        "public_id": Entry("the task in addresses"),
        "user": _who("who looks"),
        "reason": _who("why, for the person who was looked at"),
        "most": Entry("at most so many households"),
        "used": Entry("so many were looked at"),
        "opened_at": _who("since when"),
        "expires_at": _who("until when"),
        "closed_at": _who("when it was ended early"),
    },
    "LookTaskSubject": {
        "id": Entry("key of the row"),
        "task": Entry("within which task"),
        "subject_kind": Entry("looking again uses up nothing"),
        "subject_id": _who("looking again uses up nothing"),
    },
    "LookDay": {
        "id": Entry("key of the row"),
        "user": _who("who looks"),
        "day": _who("on which day"),
        "used": Entry("how many, against the measure of a day"),
    },
    "AuditRow": {
        "id": Entry("key of the row", retention=_TRAIL),
        "at": _who("when it was done", _TRAIL),
        "actor": _who("who did it", _TRAIL),
        "action": Entry("what was done", retention=_TRAIL),
        "object_kind": Entry("to what kind of thing", retention=_TRAIL),
        "object_id": _who("to which", _TRAIL),
        "union_id": Entry("whose matter it is", retention=_TRAIL),
        "before": _who("what stood there before; personal values sealed", _TRAIL),
        "after": _who("what stands there since; personal values sealed", _TRAIL),
        "reason": _who("the reason given for a look or a correction", _TRAIL),
    },
    "AuditSeal": {
        "chain_no": Entry("the row's place in the chain", retention=_TRAIL),
        "row": Entry("the row sealed", retention=_TRAIL),
        "digest": Entry("binds the row to all before it", retention=_TRAIL),
    },
    "FeedMark": {
        "reader": Entry("which reader of the change feed"),
        "chain_no": Entry("how far it has read"),
    },
}
