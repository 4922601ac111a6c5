"""Survey forms that leave the desk on an officer's device, and what comes back from the household's table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from niangjia.accounts.models import User
from niangjia.core.errors import Refusal
from niangjia.core.ids import new_public_id
from niangjia.federation.scopes import require, scope_of
from niangjia.federation.services import audit
from niangjia.people import queries as people
from niangjia.people.services.households import locked
from niangjia.people.services.own_matters import not_his_own
from niangjia.visits import queries
from niangjia.visits.models import HomeVisit
from niangjia.visits.permissions import RECORD
from niangjia.visits.services.visits import Table, record_visit

# A lost device tells about so many households at most, and for so long.
MOST_TAKEN = 20
KEPT = timedelta(days=7)
_SALT = "niangjia.visits.away"


class TooManyTaken(Refusal):
    """A device carries few households, so that losing it is no disaster."""

    sentence = _("At most 20 households go along on one device. Nothing was taken; choose fewer.")


class NobodyChosen(Refusal):
    """Something must be chosen."""

    sentence = _("Choose at least one household to take along.")


class HouseholdClosed(Refusal):
    """What was left has no table to sit at."""

    sentence = _(
        "This household is closed by now: its members left, or joined another one. Nothing was recorded; your answers "
        "are kept. Copy them out as text, and look in the register where these people live now."
    )


class FormUnreadable(Refusal):
    """What came back is no form that this house handed out."""

    sentence = _(
        "This form was not handed out here, or was changed on its way. Nothing was recorded; your answers are kept. "
        "Copy them out as text."
    )


class TakenByAnother(Refusal):
    """Who asked at the table is who records it."""

    sentence = _(
        "Another account took this form along. Nothing was recorded; your answers are kept. Log in as whoever took it."
    )


class MeanwhileChanged(Refusal):
    """Something happened since the form was taken along: the officer is told before anything is recorded."""

    def __init__(self, happened: Meanwhile) -> None:
        super().__init__(" ".join(happened.sentences))
        self.happened = happened


@dataclass(frozen=True)
class Ticket:
    """What a form carries of its taking: signed by this installation, opaque to the device."""

    household: str
    user: str
    request_id: str
    newest_visit: int
    file: int

    def to_text(self) -> str:
        """Signed, for the device to keep and to send back."""
        return signing.dumps([self.household, self.user, self.request_id, self.newest_visit, self.file], salt=_SALT)


def read_ticket(text: str) -> Ticket:
    """A ticket of ours, or `FormUnreadable`."""
    try:
        return Ticket(*signing.loads(text, salt=_SALT))
    except (signing.BadSignature, TypeError, ValueError) as broken:
        raise FormUnreadable from broken


@dataclass(frozen=True)
class Taken:
    """One household's form, taken along."""

    household: Any
    ticket: str


@dataclass(frozen=True)
class Meanwhile:
    """What happened to a household since its form was taken along."""

    sentences: tuple[str, ...] = ()
    word: str = ""  # which happenings these are: whoever answers says that he was told of exactly them


@transaction.atomic
def take_along(*, public_ids: Collection[str], acting_user: User) -> list[Taken]:
    """Hand out the survey forms of some households; that each left the desk is written down as a look."""
    wanted = list(dict.fromkeys(public_ids))
    if not wanted:
        raise NobodyChosen
    if len(wanted) > MOST_TAKEN:
        raise TooManyTaken
    scope = scope_of(acting_user, RECORD)
    return [_take(people.household_by_public_id(scope, one), acting_user) for one in wanted]


def _take(household: Any, acting_user: User) -> Taken:
    require(acting_user, RECORD, household.union_id)
    not_his_own(acting_user, "household", household.pk)
    if household.closed_on is not None:
        raise HouseholdClosed
    audit.record(
        "visits.form:take", acting_user=acting_user, object_kind="household", object_id=household.pk,
        union_id=household.union_id,
    )  # fmt: skip
    newest = queries.visits_of([household.pk]).order_by("-pk").first()
    ticket = Ticket(
        household.public_id, acting_user.public_id, new_public_id(), newest.pk if newest else 0, _file_of(household.pk)
    )
    return Taken(household, ticket.to_text())


@transaction.atomic
def bring_back(
    *, ticket: Ticket, table: Table, photos: Collection[UploadedFile], told: str, acting_user: User
) -> HomeVisit:
    """Record what was answered away from the desk: once, and over nothing the officer has not been told of."""
    household = _household_of(ticket, acting_user)
    earlier = recorded_already(ticket=ticket, acting_user=acting_user)
    if earlier is not None:
        return earlier
    if household.closed_on is not None:
        raise HouseholdClosed
    happened = _meanwhile(household.pk, ticket)
    if happened.word != told:
        raise MeanwhileChanged(happened)
    return record_visit(
        household_id=household.pk, table=table, photos=photos, request_id=ticket.request_id, acting_user=acting_user
    )


def _household_of(ticket: Ticket, acting_user: User) -> Any:
    """The household of a form, locked: two who come back at once are told of each other."""
    found = people.household_by_public_id(scope_of(acting_user, RECORD), ticket.household)
    household = locked(found.pk)
    require(acting_user, RECORD, household.union_id)
    if ticket.user != acting_user.public_id:
        raise TakenByAnother
    return household


def recorded_already(*, ticket: Ticket, acting_user: User) -> HomeVisit | None:
    """The visit that a form became, where its answer was lost on the way back."""
    return HomeVisit.objects.filter(request_id=ticket.request_id, recorded_by=acting_user).first()


def _file_of(household_id: int) -> int:
    file = queries.open_file(household_id)
    return 0 if file is None else int(file.pk)


def _meanwhile(household_id: int, ticket: Ticket) -> Meanwhile:
    visits = list(queries.visits_of([household_id]).filter(pk__gt=ticket.newest_visit).order_by("pk"))
    file = _file_of(household_id)
    sentences: list[str | Promise] = [_other_visit(one) for one in visits]
    if file != ticket.file:
        sentences.append(
            gettext("Its file of difficulty was closed.") if file == 0 else gettext("A file of difficulty was opened.")
        )
    if not sentences:
        return Meanwhile()
    seen = [str(one.pk) for one in visits]
    return Meanwhile(tuple(map(str, sentences)), ".".join([str(file), *seen]))


def _other_visit(visit: HomeVisit) -> str:
    answers = visit.answers.count()
    words = ngettext(
        "%(who)s was there on %(day)s and recorded %(n)d answer.",
        "%(who)s was there on %(day)s and recorded %(n)d answers.",
        answers,
    )
    return words % {"who": visit.recorded_by.display_name, "day": visit.visited_on.isoformat(), "n": answers}
