"""Whom an officer may be in the register: the files that are offered, when a role is given and afterwards."""

from __future__ import annotations

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from niangjia.accounts import phones
from niangjia.accounts.models import User
from niangjia.core import crypto
from niangjia.federation.scopes import scope_of
from niangjia.federation.whois import LATER, NONE, Answers, WhoBook, who_books
from niangjia.people.models import OfficerPerson, Person
from niangjia.people.models.person import searched_name
from niangjia.people.officer_persons import READ, file_words
from niangjia.people.services.officer_persons import say_person

MOST = 12


def register() -> None:
    """Offer the question to the page on which a role is given."""
    who_books.register("people", WhoBook(_when_appointed, write_answer))


def answers_for(reader: User, name: str, number: str) -> Answers:
    """The files in the reader's scope that have this name or exactly this number, and that there is none."""
    scope = scope_of(reader, READ)
    wanted = Q(name_key=searched_name(name))
    if number:
        wanted |= Q(id_key=crypto.keyed_index("id-number", number.upper()))
        if phone := phones.normalise_or_none(number):
            wanted |= Q(phone_key=crypto.keyed_index("phone", phone))
    rows = Person.objects.filter(scope.unions(), wanted, erased_at__isnull=True).select_related("union")
    found = list(rows.order_by("union_id", "pk")[: MOST + 1])
    shown: Answers = [(person.public_id, file_words(person)) for person in found[:MOST]]
    none: str | Promise = _("Stands in no file of this register")
    if len(found) > MOST:
        none = format_lazy(
            _("{none} (more than {most} have this name: type the number of the card)"), none=none, most=MOST
        )
    return [*shown, (NONE, none)]


def _when_appointed(giver: User, username: str, name: str, number: str) -> Answers | None:
    user = User.objects.filter(username=username).first()
    said = user is not None and OfficerPerson.objects.filter(user=user, ended_at__isnull=True).exists()
    if said or scope_of(giver, READ).is_empty:
        return None
    return [
        *answers_for(giver, name, number),
        (LATER, _("Not said now: the officer stays on the list of those to be said")),
    ]


def write_answer(user: User, answer: str, source: str, acting_user: User) -> OfficerPerson:
    """Write down which of the offered files an officer is, or that he stands in none."""
    person = "" if answer == NONE else answer
    return say_person(user_id=user.pk, person_public_id=person, source=source, acting_user=acting_user)
