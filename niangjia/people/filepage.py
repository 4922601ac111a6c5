"""What rooms above put on one household's page, on its printed file, and in the way of its exit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from niangjia.accounts.models import User
from niangjia.core.registries import Registry


@dataclass(frozen=True)
class OpenedFile:
    """A household that somebody found in scope and opened: what a section needs to know of it."""

    household_id: int
    public_id: str
    union_id: int
    user: User
    person_ids: tuple[int, ...]
    file_id: int | None = None  # the open file of difficulty, if there is one
    grade: str = ""
    cause: str = ""
    entered_on: date | None = None


@dataclass(frozen=True)
class FileSection:
    """A part of the page: nothing in its context hides it; with `paper` it stands on the printed file too."""

    code: str
    order: int
    title: str | Promise
    template: str
    context: Callable[[OpenedFile], dict[str, Any] | None]
    paper: str = ""


@dataclass(frozen=True)
class FileAction:
    """Something an officer can do from the page; `address` makes the address from the household's public id."""

    code: str
    order: int
    label: str | Promise
    address: Callable[[str], str]
    right: str
    only_in_file: bool = False


@dataclass(frozen=True)
class UnderWay:
    """One matter of this household that is open: what, who holds it, until when."""

    title: str | Promise
    holder: str = ""
    due_on: date | None = None
    url: str = ""


@dataclass(frozen=True)
class Leaving:
    """A household about to leave its file of difficulty, inside the transaction that closes it."""

    household_id: int
    file_id: int
    union_id: int
    entered_on: date
    exited_on: date
    acting_user: User


file_sections: Registry[FileSection] = Registry("sections of the household page")
file_actions: Registry[FileAction] = Registry("actions of the household page")
under_way: Registry[Callable[[OpenedFile], list[UnderWay]]] = Registry("open matters of a household")
# Each is asked before a file of difficulty closes; a refusal keeps it open.
leaving_rules: Registry[Callable[[Leaving], None]] = Registry("rules of leaving the file")


@dataclass(frozen=True)
class ShownSection:
    """A section with what it shows."""

    section: FileSection
    context: dict[str, Any]


def sections_of(opened: OpenedFile, *, on_paper: bool = False) -> list[ShownSection]:
    """The sections that have something to show, in their order."""
    wanted = [one for one in file_sections.all() if one.paper or not on_paper]
    found = [ShownSection(one, context) for one in wanted if (context := one.context(opened)) is not None]
    return sorted(found, key=lambda shown: shown.section.order)


def actions_for(opened: OpenedFile, held: frozenset[str]) -> list[tuple[str | Promise, str]]:
    """What somebody with these rights can do from the page: words and address."""
    may = [one for one in file_actions.all() if one.right in held and (opened.file_id or not one.only_in_file)]
    return [(one.label, one.address(opened.public_id)) for one in sorted(may, key=lambda one: one.order)]


def open_matters(opened: OpenedFile) -> list[UnderWay]:
    """What is under way for this household in all rooms, what is due first on top."""
    found = [one for source in under_way.all() for one in source(opened)]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or date.max))
