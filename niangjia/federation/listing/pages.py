"""One page of a list: its rows, its count with the unit, its links; a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from niangjia.accounts.kept import Keep, kept, not_kept
from niangjia.core import clock
from niangjia.core.prepared import PreparedBy
from niangjia.core.reading import only_reading
from niangjia.federation.listing.asked import SORT, WHOLE, Asked, Given, read
from niangjia.federation.listing.kinds import Column, Line, ListKind, list_kinds
from niangjia.federation.listing.units import Count
from niangjia.federation.models import SavedList, Union
from niangjia.federation.scopes import Scope, rights_of, scope_of

ROWS_PER_PAGE = 50
# Counting and turning pages stop here unless asked: a million rows are narrowed down, not paged through.
COUNTED_TO = 10_000
PLAIN = "text/plain"
# With more than these beside a row, a page's rows are found first: PostgreSQL reads what stands beside a row that is
# passed over as well, five times as much for the fifth page.
FEW_BESIDE = 3
# The part of a list that is exchanged when a page is turned: its id, and what writes it.
TURNED, TURNED_TEMPLATE = "list-page", "federation/_list_page.html"
# Pages of steady lists as they are asked for again and again: some 200 kB each.
_steady = PreparedBy(64)


@dataclass(frozen=True)
class Head:
    """The head of one column, and where a press on it leads."""

    column: Column
    url: str
    sorted: str  # "", ascending, descending: as ARIA says it

    @property
    def mark(self) -> str:
        """What is shown of it beside the words of its column."""
        return f"{self.column.code} {self.url} {self.sorted}"


class OfKind(list[Any]):
    """Parts of a page of this kind of list; as a text they name what the page shows of them, but for the language."""

    def __init__(self, kind: ListKind, parts: Iterable[Any]) -> None:
        super().__init__(parts)
        self._kind = kind

    def __str__(self) -> str:
        return "\n".join((self._kind.code, *(one.mark for one in self)))


@dataclass
class ListPage:
    """One list as one reader asked for it."""

    kind: ListKind
    scope: Scope
    asked: Asked
    about: str = ""
    base: list[Any] | None = None  # rows the page has read already
    told: str = ""  # the sentence, where the page has a fuller one
    keep: Keep = not_kept  # what stands around the rows
    turns: bool = False  # its view sends the rows alone when a page is turned

    @cached_property
    def found(self) -> QuerySet | list[Any]:
        """All rows that fit, unsorted."""
        values = {one.condition.code: one.value for one in self.asked.given}
        rows = self.kind.rows(self.scope, self.about, values) if self.base is None else self.base
        if not self.asked.is_understood:
            return rows.none() if isinstance(rows, QuerySet) else []
        for one in self.asked.given:
            if one.condition.narrow is not None:
                rows = one.condition.narrow(rows, one.value)
        return rows

    def that_stands(self) -> ListPage:
        """The same list, or `NotFoundHere`: about a thing that is not there, or not to be seen, there is none."""
        _rows = self.found  # asked for its rows, the kind says so
        return self

    def count_up_to(self, most: int | None) -> int:
        """How many rows fit, counted no further than one more than this."""
        with only_reading():
            if not isinstance(self.found, QuerySet):
                return len(self.found)
            rows = self.found.order_by()
            return rows.count() if most is None else rows.values("pk")[: most + 1].count()

    @cached_property
    def unit(self) -> str:
        """What is counted."""
        return self.kind.unit_of(self.scope, self.about) if self.kind.unit_of else self.kind.unit

    @cached_property
    def total(self) -> Count:
        """How many fit: exactly, or that they are more than a list is counted to."""
        with only_reading():  # around what narrows the rows too
            number, at_least = self._counted()
        return Count(number, self.unit, at_least)

    def _counted(self) -> tuple[int, bool]:
        if self.asked.whole:
            return self.count_up_to(None), False
        counted: list[int] = []

        def is_more() -> bool:
            is_table = isinstance(self.found, QuerySet)
            counted.append(self.count_up_to(COUNTED_TO if is_table else None))
            return is_table and counted[0] > COUNTED_TO

        # So many they stay while pages are turned; to count them was half of what the database did for a county's page.
        conditions = self.asked.query(**{SORT: ""})
        is_many = f"many {self.kind.code} {self.about} {conditions} {self.scope.seat_mark}"
        return (COUNTED_TO, True) if self.keep(is_many, is_more, if_true=True) else (counted[0], False)

    @property
    def is_large(self) -> bool:
        """Whether there are more rows than may be sorted by any column."""
        return self.total.at_least or self.total.number > COUNTED_TO

    @property
    def sorted_by(self) -> Column:
        """The column it is sorted by: the one asked for, unless that takes too long."""
        asked, usual = self.kind.column(self.asked.sort), self.kind.column(self.kind.default.lstrip("-"))
        if usual is None:
            raise LookupError(self.kind.default)
        return asked if asked is not None and (asked.indexed or not self.is_large) else usual

    @property
    def backwards(self) -> bool:
        """Whether the order is turned round."""
        is_asked = self.sorted_by.code == self.asked.sort
        return self.asked.backwards if is_asked else self.kind.default.startswith("-")

    @property
    def order_refused(self) -> bool:
        """Whether the order asked for takes fewer rows."""
        return self.sorted_by.code != self.asked.sort

    def in_order(self) -> QuerySet | list[Any]:
        """All rows that fit, in an order that is the same each time."""
        if not isinstance(self.found, QuerySet):
            key = self.sorted_by.key
            return self.found if key is None else sorted(self.found, key=key, reverse=self.backwards)
        fields = [*self.sorted_by.order, "pk"]
        nullable = {"desc": {"nulls_last": True}, "asc": {"nulls_last": True}}
        if self.sorted_by.indexed:
            nullable = {"desc": {}, "asc": {}}
        if self.backwards:
            return self.found.order_by(*(F(name).desc(**nullable["desc"]) for name in fields))
        return self.found.order_by(*(F(name).asc(**nullable["asc"]) for name in fields))

    @property
    def pages(self) -> int:
        """How many pages can be turned."""
        return max(1, -(-min(self.total.number, COUNTED_TO) // ROWS_PER_PAGE))

    @property
    def number(self) -> int:
        """Which page this is."""
        return min(self.asked.page, self.pages)

    @cached_property
    def objects(self) -> list[Any]:
        """The rows of this page as they are."""
        first = (self.number - 1) * ROWS_PER_PAGE

        def rows() -> Any:
            ordered = self.in_order()
            if first and isinstance(ordered, QuerySet) and len(ordered.query.annotations) > FEW_BESIDE:
                return ordered.filter(pk__in=ordered.values("pk")[first : first + ROWS_PER_PAGE])
            return ordered[first : first + ROWS_PER_PAGE]

        with only_reading():
            if not self.kind.is_steady or self.asked.given or self.base is not None:
                return list(rows())
            seats = replace(self.scope, user=None)
            return _steady(
                (self.kind.code, self.about, seats, self.sorted_by.code, self.backwards, first, clock.today()), rows
            )

    @cached_property
    def lines(self) -> list[Line]:
        """The rows of this page, in words."""
        with only_reading():  # around the rows and their count too: one transaction for all of it
            return self.kind.lines(self.objects, ())

    @property
    def heads(self) -> OfKind:
        """The heads of the columns on the page."""
        return OfKind(self.kind, (self._head(column) for column in self.kind.shown()))

    @property
    def sorting_heads(self) -> list[Head]:
        """Those of them that sort, for pages that write their own table."""
        return [head for head in self.heads if head.column.sorts]

    @property
    def head_of(self) -> dict[str, Head]:
        """The heads by the code of their column, for pages that write their own table."""
        return {head.column.code: head for head in self.heads}

    def _head(self, column: Column) -> Head:
        if not column.sorts or (self.is_large and not column.indexed):
            return Head(column, "", "")
        current = column.code == self.sorted_by.code
        turned = current and not self.backwards
        state = ("descending" if self.backwards else "ascending") if current else ""
        return Head(column, self.asked.address(sort=f"{'-' if turned else ''}{column.code}"), state)

    @property
    def previous_address(self) -> str:
        """The page before."""
        return self.asked.address(page=str(self.number - 1)) if self.number > 1 else ""

    @property
    def next_address(self) -> str:
        """The page after."""
        return self.asked.address(page=str(self.number + 1)) if self.number < self.pages else ""

    @property
    def whole_address(self) -> str:
        """The same list, counted to the end."""
        return self.asked.address(count=WHOLE) if self.total.at_least else ""

    @property
    def title(self) -> str | Promise:
        """What it is called."""
        return self.kind.headline(self.scope, self.about) if self.kind.headline else self.kind.title

    @property
    def definition(self) -> str:
        """What is counted: what always holds of the rows, and the conditions that were given."""
        given = {one.condition.code for one in self.asked.given}
        usual = [str(one.otherwise) for one in self.kind.conditions if one.code not in given]
        parts = [str(self.kind.standing), *usual, self.asked.words()]
        return _("; ").join(part for part in parts if part) or _("all, without a condition")

    @property
    def sentence(self) -> str:
        """The count as one sentence to be passed on: as of when, where, how many, by which definition."""
        if self.told:
            return self.told
        now = clock.now().astimezone(clock.LOCAL)
        where = ", ".join(self.keep(f"seats {self.scope.seat_mark}", self._seats))
        return _("As of %(day)s %(time)s, %(where)s, %(title)s: %(count)s. Counted are: %(conditions)s.") % {
            "day": _("%(month)s/%(day)s") % {"month": now.month, "day": now.day}, "time": f"{now:%H:%M}",
            "where": where, "title": self.title, "count": self.total,
            "conditions": self.definition,
        }  # fmt: skip

    def _seats(self) -> list[str]:
        rows = Union.objects.filter(pk__in=self.scope.seats).order_by("code")
        return list(rows.values_list("name", flat=True))

    def fields(self) -> OfKind:
        """What can be filled in above the list."""
        given = {one.condition.code: one for one in self.asked.given}
        return OfKind(
            self.kind,
            (
                Field(one.code, one.label, one.form, one.most, self.asked.offered.get(one.code), given.get(one.code))
                for one in self.kind.conditions
                if one.offered or one.code in given
            ),
        )

    @property
    def order_kept(self) -> str:
        """The order as the form above the list sends it along."""
        return self.asked.pairs().get("sort", "")

    @property
    def is_narrowed(self) -> bool:
        """Whether there is something to save: a condition, or an order that is not the usual one."""
        return bool(self.asked.pairs())

    @property
    def may_leave(self) -> bool:
        """Whether the reader may take it out of the desk."""
        return bool(self.kind.export_right) and self.kind.export_right in rights_of(self.scope.user)

    def saved(self) -> list[Saved]:
        """What the reader or his unit saved of this list, by name."""
        name = f"saved {self.kind.code} {self.about} {self.scope.seat_mark}"
        return [Saved(*row) for row in self.keep(name, self._saved)]

    def _saved(self) -> list[tuple[Any, ...]]:
        reader = self.scope.user
        theirs = Q(user=reader) | Q(union_id__in=self.scope.seats)
        rows = SavedList.objects.filter(theirs, kind=self.kind.code, about=self.about).order_by("name", "pk")
        found = rows.values_list("public_id", "name", "query", "user_id", "user__display_name")
        own = None if reader is None else reader.pk
        return [(pk, name, query, user == own, by) for pk, name, query, user, by in found]


@dataclass(frozen=True)
class Field:
    """One condition as it is filled in."""

    code: str
    label: str | Promise
    form: str
    most: int
    choices: list[tuple[str, str | Promise]] | None
    given: Given | None

    @property
    def mark(self) -> str:
        """What is shown of it beside its own words: what is given, and choices that are names of this county."""
        names = [(code, words if isinstance(words, str) else "") for code, words in self.choices or ()]
        given = None if self.given is None else (self.given.text, str(self.given.words), self.is_other)
        return f"{self.code} {names} {given}"

    @property
    def is_other(self) -> bool:
        """Whether a value was given that is understood and yet not among the choices."""
        given = self.given
        return given is not None and given.value is not None and given.text not in dict(self.choices or [])


@dataclass(frozen=True)
class Saved:
    """A list somebody saved, as its name stands above the rows."""

    public_id: str
    name: str
    query: str
    is_own: bool
    saved_by: str


def page_of(user: Any, code: str, sent: Mapping[str, str], about: str = "", keep: Keep = not_kept) -> ListPage:
    """A list as a reader asks for it; what he may see comes from his scope alone."""
    kind = list_kinds.get(code)
    scope = scope_of(user, kind.right)
    return ListPage(kind, scope, read(kind, scope, sent, keep), about, keep=keep)


class SentenceAsked(Exception):
    """The address of a list was asked for plain text: it is answered with what the list says of itself, and no row."""

    def __init__(self, page: ListPage) -> None:
        self.page = page


def open_list(
    request: HttpRequest, code: str, about: str = "", base: list[Any] | None = None, told: str = ""
) -> ListPage:  # fmt: skip
    """The list at the address of a request; `base` are its rows, where the page has read them already.

    `told` is the sentence of a page that says more of the list than its count.
    """
    keep = partial(kept, request)
    found = replace(page_of(request.user, code, request.GET.dict(), about, keep), base=base, told=told)
    if request.headers.get("Accept") == PLAIN:
        raise SentenceAsked(found)
    return found


def show_list(request: HttpRequest, code: str, template: str) -> HttpResponse:
    """The page of a list that notes no looks: whatever it reads, it reads in one transaction, which cannot write.

    Who turns a page gets the rows and what stands under them: the rest stays as it is.
    """
    with only_reading():
        page = replace(open_list(request, code), turns=True)
        # Before the template, whose conditions swallow a statement that took too long; what came after it would break.
        for part in ("total", "lines"):
            getattr(page, part)
        is_turned = request.headers.get("HX-Target") == TURNED
        response = render(request, TURNED_TEMPLATE if is_turned else template, {"list": page, "is_turned": is_turned})
    patch_vary_headers(response, ("HX-Target",))
    return response
