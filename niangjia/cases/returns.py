"""One union's return as its page shows it; the union that asks and the one that answers see the same."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from niangjia.accounts.models import User
from niangjia.cases.models import DueReturn, ReturnAnswer
from niangjia.cases.permissions import GIVE, HAND_DOWN, READ
from niangjia.core.errors import NotFoundHere
from niangjia.federation.queries import descendants
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import audit
from niangjia.federation.services.tree import standing_below
from niangjia.files.queries import FileCard, file_cards
from niangjia.people.rosters.page import rosters_in

ROSTERS_SHOWN = 30


def answers_of(due: DueReturn) -> list[ReturnAnswer]:
    """What was answered, the newest first, each with why it was sent back."""
    rows = due.answers.select_related("given_by", "roster", "file", "sent_back__sent_by")
    return list(rows.order_by("-number"))


def is_own(user: User, due: DueReturn) -> bool:
    """Whether somebody answers for his own union, not on behalf of one below."""
    return due.union_id in scope_of(user, GIVE).roots


def sees_task(user: User, due: DueReturn) -> bool:
    """Whether somebody sees the task whole, with what the other unions returned."""
    return scope_of(user, READ).reaches_union(due.assignment.union_id)


def may_hand_on(user: User, due: DueReturn) -> bool:
    """Whether this union can ask the unions below it for the same."""
    own = due.union_id in scope_of(user, HAND_DOWN).roots
    return own and bool(standing_below(due.union_id, "place"))


def roster_choices(user: User, due: DueReturn) -> list[tuple[str, str]]:
    """Entered rosters of the kind asked for, of this union or one below it, newest first."""
    if not due.assignment.roster_kind:
        return []
    rows = rosters_in(user).filter(kind=due.assignment.roster_kind, state="done")
    rows = rows.filter(union_id__in=descendants(due.union_id))[:ROSTERS_SHOWN]
    return [(row.public_id, f"{row.file_name or row.source} · {row.true_on:%Y-%m-%d}") for row in rows]


@transaction.atomic
def opened_file(*, due: DueReturn, number: int, acting_user: User) -> FileCard:
    """The paper of one answer, after the opening was written down."""
    answer: Any = due.answers.filter(number=number, file__isnull=False).first()
    if answer is None:
        raise NotFoundHere
    audit.record(
        "cases.return:open_file", acting_user=acting_user, object_kind="due_return", object_id=due.pk,
        union_id=due.union_id, after={"number": number},
    )  # fmt: skip
    return file_cards([answer.file_id])[answer.file_id]
