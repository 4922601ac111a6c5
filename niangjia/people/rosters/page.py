"""Rosters as their pages show them; what is read here starts from the officer's scope."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from niangjia.accounts.models import User
from niangjia.core.errors import NotFoundHere
from niangjia.federation.queries import descendants
from niangjia.federation.scopes import rights_of, scope_of
from niangjia.files.sheets import FAULTS
from niangjia.people.models import RosterBlock, RosterImport
from niangjia.people.queries import mask_number
from niangjia.people.rosters.cells import chinese
from niangjia.people.rosters.kinds import Column, RosterKind, roster_kinds
from niangjia.people.rosters.seen import SINCE
from niangjia.people.rosters.underway import HowFar, how_far
from niangjia.people.services.roster_forgetting import TOO_OLD
from niangjia.people.services.roster_undo import KEPT
from niangjia.people.services.roster_work import (
    BROKEN,
    CHANGED_SINCE,
    LOOK_AGAIN,
    NO_HEADINGS,
    RIGHT_GONE,
    WAITING,
)

State = RosterImport.State
FIRST_PAGE_ROWS = 5
TABS: dict[str, str | Promise] = {
    SINCE: _("Changed since you looked"), "refused": _("Refused"), "changed": _("Changed"), "new": _("New"),
    "same": _("Nothing new"), "left_out": _("No rows of data"), KEPT: _("Left as they are"),
}  # fmt: skip
STATES: dict[str, tuple[str, str | Promise]] = {
    State.RECEIVED: ("go", _("being checked")), State.COLUMNS: ("ask", _("columns to be named")),
    State.CHECKED: ("ask", _("waits for approval")), State.APPROVED: ("go", _("being entered")),
    State.DONE: ("yes", _("entered")), State.UNREADABLE: ("late", _("not readable")),
    State.DROPPED: ("no", _("laid aside")), State.UNDOING: ("go", _("being taken back")),
    State.UNDONE: ("no", _("taken back")),
}  # fmt: skip
_FAULTS: dict[str, str | Promise] = {
    RIGHT_GONE: _("Your right to enter rosters for this union has ended. Nothing was entered."),
    NO_HEADINGS: _(
        "No row of headings was found. Nothing was entered. "
        "The table needs one row that names its columns, such as the name and the identity number."
    ),
    CHANGED_SINCE: _(
        "What is stored has changed since the table was checked, so nothing was entered. "
        "It was checked anew: please look once more and approve."
    ),
    TOO_OLD: _(
        "Nobody approved this roster for 90 days, so it was laid aside and its rows were forgotten. "
        "Nothing of it was entered; if it still holds, please upload the table again."
    ),
    LOOK_AGAIN: _(
        "Somebody edited rows of this roster since you looked, so nothing was taken back. "
        "Please look once more at what would go and what would stay, and decide anew."
    ),
    BROKEN: _("Something went wrong on our side. Nothing of this roster was changed; please tell the administrator."),
}  # fmt: skip


def blank_headings(kind: RosterKind) -> list[str]:
    """The headings of a blank table, as the kind will know them again."""
    return [str(column.label) for column in kind.all_columns().values()]


def rosters_in(user: User) -> QuerySet[RosterImport]:
    """Rosters of unions a user enters for, of the kinds he may enter, newest first."""
    wanted = Q(pk__in=[])
    for kind in roster_kinds.all():
        wanted |= Q(scope_of(user, kind.right).unions(), kind=kind.code)
    rows = RosterImport.objects.filter(wanted).select_related("union", "handed_in_by", "approved_by", "undone_by")
    return rows.order_by("-pk")


def roster_of(user: User, public_id: str) -> RosterImport:
    """One of them, or `NotFoundHere`."""
    row = rosters_in(user).filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere
    return row


def due_rosters(request: HttpRequest) -> dict[str, Any]:
    """For the officer's first page: rosters that wait for an officer, oldest first."""
    rows = rosters_in(request.user).filter(state__in=(State.COLUMNS, State.CHECKED)).order_by("pk")
    return {"rows": lines(list(rows[:FIRST_PAGE_ROWS])), "count": rows.count()}


def kinds_for(user: User) -> list[RosterKind]:
    """The kinds a user may enter."""
    held = rights_of(user)
    return [kind for kind in roster_kinds.all() if kind.right in held and kind.is_offered]


def earlier_of_same_file(roster: RosterImport) -> RosterImport | None:
    """The roster by which the same file was entered before, in the same union or above or below it."""
    if roster.file is None:
        return None
    near = Q(union_id=roster.union_id) | Q(union_id__in=descendants(roster.union_id))
    same = RosterImport.objects.filter(near, file__digest=roster.file.digest, kind=roster.kind, state=State.DONE)
    return same.exclude(pk=roster.pk).order_by("-pk").first()


def fault_sentence(roster: RosterImport) -> str | Promise:
    """Why it could not be read or entered, in words."""
    return FAULTS.get(roster.fault) or _FAULTS.get(roster.fault, "")


def state_of(roster: RosterImport) -> dict[str, Any]:
    """Its state as a status: colour and word."""
    colour, word = STATES[roster.state] if not is_looked_at(roster) else ("go", _("being looked through"))
    return {"colour": colour, "word": word}


@dataclass(frozen=True)
class RosterLine:
    """One roster on the list."""

    roster: RosterImport
    kind: str | Promise
    state: dict[str, Any]
    rows: int


def lines(rosters: list[RosterImport]) -> list[RosterLine]:
    """Rosters found in scope, as the list shows them."""
    return [
        RosterLine(roster, roster_kinds.get(roster.kind).title, state_of(roster), roster.rows_read)
        for roster in rosters
    ]


@dataclass(frozen=True)
class ShownChange:
    """One column that differs."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ShownProblem:
    """One thing that is wrong: with which column, and what to do."""

    label: str
    sentence: str


@dataclass(frozen=True)
class ShownRow:
    """One row of the preview."""

    sheet: str
    line: int
    who: str
    number: str
    changes: tuple[ShownChange, ...]
    problems: tuple[ShownProblem, ...]
    told: str  # what a new row says, in one line
    since: str = ""  # that somebody changed what is stored since it was approved, and what it said then


def tabs_of(roster: RosterImport, current: str, address: str) -> list[dict[str, Any]]:
    """The verdicts that occur, each with its number of rows."""
    return [
        {
            "label": words, "count": roster.counts[code], "unit": _("rows of it"),
            "current": code == current, "url": f"{address}?show={code}",
        }
        for code, words in TABS.items()
        if code in _shown_tabs(roster)
    ]  # fmt: skip


def _shown_tabs(roster: RosterImport) -> list[str]:
    # What changed since the last look is told until the next approval.
    before_entry = roster.state == State.CHECKED
    return [code for code in TABS if roster.counts.get(code) and (code != SINCE or before_entry)]


def chosen_tab(roster: RosterImport, asked: str) -> str:
    """The tab asked for, or the first that has rows: what was left after taking back, then what is wrong."""
    there = sorted(_shown_tabs(roster), key=lambda code: code != KEPT)
    return asked if asked in there else (there or ["new"])[0]


def block_of(roster: RosterImport, verdict: str, number: int) -> list[ShownRow]:
    """The rows of one page of one verdict."""
    block = RosterBlock.objects.filter(roster=roster, verdict=verdict, number=number).first()
    return [shown_row(roster, kept, verdict) for kept in json.loads(block.rows)] if block else []


def shown_row(roster: RosterImport, kept: Mapping[str, Any], verdict: str) -> ShownRow:
    """A kept row in the reader's language, its numbers masked."""
    columns, values = roster_kinds.get(roster.kind).all_columns(), kept.get("v", {})
    language = "zh" if chinese() else "en"
    number = values.get("id_number", "")
    return ShownRow(
        sheet=kept["s"], line=kept["l"], who=values.get("name") or values.get("employer", ""),
        number=mask_number(number) if number else values.get("credit_code", "") if "name" not in values else "",
        changes=tuple(
            ShownChange(str(columns[d["column"]].label), _text(columns, d["column"], d["old"]),
                        _text(columns, d["column"], d["new"]))
            for d in kept.get("d", ()) if d["column"] in columns
        ),
        problems=tuple(
            ShownProblem(str(columns[p["column"]].label) if p.get("column") in columns else "", p[language])
            for p in kept.get("p", ())
        ),
        told=_told(values, columns) if verdict == "new" or (verdict == SINCE and not {"d", "p"} & kept.keys()) else "",
        since=_since(columns, kept["c"]) if "c" in kept and roster.state == State.CHECKED else "",
    )  # fmt: skip


def _since(columns: Mapping[str, Column], before: Mapping[str, Any]) -> str:
    then = [(columns[told["column"]], told["old"]) for told in before.get("d", ()) if told["column"] in columns]
    if then:
        told = gettext(", ").join(f"{column.label} {_text(columns, column.code, old) or '—'}" for column, old in then)
        return gettext("What is stored has changed since you looked. Then it was: %(told)s") % {"told": told}
    return {
        "": gettext("When you looked, nothing of this row was to be entered; what is stored has changed since."),
        "new": gettext("When you looked, this row was to be added as new; what is stored has changed since."),
    }.get(before["was"], gettext("What is stored has changed since you looked."))


def _text(columns: Mapping[str, Column], code: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    column = columns[code]
    return str(column.type.show(column.type.load(value)))


def _told(values: Mapping[str, Any], columns: Mapping[str, Column]) -> str:
    elsewhere = ("name", "id_number", "credit_code", "head_number")
    shown = [code for code in values if code not in elsewhere and code in columns]
    return " · ".join(_text(columns, code, values[code]) for code in shown)


def consequences(roster: RosterImport) -> list[dict[str, str | Promise]]:
    """What approving does, to how many."""
    words = (
        ("new", _("New, will be added"), ngettext_lazy("%(n)s row", "%(n)s rows", "n")),
        ("changed", _("Stored already, will be changed as shown"), ngettext_lazy("%(n)s row", "%(n)s rows", "n")),
        ("refused", _("Refused, will not be entered"), ngettext_lazy("%(n)s row", "%(n)s rows", "n")),
        ("same", _("Stored already, nothing to do"), ngettext_lazy("%(n)s row", "%(n)s rows", "n")),
    )
    counts = roster.counts
    return [{"what": what, "many": many % {"n": counts[code]}} for code, what, many in words if counts.get(code)]


@dataclass(frozen=True)
class HeadingLine:
    """One heading of the table and what it was taken for."""

    heading: str
    code: str
    sheets: tuple[str, ...] = ()  # where it stands


def heading_lines(roster: RosterImport) -> list[HeadingLine]:
    """The headings of all sheets, each once, in their order."""
    found: dict[str, str] = {}
    sheets: dict[str, tuple[str, ...]] = {}
    for sheet in roster.layout.get("sheets", ()):
        for place, heading in enumerate(sheet["headings"]):
            if heading:
                found.setdefault(heading, sheet["columns"].get(str(place), ""))
                sheets[heading] = (*sheets.get(heading, ()), sheet["sheet"])
    return [HeadingLine(heading, code, sheets[heading]) for heading, code in found.items()]


def unread_headings(roster: RosterImport) -> list[str]:
    """Headings whose columns were not taken for anything: what stands below them is not entered."""
    return [line.heading for line in heading_lines(roster) if not line.code]


@dataclass(frozen=True)
class SheetLack:
    """A sheet that cannot be read yet: which required columns it has no heading for."""

    sheet: str
    labels: list[str | Promise]


def sheets_that_lack(roster: RosterImport) -> list[SheetLack]:
    """Sheets that look like part of the roster and lack a required column, each by its name."""
    columns = roster_kinds.get(roster.kind).all_columns()
    sheets = roster.layout.get("sheets", ())
    # Where no sheet can be read, even one without a heading that is known may be the roster.
    none_whole = all(sheet.get("missing") for sheet in sheets)
    return [
        SheetLack(sheet["sheet"], [columns[code].label for code in sheet["missing"] if code in columns])
        for sheet in sheets
        if sheet.get("missing") and (sheet.get("known") or none_whole)
    ]


def sheets_to_leave_out(roster: RosterImport) -> list[str]:
    """Sheets an officer may leave out, with those that are left out; none where there is only one."""
    left_out = roster.layout.get("left_out", [])
    if len(roster.layout.get("sheets", ())) + len(left_out) < 2:
        return []
    return [*(one.sheet for one in sheets_that_lack(roster)), *left_out]


def unread_sheets(roster: RosterImport) -> list[str]:
    """Visible sheets of which nothing is entered."""
    sheets = [sheet["sheet"] for sheet in roster.layout.get("sheets", ()) if sheet.get("missing")]
    return [*sheets, *roster.layout.get("left_out", [])]


@dataclass(frozen=True)
class HiddenPart:
    """Lines and columns of a sheet that are hidden in the table and were read all the same."""

    sheet: str
    lines: int
    first: int
    columns: list[str]


def hidden_in(roster: RosterImport) -> dict[str, Any] | None:
    """What is hidden in the table: sheets that were not read, lines and columns that were; None where nothing is."""
    hidden = roster.layout.get("hidden", {})
    found = {
        "sheets": hidden.get("sheets", []), "untold": hidden.get("untold", False),
        "read": [HiddenPart(**one) for one in hidden.get("read", ())],
    }  # fmt: skip
    return found if any(found.values()) else None


def may_take_back(roster: RosterImport) -> bool:
    """Whether it is in, and what its rows wrote is still known."""
    return roster.state == State.DONE and roster.deeds.exists()


def is_looked_at(roster: RosterImport) -> bool:
    """Whether the worker only looks what taking it back would do."""
    return roster.state == State.UNDOING and roster.undone_by_id is None


def looked_at(roster: RosterImport) -> datetime | None:
    """When the worker last looked what taking it back would do."""
    return datetime.fromisoformat(roster.counts["looked_at"]) if "looked_at" in roster.counts else None


def undo_consequences(roster: RosterImport) -> list[dict[str, str | Promise]]:
    """What taking it back would do, to how many rows, as it was looked at."""
    words = (
        ("would_go", _("As before the roster: what it added goes, what it changed is put back")),
        ("would_stay", _("Edited since: these stay as they are")),
    )
    rows = ngettext_lazy("%(n)s row", "%(n)s rows", "n")
    return [{"what": what, "many": rows % {"n": roster.counts[code]}} for code, what in words if code in roster.counts]


def far(roster: RosterImport) -> HowFar | None:
    """How far the worker is with what goes in or out in one step; None where that is not told."""
    return how_far(roster.public_id) if roster.state in (State.APPROVED, State.UNDOING) else None


def is_waiting(roster: RosterImport) -> bool:
    """Whether the worker has it, or will have it in a moment."""
    return roster.state in WAITING
