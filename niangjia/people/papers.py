"""Whose paper a file is: of a statement about somebody, or of a register that was complete."""

from __future__ import annotations

from dataclasses import dataclass

from niangjia.core.errors import NotFoundHere
from niangjia.federation.scopes import Scope
from niangjia.people.models import Coverage, Statement


@dataclass(frozen=True)
class Paper:
    """A file with what it belongs to."""

    file_id: int
    object_kind: str
    object_id: int
    union_id: int
    named: dict[str, str]


def paper_of(scope: Scope, file_public_id: str) -> Paper:
    """The paper of a statement or register in scope, or `NotFoundHere`."""
    row = Statement.objects.filter(scope.unions(), evidence__public_id=file_public_id).first()
    if row is not None and row.evidence_id is not None:
        named = {"statement": row.public_id}
        return Paper(row.evidence_id, row.subject_kind, row.subject_id, row.union_id, named)
    said = Coverage.objects.filter(scope.unions(), evidence__public_id=file_public_id).first()
    if said is None or said.evidence_id is None:
        raise NotFoundHere
    return Paper(said.evidence_id, "union", said.union_id, said.union_id, {"register": said.register})
