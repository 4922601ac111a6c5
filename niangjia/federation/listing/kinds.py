"""What a list is: its columns, its conditions, its order; what is not declared here cannot be asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from niangjia.core.registries import Registry
from niangjia.federation.listing.units import Count
from niangjia.federation.scopes import Scope

_SOME_ID = "0000"


@dataclass(frozen=True)
class State:
    """A state as a status: colour yes, ask, no, go or late, and its word."""

    colour: str
    word: str | Promise


Value = str | Promise | int | date | datetime | State | Count | None


@dataclass(frozen=True)
class Column:
    """One column: how it is shown, and the fixed fields it may be sorted by."""

    code: str
    label: str | Promise
    form: str = "text"  # text | short | number | day | moment | fen | state
    order: tuple[str, ...] = ()
    indexed: bool = False  # a million rows can be sorted by it
    key: Callable[[Any], Any] | None = None  # the same for rows that are no table of the database
    right: str = ""  # a sensitive value: the right it takes to leave, and it stands on no page
    on_page: bool = True

    @property
    def sorts(self) -> bool:
        """Whether rows can be sorted by it."""
        return bool(self.order or self.key)

    @property
    def is_shown(self) -> bool:
        """Whether it stands on the page."""
        return self.on_page and not self.right


@dataclass(frozen=True)
class Condition:
    """One condition: what may be given, and how it narrows the rows."""

    code: str
    label: str | Promise
    narrow: Callable[[Any, Any], Any] | None  # None: the rows themselves are read by it
    choices: Callable[[Scope], Sequence[tuple[str, str | Promise]]] | None = None
    form: str = "text"  # text | day | number; a condition with choices is a choice
    most: int = 60
    # Words of a value that may be given though it is not offered, as other pages link to it.
    named: Callable[[Scope, str], str | None] | None = None
    offered: bool = True  # whether it can be filled in above the list; else it stands there only when it was given
    # What holds of the rows while nobody gives it, said with every count: "in force".
    otherwise: str | Promise = ""


@dataclass(frozen=True)
class Line:
    """One row as it is read: a value for each column, and where it opens to."""

    values: Mapping[str, Value]
    url: str = ""
    object_id: int = 0
    union_id: int | None = None
    subject_kind: str = ""  # what a look at it is noted against, where it tells a value
    told: Mapping[str, str] = field(default_factory=dict)  # what that look is noted with; empty: it tells no value


def pages_of(route: str) -> Callable[[str], str]:
    """What gives the address of each thing's own page: the route is looked up once for a whole list."""
    before, _here, after = reverse(route, args=[_SOME_ID]).rpartition(_SOME_ID)
    return lambda public_id: f"{before}{public_id}{after}"


@dataclass(frozen=True)
class ListKind:
    """One list of the house."""

    code: str
    title: str | Promise
    unit: str
    right: str
    export_right: str  # empty: it does not leave the desk
    columns: tuple[Column, ...]
    conditions: tuple[Condition, ...]
    # Rows the reader may see at all, from his scope; `about` names which list of its kind. A table of the
    # database, or a list in memory; the third holds what was given, for conditions the rows are read by.
    rows: Callable[[Scope, str, Mapping[str, Any]], QuerySet | list[Any]]
    # Rows found in scope, in words; the second holds the codes of sensitive columns that are asked for.
    lines: Callable[[Sequence[Any], Collection[str]], list[Line]]
    address: Callable[[str], str]
    default: str  # how it is sorted when nobody says
    empty: tuple[str | Promise, str | Promise] = field(default=("", ""))  # nothing here yet, and what to do
    subject_kind: str = ""  # what a look at a sensitive column is noted against
    look: str = ""  # the audit action of that look
    # A column whose words may tell a value, and the audit action of a look at each row that does.
    telling: tuple[str, str] | None = None
    unit_of: Callable[[Scope, str], str] | None = None  # what is counted, where that depends on `about`
    headline: Callable[[Scope, str], str] | None = None  # what it is called, where `about` says more than the kind
    # Its rows are a table's, and without conditions depend on the reader's seats, `about` and the day alone.
    is_steady: bool = False
    standing: str | Promise = ""  # what always holds of its rows, said with every count: "grown people"

    def column(self, code: str) -> Column | None:
        """One column, or nothing."""
        return next((column for column in self.columns if column.code == code), None)

    def shown(self) -> tuple[Column, ...]:
        """The columns of the page."""
        return tuple(column for column in self.columns if column.is_shown)


list_kinds: Registry[ListKind] = Registry("lists")


def list_url(code: str, about: str = "", **asked: str) -> str:
    """Where a list stands, narrowed by conditions it declares: behind a number stand exactly the rows it counts."""
    kind = list_kinds.get(code)
    known = {one.code for one in kind.conditions}
    if not known >= asked.keys():
        raise LookupError(f"{code}: {sorted(asked.keys() - known)}")
    return kind.address(about) + (f"?{urlencode(asked)}" if asked else "")
