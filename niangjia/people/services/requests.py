"""What people ask about what is kept of them: corrections and deletions, with a day by which they are answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts import phones
from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.files.services.store import store_upload
from niangjia.people import queries
from niangjia.people.identity import parse_identity_number
from niangjia.people.likeness import holds
from niangjia.people.models import Mandate, OwnAnswer, OwnRequest, Person
from niangjia.people.services import corrections
from niangjia.people.services.consents import acts_for
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.services.persons import agree_with_number

VERIFY = "people.fact:verify"
ANSWER_DAYS = 15
# Entries of the register that an answer puts right by itself; the rest an officer changes on the file.
COLUMNS = ("name", "id_number", "phone", "born_on", "sex")
_ON_REQUEST = _("Asked for by the person")
ENTRIES = (*COLUMNS, "jobs", "membership", "household", "facts", "other")


class EntryMissing(Refusal):
    """A correction is about something."""

    sentence = _("Please say which entry is wrong. Nothing was sent; what you filled in is kept.")


class WordsMissing(Refusal):
    """A correction says what should stand there."""

    sentence = _("Please write what should stand there. Nothing was sent; what you filled in is kept.")


class SignatureMissing(Refusal):
    """Nobody is deleted on an officer's word."""

    sentence = _("Please attach a photograph of the request with the person's signature. Nothing was sent.")


class AskedBefore(Refusal):
    """One open request about one entry."""

    sentence = _("You have asked this already; it waits for its answer. Nothing was sent twice.")


class AnsweredBefore(Refusal):
    """Somebody was faster."""

    sentence = _("A colleague has answered this already. Nothing was changed.")


class AnswerNeedsSentence(Refusal):
    """What is not done needs a reason."""

    sentence = _("Please write one sentence: why it stays as it is, and what the person can do.")


class ValueDoesNotFit(Refusal):
    """What the person wrote cannot stand in that entry."""

    sentence = _(
        "What the person wrote does not fit this entry. Nothing was changed. Send it back with one sentence, "
        "or change the file and answer that it was done by hand."
    )


class TelephoneByHimself(Refusal):
    """Whose telephone stands in the file logs in as the person: who acts for him does not choose it."""

    sentence = _(
        "A new telephone is asked for by the person himself, at the window or on his own page: with it he logs in. "
        "Nothing was changed."
    )


@transaction.atomic
def ask_correction(
    *, person_id: int, what: str, wanted: str, says: str, photograph: UploadedFile | None, request_id: str,
    acting_user: User,
) -> OwnRequest:  # fmt: skip
    """A person, or who acts for him, asks to put an entry right; an officer compares it with the paper."""
    if what not in ENTRIES:
        raise EntryMissing(field="what")
    if not wanted.strip():
        raise WordsMissing(field="wanted")
    return _ask("correct", person_id, request_id, acting_user, what=what, wanted=wanted, says=says, paper=photograph)


@transaction.atomic
def ask_erasure(*, person_id: int, says: str, request_id: str, acting_user: User) -> OwnRequest:
    """A person asks to delete what is kept of him; nobody asks it for another, nothing goes before a second look."""
    if acts_for(acting_user, person_id) is not None:
        raise NotFoundHere
    return _ask("erase", person_id, request_id, acting_user, says=says)


@transaction.atomic
def note_erasure(
    *, person_id: int, says: str, photograph: UploadedFile | None, request_id: str, acting_user: User
) -> OwnRequest:
    """Somebody without a telephone asks for deletion at the window: his signed request is kept, others answer it."""
    require(acting_user, VERIFY, queries.owner_of("person", person_id))
    not_his_own(acting_user, "person", person_id)
    if photograph is None:
        raise SignatureMissing(field="photograph")
    return _note("erase", person_id, request_id, acting_user, says=says, paper=photograph)


def _ask(
    kind: str, person_id: int, request_id: str, acting_user: User, *, what: str = "", wanted: str = "",
    says: str = "", paper: UploadedFile | None = None,
) -> OwnRequest:  # fmt: skip
    mandate = acts_for(acting_user, person_id)
    if mandate is not None and what == "phone":
        raise TelephoneByHimself(field="what")
    return _note(kind, person_id, request_id, acting_user, what, wanted, says, paper, mandate)


def _note(
    kind: str, person_id: int, request_id: str, acting_user: User, what: str = "", wanted: str = "",
    says: str = "", paper: UploadedFile | None = None, mandate: Mandate | None = None,
) -> OwnRequest:  # fmt: skip
    earlier = OwnRequest.objects.filter(request_id=request_id, asked_by=acting_user).first()
    if earlier is not None:
        return earlier
    person = Person.objects.select_for_update().get(pk=person_id)
    evidence = paper and store_upload(
        upload=paper, purpose=f"own.{kind}", object_kind="own-request", union_id=person.union_id,
        acting_user=acting_user,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row = OwnRequest.objects.create(
                person=person, union_id=person.union_id, kind=kind, what=what, wanted=wanted.strip()[:300],
                says=says.strip()[:600], evidence=evidence or None, mandate=mandate, asked_by=acting_user,
                asked_at=clock.now(), due_on=clock.today() + timedelta(days=ANSWER_DAYS), request_id=request_id,
            )  # fmt: skip
    except IntegrityError:
        raise AskedBefore from None
    audit.record(
        "people.request:ask", acting_user=acting_user, object_kind="person", object_id=person.pk,
        union_id=person.union_id, after={"kind": kind, "what": what, "due": row.due_on, "request": row.public_id},
    )  # fmt: skip
    return row


def open_request(public_id: str, kind: str) -> OwnRequest:
    """One request that waits, locked; `AnsweredBefore` when somebody was faster."""
    row = OwnRequest.objects.select_for_update().filter(public_id=public_id, kind=kind).first()
    if row is None:
        raise NotFoundHere
    if row.answered_at is not None:
        raise AnsweredBefore
    return row


@transaction.atomic
def answer_correction(*, public_id: str, verdict: str, note: str, acting_user: User) -> OwnAnswer:
    """Put the entry right as asked, say it was done by hand, or leave it with a reason."""
    row = open_request(public_id, "correct")
    require(acting_user, VERIFY, row.union_id)
    if row.asked_by_id == acting_user.pk:
        raise NotFoundHere
    not_his_own(acting_user, "person", row.person_id)
    if verdict == OwnAnswer.Verdict.RETURNED and not note.strip():
        raise AnswerNeedsSentence(field="note")
    if verdict == OwnAnswer.Verdict.DONE and row.what in COLUMNS:
        _put_right(row, acting_user)
    return write_answer(row, verdict, note, acting_user)


def write_answer(
    row: OwnRequest, verdict: str, note: str, acting_user: User, stays_until: date | None = None
) -> OwnAnswer:
    """The answer and the end of the request's clock, within the caller's transaction. System act."""
    answer = OwnAnswer.objects.create(
        request=row, verdict=verdict, note=note.strip()[:300], stays_until=stays_until, answered_by=acting_user,
        answered_at=clock.now(),
    )  # fmt: skip
    OwnRequest.objects.filter(pk=row.pk).update(answered_at=answer.answered_at)
    audit.record(
        "people.request:answer", acting_user=acting_user, object_kind="person", object_id=row.person_id,
        union_id=row.union_id, after={"request": row.public_id, "verdict": verdict}, reason=note,
    )  # fmt: skip
    return answer


def _put_right(row: OwnRequest, acting_user: User) -> None:
    if row.mandate_id is not None and row.what == "phone":  # asked for before this was refused
        raise TelephoneByHimself(field="note")
    person = Person.objects.select_for_update().get(pk=row.person_id)
    wanted = {"born_on": person.born_on, "sex": person.sex, **_columns(row.what, row.wanted)}
    if row.what in {"born_on", "sex"} and holds(person.id_number):
        agree_with_number(parse_identity_number(person.id_number), wanted["born_on"], wanted["sex"], "note")
    if any(getattr(person, column) != value for column, value in wanted.items()):  # else a colleague did it before
        corrections.write_correction(person=person, wanted=wanted, source=str(_ON_REQUEST), acting_user=acting_user)


def _columns(what: str, wanted: str) -> dict[str, Any]:
    """The columns that a corrected entry sets; a number tells birthday and sex too."""
    try:
        if what == "id_number":
            parsed = parse_identity_number(wanted)
            return {"id_number": parsed.number, "born_on": parsed.born_on, "sex": parsed.sex}
        if what == "phone":
            return {"phone": phones.normalise(wanted)}
        if what == "born_on":
            return {"born_on": date.fromisoformat(wanted.strip())}
    except ValueError:
        raise ValueDoesNotFit from None
    if what == "sex":
        words = {"female": "female", "male": "male", "女": "female", "男": "male"}
        if wanted.strip().lower() not in words:
            raise ValueDoesNotFit
        return {"sex": words[wanted.strip().lower()]}
    return {"name": wanted.strip()[:60]}
