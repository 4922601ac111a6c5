"""Facts: recording, stating with a photograph, verifying against the paper."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock, crypto
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.facts import DOCUMENT, STATED, Fact, facts
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.files.services.store import store_upload
from niangjia.people import queries
from niangjia.people.models import RecordedFact, Statement, Verification
from niangjia.people.services.own_matters import OwnMatter, not_his_own
from niangjia.people.values import PROOF_NAMES, Value, from_text, to_text


class NotRecordable(Refusal):
    """The fact is derived from records; nobody types it."""

    sentence = _("This fact follows from records and cannot be typed in. Correct the record it comes from.")


class PhotographMissing(Refusal):
    """A paper is asked for."""

    sentence = _(
        "The photograph is missing. Please photograph the paper, or choose a picture. What you filled in is kept."
    )


class AlreadyVerified(Refusal):
    """Somebody was faster."""

    sentence = _("A colleague has already answered this one. Nothing was changed; here is the next.")


class AnswerMissing(Refusal):
    """Neither confirmed nor returned."""

    sentence = _("Please choose: confirm, or send back with one sentence. Nothing was changed.")


class ReturnNeedsSentence(Refusal):
    """A return without a reason helps nobody."""

    sentence = _("Please write one sentence: what is missing, and what the person should do.")


def sealed_value(subject_kind: str, subject_id: int, value: Value) -> str:
    """A value as it stands in the audit trail: sealed with the person's own key where there is one."""
    key = queries.seal_key(subject_kind, subject_id)
    return crypto.seal(to_text(value), bound_to=f"audit:{subject_kind}:{subject_id}", key=key)


@transaction.atomic
def record_fact(
    *,
    subject_kind: str,
    subject_id: int,
    code: str,
    value: Value,
    proof: int,
    true_on: date,
    source_zh: str,
    source_en: str,
    acting_user: User | None,
    statement: Statement | None = None,
) -> RecordedFact:
    """Record a fact with source, date and proof; a newer row stands over an older one, none is changed.

    Without an acting user it is a system act (an import that was approved, the seed).
    """
    fact = recordable(subject_kind, code)
    union_id = queries.owner_of(subject_kind, subject_id, hold=True)
    if acting_user is not None:
        require(acting_user, "people.fact:verify", union_id)
        not_his_own(acting_user, subject_kind, subject_id)
    row = _write(fact, subject_id, union_id, value, proof, true_on, source_zh, source_en, acting_user, statement)
    audit.record(
        "people.fact:record",
        acting_user=acting_user,
        object_kind=subject_kind,
        object_id=subject_id,
        union_id=union_id,
        after={
            "fact": code,
            "value": sealed_value(subject_kind, subject_id, value),
            "proof": PROOF_NAMES[proof],
            "on": true_on,
        },
    )
    return row


def recordable(subject_kind: str, code: str) -> Fact:
    """A registered fact that is kept as rows, or a refusal."""
    key = f"{subject_kind}.{code}"
    if key not in facts or not facts.get(key).recorded:
        raise NotRecordable
    return facts.get(key)


def _write(
    fact: Fact,
    subject_id: int,
    union_id: int,
    value: Value,
    proof: int,
    true_on: date,
    source_zh: str,
    source_en: str,
    acting_user: User | None,
    statement: Statement | None,
) -> RecordedFact:
    return RecordedFact.objects.create(
        subject_kind=fact.subject,
        subject_id=subject_id,
        union_id=union_id,
        code=fact.code,
        value=to_text(value),
        true_on=true_on,
        proof=proof,
        source_zh=source_zh,
        source_en=source_en,
        recorded_at=clock.now(),
        recorded_by=acting_user,
        statement=statement,
    )


@transaction.atomic
def _take_in(
    fact: Fact, subject_id: int, value: Value, photograph: UploadedFile | None, request_id: str, acting_user: User
) -> Statement:
    """The statement with its paper, both or neither."""
    union_id = queries.owner_of(fact.subject, subject_id, hold=True)
    evidence = photograph and store_upload(
        upload=photograph,
        purpose=f"{fact.subject}.{fact.code}",
        object_kind="statement",
        union_id=union_id,
        acting_user=acting_user,
    )
    return Statement.objects.create(
        subject_kind=fact.subject,
        subject_id=subject_id,
        union_id=union_id,
        code=fact.code,
        value=to_text(value),
        evidence=evidence or None,
        stated_by=acting_user,
        stated_at=clock.now(),
        request_id=request_id,
    )


@transaction.atomic
def state_fact(
    *,
    subject_kind: str,
    subject_id: int,
    code: str,
    value: Value,
    photograph: UploadedFile | None,
    request_id: str,
    acting_user: User,
) -> Statement:
    """A person states a fact about himself or his household; it counts once an officer confirms it.

    Sent twice with one request id, it is one statement. Raises `NotFoundHere` for anybody
    outside the person's own household.
    """
    existing = Statement.objects.filter(request_id=request_id, stated_by=acting_user).first()
    if existing:
        return existing
    if not queries.may_state_for(acting_user, subject_kind, subject_id):
        raise NotFoundHere
    fact = recordable(subject_kind, code)
    if photograph is None and fact.type == "bool":
        raise PhotographMissing(field="photograph")
    try:
        statement = _take_in(fact, subject_id, value, photograph, request_id, acting_user)
    except IntegrityError:
        # The same form sent twice at once: the other one won. Somebody else's request id is a stranger's.
        earlier = Statement.objects.filter(request_id=request_id, stated_by=acting_user).first()
        if earlier is None:
            raise NotFoundHere from None
        return earlier
    union_id = statement.union_id
    _write(
        fact,
        subject_id,
        union_id,
        value,
        STATED,
        clock.today(),
        "本人填写",
        "Stated by the person",
        acting_user,
        statement,
    )
    audit.record(
        "people.fact:state",
        acting_user=acting_user,
        object_kind=subject_kind,
        object_id=subject_id,
        union_id=union_id,
        after={"fact": code, "value": sealed_value(subject_kind, subject_id, value)},
    )
    return statement


def _take_back(fact: Fact, returned: Statement, acting_user: User) -> None:
    """A returned paper takes the person's own word back too; another one that still waits speaks instead."""
    waiting = queries.waiting_about(returned.subject_kind, returned.subject_id, returned.code).last()
    words = ("本人填写", "Stated by the person") if waiting else ("照片退回，等补", "Photograph returned")
    value = from_text(fact.type, waiting.value) if waiting else None
    _write(
        fact, returned.subject_id, returned.union_id, value, STATED, clock.today(), *words, acting_user,
        waiting or returned,
    )  # fmt: skip


@transaction.atomic
def verify_statement(*, public_id: str, verdict: str, note: str = "", acting_user: User) -> Verification:
    """Confirm a statement against its paper, or return it with one sentence."""
    statement = Statement.objects.select_for_update().filter(public_id=public_id).first()
    if statement is None:
        raise NotFoundHere
    require(acting_user, "people.fact:verify", statement.union_id)
    if verdict not in Verification.Verdict.values:
        raise AnswerMissing
    if statement.stated_by_id == acting_user.pk:
        raise OwnMatter
    not_his_own(acting_user, statement.subject_kind, statement.subject_id)
    if Verification.objects.filter(statement=statement).exists():
        raise AlreadyVerified
    if verdict == Verification.Verdict.RETURNED and not note.strip():
        raise ReturnNeedsSentence(field="note")
    verification = Verification.objects.create(
        statement=statement, verdict=verdict, note=note.strip()[:200], verified_by=acting_user, verified_at=clock.now()
    )
    fact = recordable(statement.subject_kind, statement.code)
    confirmed = verdict == Verification.Verdict.CONFIRMED
    if confirmed:
        _write(
            fact,
            statement.subject_id,
            statement.union_id,
            from_text(fact.type, statement.value),
            DOCUMENT,
            clock.today(),
            f"{acting_user.display_name}核验照片",
            f"Photograph checked by {acting_user.display_name}",
            acting_user,
            statement,
        )
    else:
        _take_back(fact, statement, acting_user)
    audit.record(
        "people.fact:confirm" if confirmed else "people.fact:return",
        acting_user=acting_user,
        object_kind=statement.subject_kind,
        object_id=statement.subject_id,
        union_id=statement.union_id,
        after={"fact": statement.code, "statement": statement.public_id},
        reason=note,
    )
    return verification
