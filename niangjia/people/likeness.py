"""When two files may be of one person: by number, telephone, name as written and as read, and birthday.

Nothing is guessed from sex, place or work. What is found is a question for an officer, never an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.people.identity import IdentityNumberWrong, parse_identity_number
from niangjia.people.models import Person

NUMBER, SLIP, PHONE, TAIL = "number", "slip", "phone", "tail"
NAME, SOUND, BIRTHDAY, MONTH = "name", "sound", "birthday", "month"
SIGNS: dict[str, str | Promise] = {
    NUMBER: _("the same identity number"), SLIP: _("identity numbers one slip apart"),
    PHONE: _("the same telephone"), TAIL: _("the same last four places of the telephone"),
    NAME: _("the same name"), SOUND: _("names that sound the same"),
    BIRTHDAY: _("the same birthday"), MONTH: _("born in the same month"),
}  # fmt: skip
_PLACES = "0123456789X"


@dataclass(frozen=True)
class Likeness:
    """A file that may be of the same person, and by which signs."""

    person: Person
    signs: tuple[str, ...]

    @property
    def words(self) -> list[str | Promise]:
        """The signs in words."""
        return [SIGNS[sign] for sign in self.signs]


def one_slip(left: str, right: str) -> bool:
    """Whether two numbers of one length differ in one place, or in two neighbours that changed places."""
    if len(left) != len(right):
        return False
    apart = [at for at, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    if len(apart) == 1:
        return True
    swapped = len(apart) == 2 and apart[1] == apart[0] + 1
    return swapped and left[apart[0]] == right[apart[1]] and left[apart[1]] == right[apart[0]]


def slips_of(number: str) -> Iterator[str]:
    """Every number that is one slip from this one."""
    for at, place in enumerate(number):
        before, after = number[:at], number[at + 1 :]
        for other in _PLACES if at == len(number) - 1 else _PLACES[:10]:
            if other != place:
                yield before + other + after
        if after and after[0] != place:
            yield before + after[0] + place + after[1:]


def signs_between(left: Person, right: Person) -> tuple[str, ...]:
    """What two files have in common."""
    found = []
    if left.id_number and right.id_number:
        if left.id_number == right.id_number:
            found.append(NUMBER)
        elif one_slip(left.id_number, right.id_number):
            found.append(SLIP)
    if left.phone_key and left.phone_key == right.phone_key:
        found.append(PHONE)
    elif left.phone_tail_key and left.phone_tail_key == right.phone_tail_key:
        found.append(TAIL)
    if left.name_key == right.name_key:
        found.append(NAME)
    elif _sounds(left) & _sounds(right):
        found.append(SOUND)
    if left.born_on and left.born_on == right.born_on:
        found.append(BIRTHDAY)
    elif left.born_on and right.born_on and _month(left.born_on) == _month(right.born_on):
        found.append(MONTH)
    return tuple(found)


def holds(number: str) -> bool:
    """Whether an identity number holds in itself: places, region, birthday and check digit."""
    try:
        parse_identity_number(number)
    except IdentityNumberWrong:
        return False
    return True


def may_be_one(
    left: Person, right: Person, signs: tuple[str, ...], sound: Callable[[str], bool] = holds
) -> bool:  # fmt: skip
    """Whether these signs are worth an officer's question; `sound` says of a number whether it `holds`."""
    has = set(signs)
    if has & {NUMBER, SLIP}:
        return True
    if not has & {NAME, SOUND}:
        return False
    if PHONE in has:
        return True
    if two_sound_numbers(left, right, sound):
        return False  # two persons, namesakes or not
    return BIRTHDAY in has or (TAIL in has and (MONTH in has or not (left.born_on and right.born_on)))


def two_sound_numbers(left: Person, right: Person, sound: Callable[[str], bool] = holds) -> bool:
    """Whether both have an identity number that holds in itself, and the two differ."""
    return left.id_number != right.id_number and sound(left.id_number) and sound(right.id_number)


def _sounds(person: Person) -> set[str]:
    return {person.name_reading, person.other_reading} - {""}


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
