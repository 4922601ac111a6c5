"""Tasks handed down to the unions below: hand down, return, send back, withdraw."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.cases.models import Assignment, DueReturn, ReturnAnswer, ReturnSentBack
from niangjia.cases.permissions import GIVE, HAND_DOWN
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.queries import descendants
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.federation.services.tree import standing_below
from niangjia.files.services.store import media_type_of, store_roster, store_upload
from niangjia.people.rosters.kinds import roster_kinds
from niangjia.people.rosters.page import roster_of

State, Kind = DueReturn.State, ReturnAnswer.Kind


class NoUnionsBelow(Refusal):
    """Nobody to ask."""

    sentence = _("No union stands directly below yours in this tree. Nothing was handed down.")


class DayIsOver(Refusal):
    """Nobody can keep a day that is over."""

    sentence = _("This day is over. Nothing was changed. Choose today or a later day.")


class DueAfterOwnDay(Refusal):
    """What is handed on comes back before it is owed."""

    sentence = _("You owe the answer on %(day)s yourself. Nothing was handed down. Choose that day or an earlier one.")


class AnsweredAlready(Refusal):
    """Work that was done is not taken away."""

    sentence = _("A union has answered already, so the task stays. Nothing was changed.")


class NilNotAllowed(Refusal):
    """A nil return where a number was asked for."""

    sentence = _("A nil return is not accepted for this task. Nothing was returned. Please give what is asked.")


class WordsMissing(Refusal):
    """An empty answer is none."""

    sentence = _("Please write the answer. Nothing was returned yet.")


class RosterMissing(Refusal):
    """The task asks for a table."""

    sentence = _("Please choose the roster. Nothing was returned yet. If it is not entered yet, hand it in first.")


class SentenceMissing(Refusal):
    """Who must do it again reads why."""

    sentence = _("Please write in one sentence what is wrong and what to do. Nothing was sent back.")


class NotAtThisStep(Refusal):
    """Somebody was faster, or the page was old."""

    sentence = _("This return has gone on meanwhile. Nothing was changed; here is how it stands now.")


@transaction.atomic
def hand_down(
    *, union_id: int, title: str, request: str, due_on: date, request_id: str, acting_user: User,
    to_unions: Collection[int] = (), hierarchy: str = "place", roster_kind: str = "", nil_allowed: bool = False,
    attachment: UploadedFile[Any] | None = None, part_of: DueReturn | None = None, repeats: Assignment | None = None,
) -> Assignment:  # fmt: skip
    """Hand a task down to the unions directly below, all of them or the named ones; once for one request id."""
    require(acting_user, HAND_DOWN, union_id)
    earlier = Assignment.objects.filter(request_id=request_id, handed_down_by=acting_user).first()
    if earlier is not None:
        return earlier
    asked = _asked(union_id, hierarchy, to_unions)
    _check_day(due_on, union_id, part_of)
    if repeats is not None and repeats.union_id != union_id:
        raise NotFoundHere
    if roster_kind:
        roster_kinds.get(roster_kind)
    try:
        with transaction.atomic():
            assignment = Assignment.objects.create(
                union_id=union_id, title=title.strip()[:80], request=request.strip(), roster_kind=roster_kind,
                nil_allowed=nil_allowed, due_on=due_on, part_of=part_of, repeats=repeats, request_id=request_id,
                attachment=_kept(attachment, union_id, acting_user), handed_down_by=acting_user,
                handed_down_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise NotFoundHere from None  # somebody else's request id is a stranger's
    DueReturn.objects.bulk_create([DueReturn(assignment=assignment, union_id=pk, due_on=due_on) for pk in asked])
    _tell("assignment:hand_down", assignment, acting_user, {"title": assignment.title, "to": asked, "due": due_on})
    return assignment


def _asked(union_id: int, hierarchy: str, chosen: Collection[int]) -> list[int]:
    below = [union.pk for union in standing_below(union_id, hierarchy)]
    if not below:
        raise NoUnionsBelow
    if not set(chosen) <= set(below):
        raise NotFoundHere
    return [pk for pk in below if pk in chosen] if chosen else below


def _check_day(due_on: date, union_id: int, part_of: DueReturn | None) -> None:
    if due_on < clock.today():
        raise DayIsOver(field="due_on")
    if part_of is None:
        return
    if part_of.union_id != union_id:
        raise NotFoundHere
    if due_on > part_of.due_on >= clock.today():
        raise DueAfterOwnDay(DueAfterOwnDay.sentence % {"day": part_of.due_on.isoformat()}, field="due_on")


def _kept(upload: UploadedFile[Any] | None, union_id: int, acting_user: User) -> Any:
    """A paper or picture, or a table: told apart by the first bytes."""
    if upload is None:
        return None
    head = upload.read(16)
    upload.seek(0)
    if media_type_of(head) is None:
        return store_roster(upload=upload, object_kind="assignment", union_id=union_id, acting_user=acting_user)
    return store_upload(
        upload=upload, purpose="task", object_kind="assignment", union_id=union_id, acting_user=acting_user
    )


@transaction.atomic
def give_return(
    *, due_public_id: str, kind: str, acting_user: User, words: str = "", roster_public_id: str = "",
    file: UploadedFile[Any] | None = None,
) -> ReturnAnswer:  # fmt: skip
    """Return what was asked; whoever stands above the union enters it on its behalf, and that is recorded."""
    due = _locked(due_public_id)
    scope = require(acting_user, GIVE, due.union_id)
    on_behalf = due.union_id not in scope.roots
    _check_kind(due.assignment, kind, words)
    roster = None
    if kind == Kind.ROSTER:
        roster = _roster(due, roster_public_id, acting_user)
    _go_on(due, (State.DUE, State.SENT_BACK), State.RETURNED, answered=F("answered") + 1)
    due.refresh_from_db(fields=["answered"])
    answer = ReturnAnswer.objects.create(
        due_return=due, number=due.answered, kind=kind, words=words.strip(), roster=roster,
        file=_kept(file, due.union_id, acting_user), given_by=acting_user, given_at=clock.now(), on_behalf=on_behalf,
    )  # fmt: skip
    verb = "return:give_on_behalf" if on_behalf else "return:give"
    _tell_due(verb, due, acting_user, {"kind": kind, "number": answer.number})
    return answer


def _check_kind(assignment: Assignment, kind: str, words: str) -> None:
    if kind == Kind.NIL:
        if not assignment.nil_allowed:
            raise NilNotAllowed(field="kind")
        return
    if kind != (Kind.ROSTER if assignment.roster_kind else Kind.WORDS):
        raise NotFoundHere
    if kind == Kind.WORDS and not words.strip():
        raise WordsMissing(field="words")


def _roster(due: DueReturn, public_id: str, acting_user: User) -> Any:
    if not public_id:
        raise RosterMissing(field="roster")
    roster = roster_of(acting_user, public_id)
    fits = roster.kind == due.assignment.roster_kind and roster.state == "done"
    if not fits or not descendants(due.union_id).filter(descendant_id=roster.union_id).exists():
        raise NotFoundHere
    return roster


@transaction.atomic
def send_back(*, due_public_id: str, sentence: str, due_on: date, acting_user: User) -> ReturnSentBack:
    """Send an answer back with one sentence, and the day until which the next one is due."""
    due = _locked(due_public_id)
    require(acting_user, HAND_DOWN, due.assignment.union_id)
    if not sentence.strip():
        raise SentenceMissing(field="sentence")
    if due_on < clock.today():
        raise DayIsOver(field="due_on")
    _go_on(due, (State.RETURNED,), State.SENT_BACK, due_on=due_on)
    answer = due.answers.get(number=due.answered)
    row = ReturnSentBack.objects.create(
        answer=answer, sentence=sentence.strip()[:200], due_on=due_on, sent_by=acting_user, sent_at=clock.now()
    )
    _tell_due("return:send_back", due, acting_user, {"number": answer.number, "due": due_on}, row.sentence)
    return row


@transaction.atomic
def withdraw(*, public_id: str, acting_user: User) -> Assignment:
    """Take back a task that nobody has answered."""
    assignment = Assignment.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if assignment is None:
        raise NotFoundHere
    require(acting_user, HAND_DOWN, assignment.union_id)
    if assignment.returns.filter(answered__gt=0).exists():
        raise AnsweredAlready
    open_rows = Assignment.objects.filter(pk=assignment.pk, withdrawn_at__isnull=True)
    if not open_rows.update(withdrawn_at=clock.now(), withdrawn_by=acting_user):
        raise NotAtThisStep
    _tell("assignment:withdraw", assignment, acting_user, {"title": assignment.title})
    return assignment


def _locked(due_public_id: str) -> DueReturn:
    found = DueReturn.objects.filter(public_id=due_public_id).values_list("assignment_id", flat=True).first()
    # The task is locked, so that it is not withdrawn while somebody answers it.
    open_rows = Assignment.objects.select_for_update(of=("self",)).filter(withdrawn_at__isnull=True)
    if found is None or open_rows.filter(pk=found).first() is None:
        raise NotFoundHere
    return DueReturn.objects.select_related("assignment").get(public_id=due_public_id)


def _go_on(due: DueReturn, allowed: tuple[str, ...], state: str, **fields: Any) -> None:
    # One statement on the old state: of two buttons pressed at once one finds it gone.
    if not DueReturn.objects.filter(pk=due.pk, state__in=allowed).update(state=state, **fields):
        raise NotAtThisStep


def _tell(verb: str, assignment: Assignment, acting_user: User, after: dict[str, Any]) -> None:
    audit.record(
        f"cases.{verb}", acting_user=acting_user, object_kind="assignment", object_id=assignment.pk,
        union_id=assignment.union_id, after=after,
    )  # fmt: skip


def _tell_due(verb: str, due: DueReturn, acting_user: User, after: dict[str, Any], reason: str = "") -> None:
    audit.record(
        f"cases.{verb}", acting_user=acting_user, object_kind="due_return", object_id=due.pk, union_id=due.union_id,
        after={"assignment": due.assignment.public_id, **after}, reason=reason,
    )  # fmt: skip
