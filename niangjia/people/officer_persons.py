"""Which file of the register each officer is, as the one list mechanism shows it, and whom it may be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts import phones
from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation import usage
from niangjia.federation.listing.house import union_choices, union_named
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State, list_kinds, list_url, pages_of
from niangjia.federation.queries import OVER_UNIONS, descendants, union_by_public_id, union_names
from niangjia.federation.rightspage import RightsBlock, rights_blocks
from niangjia.federation.scopes import Scope, grants_in_force, scope_of
from niangjia.people.models import OfficerPerson, Person
from niangjia.people.queries import mask_number

LIST_CODE = "people.officer_persons"
SEEN, GIVE, READ = "federation.grant:read", "federation.grant:give", "people.registry:read"
FILE, NOWHERE, NEVER = "file", "none", "never"
_WORDS = {
    FILE: State("yes", _("stands in a file")), NOWHERE: State("go", _("stands in no file")),
    NEVER: State("late", _("never said")),
}  # fmt: skip


@dataclass(frozen=True)
class OfficerRow:
    """One officer: his unions, and what was said of him."""

    user: User
    unions: str
    union_id: int
    said: OfficerPerson | None
    sees_file: bool  # whether the reader looks after that file

    @property
    def state(self) -> str:
        """Which of the three it is."""
        if self.said is None:
            return NEVER
        return FILE if self.said.person_id is not None else NOWHERE

    @property
    def by(self) -> str:
        """Who said it."""
        return self.said.said_by.display_name if self.said is not None and self.said.said_by else ""


def unions_of(user_id: int) -> list[int]:
    """The unions somebody holds a role over today, in the order of their keys."""
    rows = grants_in_force().filter(user_id=user_id, scope_kind__in=OVER_UNIONS, user__is_active=True)
    return sorted({pk for pk in rows.values_list("union_id", flat=True) if pk is not None})


def officer_by_public_id(scope: Scope, public_id: str) -> User:
    """One officer with a role in scope today, or `NotFoundHere`."""
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    if user is None or not any(scope.reaches_union(pk) for pk in unions_of(user.pk)):
        raise NotFoundHere
    return user


def said_of(user: User) -> list[OfficerPerson]:
    """Everything that was said of an officer found in scope, the newest first."""
    rows = OfficerPerson.objects.filter(user=user).select_related("person__union", "said_by", "ended_by")
    return list(rows.order_by("-pk"))


@dataclass(frozen=True)
class SaidLine:
    """One thing that was said of an officer, in words."""

    row: OfficerPerson
    state: State
    words: str | Promise
    url: str  # of the file, for whoever looks after it


def lines_of(rows: Sequence[OfficerPerson], reader: User) -> list[SaidLine]:
    """What was said, with the file named to whoever looks after it."""
    scope = scope_of(reader, READ)
    found = []
    for row in rows:
        state = (
            _WORDS[NOWHERE if row.person is None else FILE] if row.ended_at is None else State("no", _("taken back"))
        )
        sees = row.person is not None and scope.reaches_union(row.person.union_id)
        url = reverse("person_file", args=[row.person.public_id]) if row.person is not None and sees else ""
        found.append(SaidLine(row, state, _named(row.person, sees), url))
    return found


def _named(person: Person | None, sees: bool) -> str | Promise:
    if person is None:
        return _("Stands in no file of this register")
    return file_words(person) if sees else _("a file with a union you do not look after")


def file_words(person: Person) -> str:
    """A file as it is told apart from those of namesakes: name, masked number, union."""
    number = mask_number(person.id_number) if person.id_number else phones.masked(person.phone) if person.phone else ""
    return " · ".join(word for word in (person.name, number, person.union.name) if word)


def _rows(scope: Scope, about: str, given: Mapping[str, Any]) -> list[OfficerRow]:
    if scope.user is None:
        return []
    held: dict[int, set[int]] = {}
    wanted = set(descendants(union_by_public_id(scope, given["union"]).pk)) if "union" in given else None
    for user_id, union_id in usage.officer_accounts(scope):
        if wanted is None or union_id in wanted:
            held.setdefault(user_id, set()).add(union_id)
    names = union_names({pk for unions in held.values() for pk in unions})
    rows = OfficerPerson.objects.filter(user_id__in=held, ended_at__isnull=True)
    said = {row.user_id: row for row in rows.select_related("person__union", "said_by")}
    files = {row.person.union_id for row in said.values() if row.person}
    seen = set(scope_of(scope.user, READ).union_ids().filter(descendant_id__in=files))
    found = [
        OfficerRow(
            user, "、".join(sorted(names[pk] for pk in held[user.pk])), min(held[user.pk]), row,
            row is not None and row.person is not None and row.person.union_id in seen,
        )
        for user in User.objects.filter(pk__in=held)
        for row in [said.get(user.pk)]
    ]  # fmt: skip
    if "said" in given:
        found = [row for row in found if row.state == given["said"]]
    if "name" in given:
        found = [row for row in found if given["name"] in (row.user.display_name, row.user.username)]
    return sorted(found, key=lambda row: (row.unions, row.user.display_name, row.user.pk))


def _file_of(row: OfficerRow) -> str | Promise:
    return "" if row.said is None or row.said.person is None else _named(row.said.person, row.sees_file)


def _day(row: OfficerRow) -> date | None:
    return row.said.said_at.astimezone(clock.LOCAL).date() if row.said else None


def _lines(rows: Sequence[OfficerRow], wanted: Collection[str]) -> list[Line]:
    page = pages_of("officer_person")
    return [
        Line(
            {
                "name": row.user.display_name, "login": row.user.username, "union": row.unions, "file": _file_of(row),
                "by": row.by, "on": _day(row),
                "state": _WORDS[row.state],
            },
            url=page(row.user.public_id), object_id=row.user.pk, union_id=row.union_id,
        )
        for row in rows
    ]  # fmt: skip


LIST = ListKind(
    code=LIST_CODE, title=_("Officers and their own files"), unit="person", right=SEEN, export_right=SEEN,
    columns=(
        Column("name", _("Name"), key=lambda row: row.user.display_name),
        Column("login", _("Log-in name"), on_page=False),
        Column("union", _("Union"), key=lambda row: (row.unions, row.user.display_name, row.user.pk)),
        Column("file", _("File in the register"), key=lambda row: str(_file_of(row))),
        Column("by", _("Said by"), key=lambda row: row.by),
        Column("on", _("Said on"), "day", key=lambda row: str(_day(row) or "")),
        Column("state", _("State"), "state"),
    ),
    conditions=(
        Condition("name", _("Name or log-in name"), None),
        Condition("union", _("Union"), None, union_choices, named=union_named),
        Condition("said", _("State"), None, lambda scope: [(code, state.word) for code, state in _WORDS.items()]),
    ),
    standing=_("whose role over a union counts today"),
    rows=_rows, lines=_lines, address=lambda about: reverse("officer_persons"), default="union",
)  # fmt: skip


def never_said(request: HttpRequest) -> list[dict[str, Any]]:
    """How many officers in the reader's scope nobody has said the file of, for the page of all roles."""
    scope = scope_of(request.user, SEEN)
    found = _rows(scope, "", {"said": NEVER})
    return [{"count": len(found), "url": list_url(LIST_CODE, said=NEVER), "all": reverse("officer_persons")}]


def register() -> None:
    """Offer the list, and the block among the roles."""
    list_kinds.register(LIST.code, LIST)
    rights_blocks.register(
        "people.officers", RightsBlock(_("Officers and their own files"), "people/_officers_unsaid.html", never_said)
    )
