"""What the page of one frozen list shows: its way so far, its rows, what moved since, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from niangjia.benefits import lists, status
from niangjia.benefits.candidates import open_holds
from niangjia.benefits.models import FrozenList, ListReturn, ListRow, PublicNotice, Serving
from niangjia.benefits.names import RowName, names_of
from niangjia.benefits.services.notice import APPROVAL_KIND
from niangjia.benefits.status import Status
from niangjia.benefits.wording import counted, money, unit_of
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.money import yuan
from niangjia.federation.listing.units import word_of
from niangjia.federation.queries import open_approvals
from niangjia.federation.scopes import Scope
from niangjia.policy import queries as policy


@dataclass(frozen=True)
class NoticeLine:
    """One row of a frozen list as the desk reads it."""

    row: ListRow
    name: RowName
    status: Status
    serving: Serving | None

    @property
    def can_be_served(self) -> bool:
        """Whether it can be ticked for handing out."""
        return self.serving is None and self.status.code in {"approved", "returned"}

    @property
    def undo_today(self) -> bool:
        """Whether its record was made today, so that it can be undone."""
        if self.serving is None:
            return False
        return self.serving.recorded_at.astimezone(clock.LOCAL).date() == clock.today()


@dataclass(frozen=True)
class Step:
    """One step of a list's way: done, now, or still to come."""

    mark: str  # yes | go | no
    what: str
    note: str
    needed: bool = True

    @property
    def word(self) -> str:
        """The mark in a word, for those who hear the page."""
        if not self.needed:
            return _("not needed")
        return {"yes": _("done"), "go": _("under way now"), "no": _("still to come")}[self.mark]


@dataclass
class NoticePage:
    """One frozen list in one scope."""

    scope: Scope
    frozen: FrozenList
    card: policy.VersionCard

    @cached_property
    def lines(self) -> list[NoticeLine]:
        """All rows in scope, those taken off included."""
        rows = lists.rows_of(self.scope, self.frozen)
        names = names_of(rows, today=clock.today(), numbers=True, scope=self.scope)
        holds = open_holds(self.frozen.version_id)
        return [
            NoticeLine(
                row, names[row.subject_kind, row.subject_id],
                status.of_row(row, self.frozen, held=(row.subject_kind, row.subject_id) in holds),
                lists.standing_serving(row),
            )
            for row in rows
        ]  # fmt: skip

    @cached_property
    def figures(self) -> lists.ListFigures:
        """What the live rows in scope come to."""
        return lists.figures_of(self.scope, [self.frozen]).get(self.frozen.pk, lists.ListFigures())

    @cached_property
    def difference(self) -> lists.Difference:
        """What moved since the list was frozen."""
        return lists.difference(self.scope, self.card, self.frozen)

    @cached_property
    def difference_names(self) -> dict[tuple[str, int], RowName]:
        """Names of those who are new or changed."""
        return names_of([*self.difference.new, *self.difference.changed], today=clock.today())

    @property
    def new_lines(self) -> list[RowName]:
        """Who meets the rule now and is on no list."""
        return [self.difference_names[one.subject_kind, one.subject_id] for one in self.difference.new]

    @property
    def changed_lines(self) -> list[RowName]:
        """Who would be decided otherwise today."""
        return [self.difference_names[row.subject_kind, row.subject_id] for row in self.difference.changed]

    @property
    def status(self) -> Status:
        """How the list as a whole stands."""
        return status.of_list(self.frozen, rows=self.figures.rows, served=self.figures.served)

    @cached_property
    def approval(self) -> Any:
        """The approval that was asked for and not decided, or None."""
        return open_approvals(self.scope, APPROVAL_KIND).filter(object_id=self.frozen.pk).first()

    @cached_property
    def returned(self) -> ListReturn | None:
        """The last time the second person sent it back, while nothing newer stands."""
        if self.is_approved or self.approval is not None:
            return None
        return self.frozen.returns.select_related("returned_by").order_by("-pk").first()

    @property
    def notice(self) -> PublicNotice | None:
        """The public notice, once it was given."""
        return getattr(self.frozen, "notice", None)

    @property
    def shows_paper(self) -> bool:
        """Whether the scan may be opened: it names the people of every town."""
        return self.scope.reaches_union(self.frozen.union_id)

    @property
    def has_places(self) -> bool:
        """Whether places are limited, so that one that is given back goes to the next."""
        return hasattr(self.frozen, "places")

    @property
    def is_cancelled(self) -> bool:
        """Whether the list was taken back."""
        return hasattr(self.frozen, "cancellation")

    @property
    def is_approved(self) -> bool:
        """Whether the deputy chair approved it."""
        return hasattr(self.frozen, "confirmation")

    @property
    def is_released(self) -> bool:
        """Whether the people on it may see how it stands."""
        return hasattr(self.frozen, "release")

    @property
    def notice_over(self) -> bool:
        """Whether the notice has run its days, or none is needed."""
        return not self.card.notice_days if self.notice is None else clock.today() > self.notice.ends_on

    @property
    def can_start_notice(self) -> bool:
        """Whether the notice is the next step."""
        early = self.card.notice_before_approval or self.is_approved
        return not self.is_cancelled and self.notice is None and bool(self.card.notice_days) and early

    @property
    def can_ask(self) -> bool:
        """Whether asking for approval is the next step."""
        if self.is_cancelled or self.is_approved or self.approval is not None:
            return False
        return self.notice_over or not self.card.notice_before_approval

    @property
    def numbers(self) -> list[dict[str, Any]]:
        """Rows, households, money and what was handed out, each with its unit."""
        found, unit = self.figures, unit_of(self.card)
        households = (
            counted(found.households, "household") if found.households and self.card.subject == "person" else ""
        )
        numbers = [
            {
                "label": _("On the list"),
                "value": f"{found.rows:,}",
                "unit": word_of(found.rows, unit),
                "note": households,
            },
            {"label": _("Delivered"), "value": f"{found.served:,}", "unit": word_of(found.served, unit)},
        ]
        if found.total_fen:
            note = _("%(served)s handed out") % {"served": money(found.served_fen)}
            numbers.insert(1, {"label": _("In all"), "value": yuan(found.total_fen), "unit": _("yuan"), "note": note})
        return numbers

    @property
    def sums(self) -> list[dict[str, Any]]:
        """Rows and money alone: what a second person compares with the paper."""
        return [{**one, "note": "" if one["unit"] == _("yuan") else one["note"]} for one in self.numbers[:-1]]

    @property
    def waiting_rows(self) -> bool:
        """Whether any row can still be ticked."""
        return any(line.can_be_served for line in self.lines)

    @property
    def can_serve(self) -> bool:
        """Whether rows can be recorded as handed out."""
        return self.is_approved and self.notice_over and not self.is_cancelled

    @property
    def can_be_taken_back(self) -> bool:
        """Whether nothing was handed out yet."""
        return not self.is_cancelled and all(not line.row.servings.all() for line in self.lines)

    @cached_property
    def steps(self) -> list[Step]:
        """The way of the list in its order: frozen, notice and approval as the programme says, handed out."""
        middle = [self._notice_step(), self._approval_step()]
        if not self.card.notice_before_approval:
            middle.reverse()
        frozen = _("%(day)s, %(meeting)s, %(document)s") % {
            "day": _day(self.frozen.frozen_at), "meeting": self.frozen.meeting, "document": self.frozen.document_number,
        }  # fmt: skip
        served = _("%(served)s of %(all)s") % {"served": self.figures.served, "all": self.figures.rows}
        mark = (
            "yes"
            if self.figures.rows and self.figures.served == self.figures.rows
            else "go"
            if self.can_serve
            else "no"
        )
        return [Step("yes", _("Frozen"), frozen), *middle, Step(mark, _("Handed out"), served)]

    def _notice_step(self) -> Step:
        title = _("Notice")
        if self.notice is None:
            days = self.card.notice_days
            if not days:
                return Step("no", title, _("not asked for"), needed=False)
            words = ngettext("not yet; %(days)s working day", "not yet; %(days)s working days", days)
            return Step("no", title, words % {"days": days})
        words = {"from": _day(self.notice.starts_on), "to": _day(self.notice.ends_on)}
        return Step("yes" if self.notice_over else "go", title, _("up on %(from)s, until %(to)s") % words)

    def _approval_step(self) -> Step:
        title = _("Approval")
        if self.is_approved:
            confirmation = self.frozen.confirmation
            words = {"who": confirmation.confirmed_by.display_name, "day": _day(confirmation.confirmed_at)}
            return Step("yes", title, _("%(who)s, %(day)s") % words)
        if self.approval is not None:
            return Step("go", title, _("asked on %(day)s") % {"day": _day(self.approval.asked_at)})
        return Step("no", title, _("not yet"))


def _day(value: Any) -> str:
    found = value.astimezone(clock.LOCAL).date() if hasattr(value, "astimezone") else value
    return status.day_in_words(found)


@dataclass(frozen=True)
class ListLine:
    """One frozen list on the overview."""

    frozen: FrozenList
    card: policy.VersionCard
    figures: lists.ListFigures
    status: Status

    @property
    def rows_words(self) -> str:
        """Rows on the list with their unit."""
        return counted(self.figures.rows, unit_of(self.card))

    @property
    def served_words(self) -> str:
        """Rows handed out with their unit."""
        return counted(self.figures.served, unit_of(self.card))


def overview(scope: Scope) -> list[ListLine]:
    """Frozen lists in scope, newest first."""
    found = list(lists.lists_in(scope))
    cards = policy.cards_of({frozen.version_id for frozen in found})
    figures: dict[int, lists.ListFigures] = {}
    for code, within in scope.parts():
        figures |= lists.figures_of(within, [one for one in found if code in ("", one.programme.slug)])
    return [
        _list_line(frozen, cards[frozen.version_id], figures.get(frozen.pk, lists.ListFigures())) for frozen in found
    ]


def _list_line(frozen: FrozenList, card: policy.VersionCard, figures: lists.ListFigures) -> ListLine:
    return ListLine(frozen, card, figures, status.of_list(frozen, rows=figures.rows, served=figures.served))


def open_list(scope: Scope, public_id: str) -> NoticePage:
    """The page of one frozen list, or `NotFoundHere`."""
    frozen = lists.list_in(scope, public_id)
    card = policy.cards_of([frozen.version_id])[frozen.version_id]
    return NoticePage(scope.of_programme(card.programme_slug), frozen, card)


def open_approval(scope: Scope, frozen: FrozenList) -> Any:
    """The approval that waits for this list, or `NotFoundHere`."""
    found = open_approvals(scope, APPROVAL_KIND).filter(object_id=frozen.pk).first()
    if found is None:
        raise NotFoundHere
    return found


def address(public_id: str) -> str:
    """The address of a frozen list's page."""
    return reverse("desk_notice", args=[public_id])


def usual_notice(frozen: FrozenList) -> dict[str, str]:
    """Place and telephone of the last notice of the same union: they rarely change."""
    last = PublicNotice.objects.filter(frozen_list__union_id=frozen.union_id).order_by("-pk").first()
    phone = policy.union_telephone(frozen.union_id)
    return {"place": last.place if last else "", "objection_phone": last.objection_phone if last else phone}


def cancelling(found: NoticePage) -> list[dict[str, str]]:
    """What taking a list back will do, to how many."""
    return [
        {"what": _("Rows set free for the next list"), "many": counted(found.figures.rows, unit_of(found.card))},
        {"what": _("Taken back in all"), "many": money(found.figures.total_fen)},
    ]
