"""What waits for an officer's answer, as the queue, the first page and the statement's page show it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.facts import STATED, facts
from niangjia.federation.scopes import Scope, scope_of
from niangjia.people.models import Statement
from niangjia.people.pairs import PairLine, line_of, open_pairs_of
from niangjia.people.queries import SubjectCard, members_of, subject_cards, waiting_statements
from niangjia.people.recorded import standing_facts
from niangjia.people.shown import PROOFS, label_of, value_text
from niangjia.people.values import from_text

FIRST_PAGE_ROWS = 8


@dataclass(frozen=True)
class WaitingRow:
    """One statement that waits."""

    public_id: str
    label: str
    value: str
    name: str
    head_name: str
    union_name: str
    stated_by: str
    stated_at: datetime
    has_photo: bool
    subject_kind: str
    subject_public_id: str


@dataclass(frozen=True)
class Compared:
    """A statement beside its photograph and what was known before."""

    row: WaitingRow
    photo: str  # the file's public id, empty without one
    is_image: bool
    old: str
    old_source: str
    old_proof: Any
    old_on: date | None


def waiting_rows(statements: Collection[Statement]) -> list[WaitingRow]:
    """Statements found in scope, as rows; a fixed number of queries."""
    cards: dict[tuple[str, int], SubjectCard] = {}
    for kind in {statement.subject_kind for statement in statements}:
        ids = {s.subject_id for s in statements if s.subject_kind == kind}
        for pk, card in subject_cards(kind, ids, today=clock.today()).items():
            cards[kind, pk] = card
    return [_row(statement, cards[statement.subject_kind, statement.subject_id]) for statement in statements]


def _row(statement: Statement, card: SubjectCard) -> WaitingRow:
    fact = facts.get(f"{statement.subject_kind}.{statement.code}")
    return WaitingRow(
        public_id=statement.public_id,
        label=label_of(fact),
        value=value_text(fact, from_text(fact.type, statement.value)),
        name=card.name,
        head_name=card.head_name,
        union_name=card.union_name,
        stated_by=statement.stated_by.display_name,
        stated_at=statement.stated_at,
        has_photo=statement.evidence_id is not None,
        subject_kind=statement.subject_kind,
        subject_public_id=card.public_id,
    )


def compared(statement: Statement) -> Compared:
    """One statement with what was proved before it."""
    fact = facts.get(f"{statement.subject_kind}.{statement.code}")
    before = (
        standing_facts()
        .filter(
            subject_kind=statement.subject_kind, subject_id=statement.subject_id, code=statement.code, proof__gt=STATED
        )
        .exclude(statement=statement)
        .order_by("-id")
        .first()
    )
    chinese = label_of(fact) == fact.zh
    return Compared(
        row=waiting_rows([statement])[0],
        photo=statement.evidence.public_id if statement.evidence else "",
        is_image=bool(statement.evidence and statement.evidence.media_type.startswith("image/")),
        old=value_text(fact, from_text(fact.type, before.value)) if before else "",
        old_source=(before.source_zh if chinese else before.source_en) if before else "",
        old_proof=PROOFS.get(before.proof, "") if before else "",
        old_on=before.true_on if before else None,
    )


def alike_to(statement: Statement, scope: Scope) -> list[PairLine]:
    """Files that may be of the person of a statement, or of a member of its household; only where both are in scope."""
    ids = [statement.subject_id]
    if statement.subject_kind == "household":
        ids = list(members_of(ids).values_list("person_id", flat=True))
    elif statement.subject_kind != "person":
        return []
    return [line_of(pair, first=next(pk for pk in (pair.person_id, pair.other_id) if pk in ids))
            for pair in open_pairs_of(scope, ids)]  # fmt: skip


def desk_block(request: HttpRequest) -> dict[str, Any]:
    """The oldest statements that wait, for the officer's first page."""
    waiting = waiting_statements(scope_of(request.user, "people.fact:verify"))
    rows = waiting_rows(list(waiting[:FIRST_PAGE_ROWS]))
    return {
        "rows": rows,
        "count": waiting.count() if rows else 0,
        "unit": "fact",
        "all_url": reverse("verify_queue"),
    }


def waiting_count(request: HttpRequest) -> int | None:
    """How many wait, for the menu."""
    return waiting_statements(scope_of(request.user, "people.fact:verify")).count() or None
