"""What the page of one decision shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.engines.rules import Difference, FactLine, Sentence
from niangjia.engines.rules.model import Clause
from niangjia.federation.queries import unions_in
from niangjia.federation.scopes import Scope
from niangjia.federation.services import audit
from niangjia.people.addresses import answer_address, file_address
from niangjia.people.queries import SubjectCard, households_of, subject_cards
from niangjia.policy.explaining import Explained, explanation, replay
from niangjia.policy.models import Standing
from niangjia.policy.readiness import language_code
from niangjia.policy.standings import StandingRow, rows_of

STATUS = {
    "yes": "yes", "one_missing": "ask", "confirm": "verify", "near": "near", "no_longer": "ended",
    "more_missing": "ask", "no": "no",
}  # fmt: skip


@dataclass(frozen=True)
class FactHere:
    """One fact behind a condition, and where an officer answers it while it is missing."""

    line: FactLine
    answer_url: str = ""
    paper_waits: bool = False


@dataclass(frozen=True)
class ConditionLine:
    """One condition in words, with the facts behind it."""

    mark: str
    text: str
    facts: tuple[FactHere, ...]
    threshold: str
    clause: Clause | None
    clause_words: str


@dataclass(frozen=True)
class DecisionPage:
    """One decision, opened."""

    found: Explained
    name: str
    subject: SubjectCard
    conditions: list[ConditionLine]
    status: str
    is_current: bool
    standing: StandingRow | None
    files: Mapping[str, str]  # kind of record -> its file
    differences: list[Difference] | None = None

    @property
    def change_on(self) -> date | None:
        """The day it may change by itself."""
        return self.standing.next_change_on if self.standing is not None else None


@transaction.atomic
def open_decision(scope: Scope, public_id: str, *, acting_user: User) -> DecisionPage:
    """Open a decision in scope; the look stands in the trail, under the subject it is about."""
    page = _page(scope, public_id)
    audit.record(
        "policy.decision:look", acting_user=acting_user, object_kind=page.found.subject_kind,
        object_id=page.found.subject_id, union_id=page.found.union_id, after={"decision": public_id},
    )  # fmt: skip
    return page


def replay_page(scope: Scope, public_id: str) -> DecisionPage:
    """A decision in scope, played again."""
    page = _page(scope, public_id)
    found = replay(page.found.id)
    return DecisionPage(
        page.found,
        page.name,
        page.subject,
        page.conditions,
        page.status,
        page.is_current,
        page.standing,
        page.files,
        found,
    )


def _page(scope: Scope, public_id: str) -> DecisionPage:
    language = language_code()
    found = explanation(public_id, scope, language)
    kind, pk = found.subject_kind, found.subject_id
    subject = subject_cards(kind, [pk], today=clock.today())[pk]
    kept = rows_of(Q(version_id=found.card.id, subject_kind=kind, subject_id=pk) & scope.unions())
    standing = next(iter(kept), None)
    current = standing is not None and standing.decision_id == found.id
    tab = standing.tab if standing is not None and current else _tab(found)
    records = _records(subject, scope)
    lines = [_line(sentence, language, records) for sentence in found.explanation.sentences]
    files = {kind: file_address(kind, public_id) for kind, (_pk, public_id) in records.items() if kind != "union"}
    return DecisionPage(found, subject.name, subject, lines, STATUS[tab], current, standing, files)


Records = Mapping[str, tuple[int, str]]


def _records(subject: SubjectCard, scope: Scope) -> Records:
    """The records a decision's facts stand at, by kind: the subject's own, and a person's household."""
    found = {subject.kind: (subject.id, subject.public_id or _union_address(subject.id, scope))}
    home = households_of([subject.id]).get(subject.id) if subject.kind == "person" else None
    if home is not None:
        found["household"] = (home.pk, home.public_id)
    return found


def _tab(found: Explained) -> str:
    if found.explanation.outcome == "yes":
        return Standing.Tab.YES
    if found.explanation.outcome == "unknown":
        return Standing.Tab.CONFIRM if found.explanation.if_confirmed else Standing.Tab.ONE_MISSING
    return Standing.Tab.NEAR if found.explanation.near_miss else Standing.Tab.NO


def _union_address(union_id: int, scope: Scope) -> str:
    return str(unions_in(scope).values_list("public_id", flat=True).get(pk=union_id))


def _here(line: FactLine, sentence: Sentence, records: Records) -> FactHere:
    kind, _dot, code = line.code.rpartition(".")
    owner = kind or next(iter(records))
    if sentence.mark != "ask" or not line.reason_text or owner not in records:
        return FactHere(line)
    return FactHere(line, *answer_address(owner, *records[owner], code))


def _line(sentence: Sentence, language: str, records: Records) -> ConditionLine:
    clause = sentence.clause
    words = "" if clause is None else (clause.zh if language == "zh" else clause.en)
    facts = tuple(_here(line, sentence, records) for line in sentence.facts)
    return ConditionLine(sentence.mark, sentence.text, facts, sentence.threshold_text, clause, words)
