"""能享受: what one worker and his household can get, in the order in which it matters to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from niangjia.benefits import status
from niangjia.benefits.answerdays import answer_days
from niangjia.benefits.candidates import LiveRows
from niangjia.benefits.holders import Holders, check_by, holders
from niangjia.benefits.models import ListRow, Serving
from niangjia.benefits.ownplaces import told_places
from niangjia.benefits.periods import overlap, period_of
from niangjia.benefits.status import Status, day_in_words
from niangjia.benefits.wording import language, money, paragraphs
from niangjia.core.facts import facts
from niangjia.federation.queries import OfficerCard
from niangjia.federation.scopes import scope_of
from niangjia.people import queries as people
from niangjia.people.merged import led_into
from niangjia.policy import queries as policy

CLOSED = {"no", "ended", "served"}
UNDER_WAY = {"verify", "notice", "notice_over", "approved", "served", "returned"}


@dataclass(frozen=True)
class Matter:
    """One programme for one subject of mine: state, why, who holds it, until when, and what happens by itself."""

    own: policy.OwnStanding
    subject: people.SubjectCard
    status: Status
    holder: OfficerCard | None
    until: date | None
    by_itself: str
    amount: str
    is_me: bool
    alone: bool = True
    shared: int | None = None  # the household, where the programme gives once per household
    on_list: bool = False
    place: str = ""

    @property
    def concerns_me(self) -> bool:
        """Whether it is the reader's own, or his household's as a whole."""
        return self.is_me or self.shared is not None

    @property
    def name(self) -> str:
        """The programme's name."""
        return self.own.card.name

    @property
    def whose(self) -> str:
        """For whom it is, where that is not the reader himself."""
        if self.own.subject_kind == "household" or self.shared is not None:
            return _("for your household")
        if self.is_me:
            return "" if self.alone else _("for you")
        return self.subject.name

    @property
    def about(self) -> list[str]:
        """The programme's own words, paragraph by paragraph."""
        return paragraphs(self.own.card.notice_text)

    @property
    def because(self) -> str:
        """One sentence why."""
        return self.own.because

    @property
    def url(self) -> str:
        """The page with every condition."""
        return reverse("my_benefit", args=[self.own.card.public_id, self.subject.public_id])

    @property
    def asks_me(self) -> bool:
        """Whether the one thing that is missing can be handed in here by the reader."""
        key = self.own.ask
        known = bool(key) and key in facts and facts.get(key).recorded
        return known and self.own.supplier == "person" and self.status.code == "ask" and not self.own.is_silent

    @property
    def asks_paper(self) -> bool:
        """Whether what is missing is a paper to photograph, not a value to fill in."""
        return self.asks_me and facts.get(self.own.ask).type == "bool"

    @property
    def supply_url(self) -> str:
        """Where the missing fact is handed in."""
        return supply_url(self.own, self.subject)


@dataclass(frozen=True)
class OwnPage:
    """The groups of 能享受, in their order."""

    first: Matter | None
    met: tuple[Matter, ...]
    missing: tuple[Matter, ...]
    under_way: tuple[Matter, ...]
    not_now: tuple[Matter, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is offered in the person's area."""
        return not (self.first or self.met or self.missing or self.under_way or self.not_now)


def own_matters(user: Any, today: date) -> list[Matter]:
    """Everything one worker's pages show; the number of queries does not grow with programmes or facts asked."""
    subjects = people.own_subjects(user, today)
    cards = subject_cards(subjects, today)
    found = policy.own_standings(subjects, today)
    rows, places = list_rows(subjects), told_places(found)
    offices = replace(
        holders({card.union_id for card in cards.values()}, {own.card.owner_union_id for own in found}),
        answers=answer_days({own.card.id for own in found}),
    )
    me = scope_of(user, "benefits.own:read").persons
    alone = len(subjects["person"]) < 2
    matters = [
        matter(
            own, cards[own.subject_kind, own.subject_id], row_of(rows, own, today), offices,
            is_me=own.subject_id in me or own.subject_kind != "person", alone=alone,
            shared=_shared(own, subjects["household"]),
            place=places.get((own.card.id, own.subject_kind, own.subject_id), ""),
        )
        for own in found
    ]  # fmt: skip
    return sorted(matters, key=lambda one: not one.concerns_me)


def _shared(own: policy.OwnStanding, household_ids: Sequence[int]) -> int | None:
    """The household that gets it once for all members; a person without a household gets it for himself."""
    if own.subject_kind != "person" or "household" not in own.card.per:
        return None
    if own.standing is not None:
        return own.standing.household_id
    return household_ids[0] if len(household_ids) == 1 else None


def once_per_household(matters: Sequence[Matter]) -> list[Matter]:
    """The matters with one for each household where it gets one: the member's that is furthest."""
    groups: dict[tuple[int, int], list[Matter]] = {}
    for one in matters:
        if one.shared is not None:
            groups.setdefault((one.own.card.id, one.shared), []).append(one)
    kept = {id(min(found, key=_how_far)) for found in groups.values()}
    return [one for one in matters if one.shared is None or id(one) in kept]


def _how_far(one: Matter) -> tuple[bool, int, bool]:
    # Among members who stand alike the reader's own: he can follow why.
    return not one.on_list, -one.status.rank, not one.is_me


def subject_cards(subjects: Mapping[str, Sequence[int]], today: date) -> dict[tuple[str, int], people.SubjectCard]:
    """Cards of one's own subjects by kind and id."""
    return {
        (kind, pk): card
        for kind, ids in subjects.items()
        if ids
        for pk, card in people.subject_cards(kind, ids, today=today).items()
    }


def list_rows(subjects: Mapping[str, Sequence[int]]) -> list[ListRow]:
    """Live rows of lists that one's own subjects stand on, with their lists' state; three queries."""
    wanted = Q(household_id__in=subjects.get("household", []))
    for kind, ids in subjects.items():
        went = led_into(ids) if kind == "person" and ids else {}
        wanted |= Q(subject_kind=kind, subject_id__in=[*ids, *went])
    return list(
        ListRow.objects.filter(wanted, excluded_at__isnull=True)
        .select_related(
            "frozen_list__notice", "frozen_list__confirmation", "frozen_list__cancellation", "frozen_list__release"
        )
        .prefetch_related(Prefetch("servings", Serving.objects.select_related("ending").order_by("pk")))
        .order_by("-pk")
    )  # fmt: skip


def row_of(rows: Sequence[ListRow], own: policy.OwnStanding, today: date) -> ListRow | None:
    """The row of the list that one matter is on: its own, or the one that stands for the same entitlement.

    It may be a row of another edition of the programme: who was paid by that one is not paid again.
    """
    period = period_of(own.card, today)
    near = [
        row for row in rows
        if row.frozen_list.version_id == own.card.id
        or (row.programme_id == own.card.programme_id and overlap(row.period, period))
    ]  # fmt: skip
    live = LiveRows.of_rows(list(reversed(near)))
    return live.of(own.standing) if own.standing else live.by_subject.get((own.subject_kind, own.subject_id))


def matter(
    own: policy.OwnStanding,
    subject: people.SubjectCard,
    row: ListRow | None,
    offices: Holders,
    *,
    is_me: bool,
    alone: bool = True,
    shared: int | None = None,
    place: str = "",
) -> Matter:
    """One matter in words; nothing decided is shown before the officer released it."""
    state = status.of_own(own.tab, own.standing.changed_at if own.standing else None)
    if row is not None:
        told = status.for_worker(status.of_row(row, row.frozen_list), released=hasattr(row.frozen_list, "release"))
        # Before the release the rule's own answer stands: a list is not spoken of.
        state = told if told.code != "yes" else state
    holder, until = _held(own, subject, state, offices)
    return Matter(
        own, subject, state, holder, until, _by_itself(own, state, offices), _amount(own, state, row), is_me, alone,
        shared, on_list=row is not None, place=place,
    )  # fmt: skip


def _held(
    own: policy.OwnStanding, subject: people.SubjectCard, state: Status, offices: Holders
) -> tuple[OfficerCard | None, date | None]:
    if state.code == "verify":
        return offices.of_town(subject.union_id, own.card.owner_union_id), check_by(_handed_in(own))
    if state.code in {"ask", "ask_more"}:
        return offices.of_town(subject.union_id, own.card.owner_union_id), own.card.valid_to
    if state.code in {"yes", "notice_over"}:
        return offices.of_owner(own.card.owner_union_id), offices.answer_by(own.card.id, own.card.valid_to)
    until = state.when if state.code == "notice" else None if state.code in CLOSED else own.card.valid_to
    return offices.of_owner(own.card.owner_union_id), until


def _handed_in(own: policy.OwnStanding) -> date | None:
    name = own.ask.rpartition(".")[2]
    lines = [line for sentence in own.explanation.sentences for line in sentence.facts]
    return next((line.on for line in lines if line.code.rpartition(".")[2] == name and line.on), None)


def _by_itself(own: policy.OwnStanding, state: Status, offices: Holders) -> str:
    """What happens if the person does nothing."""
    if state.code in {"yes", "notice_over"} and offices.is_late(own.card.id):
        words = {"day": day_in_words(offices.answers[own.card.id])}
        return _("The union meant to answer by %(day)s and is late. Nothing is lost by that; please call.") % words
    last = day_in_words(own.card.valid_to) if own.card.valid_to else ""
    if state.code in {"ask", "ask_more"}:
        if own.supplier != "person":
            return _("You need not run anywhere: the union asks for it.")
        return _("If you hand in nothing, nothing is lost; it counts until %(day)s.") % {"day": last} if last else ""
    words = {
        "yes": _("You need not do anything. When the list is fixed you are told here."),
        "verify": _("If it cannot be read, one sentence here says what to do."),
        "notice": _("If nobody objects, it goes on by itself."),
        "notice_over": _("It goes on by itself."),
        "approved": _("It is handed out next; you need not apply."),
        "returned": _("It came back and is being sent again. Please compare the account number with the officer."),
    }  # fmt: skip
    return words.get(state.code, "")


def _amount(own: policy.OwnStanding, state: Status, row: ListRow | None) -> str:
    """Money as decided, or marked as worked out; nothing for what is not met."""
    if row is not None and state.code in {"approved", "served", "returned"}:
        return money(row.amount_fen) if row.amount_fen is not None else own.card.amount_text
    if own.amount_fen is not None and state.code in {"yes", "verify", "notice", "notice_over"}:
        return _("Worked out: %(amount)s; not decided yet") % {"amount": money(own.amount_fen)}
    open_codes = {"yes", "verify", "notice", "notice_over", "ask", "ask_more"}
    text = own.card.amount_text if state.code in open_codes else ""
    return _("Gives: %(amount)s") % {"amount": text} if text else ""


def page_of(matters: Sequence[Matter]) -> OwnPage:
    """The groups of the page: the one thing first, then what is met, missing, under way, and folded the rest."""
    asking = [one for one in matters if one.asks_me]
    first = asking[0] if asking else None
    rest = [one for one in matters if one is not first]
    under_way = tuple(one for one in rest if one.status.code in UNDER_WAY)
    met = tuple(one for one in rest if one.status.code == "yes")
    # Where several things are missing, asking for one of them would only cost the person a walk: that is folded away.
    missing = tuple(one for one in rest if one.status.code == "ask" and not one.own.is_silent)
    shown = {id(one) for one in (*under_way, *met, *missing)}
    # What does not fit a relative says nothing to the reader: only his own and the household's.
    not_now = tuple(one for one in rest if id(one) not in shown and one.concerns_me)
    return OwnPage(first, met, missing, under_way, not_now)


@dataclass(frozen=True)
class Task:
    """One fact to hand in, however many programmes ask for it."""

    label: str
    question: str
    whose: str
    url: str
    programmes: tuple[str, ...]
    last_day: date | None
    sent_back: str = ""


SentBack = Mapping[tuple[str, int, str], str]


def tasks_of(matters: Sequence[Matter], sent_back: SentBack | None = None) -> list[Task]:
    """要办的: each missing fact once, with what the officer wrote where he sent the last paper back."""
    groups: dict[str, list[Matter]] = {}
    for one in matters:
        if one.asks_me:
            groups.setdefault(one.supply_url, []).append(one)
    return [_task(found, sent_back or {}) for found in groups.values()]


def note_of(own: policy.OwnStanding, sent_back: SentBack) -> str:
    """What the officer wrote when he sent the last paper back that this matter asks for; empty if he did not."""
    kind, _dot, code = own.ask.partition(".")
    for (subject_kind, subject_id, stated), note in sent_back.items():
        # A person belongs to one household, so its facts need no id to be found.
        if (subject_kind, stated) == (kind, code) and (kind == "household" or subject_id == own.subject_id):
            return note
    return ""


def _task(found: Sequence[Matter], sent_back: SentBack) -> Task:
    first = found[0]
    fact = facts.get(first.own.ask)
    question = fact.question_zh if language() == "zh" else fact.question_en
    days = [one.own.card.valid_to for one in found if one.own.card.valid_to]
    names = tuple(dict.fromkeys(one.name for one in found))
    return Task(
        first.own.ask_label,
        question or first.own.ask_label,
        first.whose,
        first.supply_url,
        names,
        min(days, default=None),
        note_of(first.own, sent_back),
    )


def supply_url(own: policy.OwnStanding, subject: people.SubjectCard) -> str:
    """Where one missing fact is handed in: at the record it belongs to."""
    kind = own.ask.partition(".")[0]
    owner = "household" if kind == "household" else subject.public_id
    return reverse("my_supply", args=[owner, own.ask])
