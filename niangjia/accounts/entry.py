"""Who may log in is known to the rooms above: they register here, so that accounts need not look up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from niangjia.accounts.models import User
from niangjia.core.registries import Registry


@dataclass(frozen=True)
class PhoneBook:
    """A register of people who may log in with their telephone although they have no account yet.

    `knows` tells whether exactly one person may enter with this number (E.164). `enter` makes the
    account with the right to that person's own data, as a system act, and returns it; None when
    the register no longer knows the number.
    """

    knows: Callable[[str], bool]
    enter: Callable[[str], User | None]


@dataclass(frozen=True)
class Gatekeeper:
    """What the room of grants knows of an account."""

    may_enter: Callable[[User], bool]  # holds any role that counts today
    works_at_desk: Callable[[User], bool]  # a telephone alone does not open that: password only
    sees_others: Callable[[User], bool]  # other people's data: a short session
    note_entry: Callable[[User, str], None]  # writes the log-in into the audit trail; the text is the way in


phone_books: Registry[PhoneBook] = Registry("phone books")
gatekeepers: Registry[Gatekeeper] = Registry("gatekeepers")


def may_enter(user: User) -> bool:
    """Whether any gatekeeper lets this account in; without gatekeepers nobody enters."""
    return user.is_active and any(keeper.may_enter(user) for keeper in gatekeepers.all())


def works_at_desk(user: User) -> bool:
    """Whether this account opens a desk, with the registry behind it."""
    return any(keeper.works_at_desk(user) for keeper in gatekeepers.all())


def sees_others(user: User) -> bool:
    """Whether this account sees other people's data, at a desk or for a provider."""
    return any(keeper.sees_others(user) for keeper in gatekeepers.all())


def note_entry(user: User, way: str) -> None:
    """Tell the gatekeepers that an account was opened."""
    for keeper in gatekeepers.all():
        keeper.note_entry(user, way)
