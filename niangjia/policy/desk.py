"""What the officer's pages about programmes show; each read starts from the reader's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.engines import rules
from niangjia.engines.rules import tree
from niangjia.engines.rules.rows import Row, rows_in_words
from niangjia.federation.listing.kinds import list_url
from niangjia.federation.queries import open_approvals
from niangjia.federation.scopes import rights_of, scope_of, system_scope
from niangjia.policy import bundles, numbers
from niangjia.policy.cards import amount_text, card_of, edition_of, name_of, versions_in, visible_to
from niangjia.policy.models import ProgrammeVersion, Sweep
from niangjia.policy.readiness import Gap, gaps_of, language_code
from niangjia.policy.standings import TabCount, counts_of
from niangjia.policy.versions import APPROVAL_KIND, ASKED, DRAFT, in_force, state_of

YES_NO = {"是", "否", "yes", "no"}
DRAFTING, CONFIRMING, READING = "policy.version:draft", "policy.version:confirm", "policy.programme:read"


def version_for(user: Any, public_id: str) -> ProgrammeVersion:
    """A version this user may look at: published ones that concern him, drafts only for who drafts or confirms."""
    version = (
        ProgrammeVersion.objects.filter(public_id=public_id)
        .filter(pk__in=_published_for(user) | _unpublished_for(user))
        .select_related("programme", "publication__published_by", "withdrawal", "attachment", "drafted_by", "area")
        .first()
    )
    if version is None:
        raise NotFoundHere
    return version


def _published_for(user: Any) -> Any:
    scope = scope_of(user, READING)
    return ProgrammeVersion.objects.filter(visible_to(scope), publication__isnull=False).values("pk").order_by()


def _unpublished_for(user: Any) -> Any:
    mine = scope_of(user, DRAFTING).unions("area_id") | scope_of(user, CONFIRMING).unions("area_id")
    return ProgrammeVersion.objects.filter(mine, publication__isnull=True).values("pk").order_by()


@dataclass(frozen=True)
class InForce:
    """One programme in force on the first page."""

    card: Any
    counts: dict[str, TabCount]
    opens: bool  # whether the reader may open lists

    @property
    def met(self) -> TabCount:
        """Who meets the rule."""
        return self.counts.get("yes", TabCount(0, 0, 0, 0))

    def list_of(self, tab: str) -> str:
        """Where these stand as a list: kept by a room above, by its name."""
        return list_url("benefits.list", self.card.public_id, tab=tab) if self.opens else ""

    @property
    def met_url(self) -> str:
        """Who meets the rule."""
        return self.list_of("met")

    @property
    def missing_url(self) -> str:
        """Who lacks one fact."""
        return self.list_of("one_missing")

    @property
    def one_missing(self) -> int:
        """Who lacks one fact."""
        found = self.counts.get("one_missing")
        return found.subjects if found else 0


def programmes_in_force(user: User) -> list[InForce]:
    """Programmes that concern the user's unions, with the counts of his own people."""
    scope = scope_of(user, READING)
    cards = versions_in(scope, clock.today())
    counts: dict[int, dict[str, TabCount]] = {}
    for code, within in scope.parts():
        counts |= counts_of(within, [card.id for card in cards if code in ("", card.programme_slug)])
    opens = "benefits.list:read" in rights_of(user)
    return [InForce(card, counts.get(card.id, {}), opens) for card in cards]


@dataclass(frozen=True)
class Waiting:
    """A draft, or a request that waits for the second person."""

    version: ProgrammeVersion
    name: str
    edition: str
    state: str
    gaps: int
    returned: str
    approval: str = ""
    asked_by: str = ""
    asked_at: datetime | None = None
    is_own: bool = False


def drafts_of(user: User) -> list[Waiting]:
    """Drafts of the user's unions that nobody has been asked about, newest first."""
    scope = scope_of(user, DRAFTING)
    if scope.is_empty:
        return []
    asked = open_approvals(system_scope(), APPROVAL_KIND).values("object_id")
    rows = (
        ProgrammeVersion.objects.filter(scope.unions("area_id"), publication__isnull=True)
        .exclude(pk__in=asked)
        .select_related("programme")
        .prefetch_related("returns")
        .order_by("-drafted_at", "-pk")
    )
    return [
        Waiting(row, name_of(row.programme), edition_of(row), DRAFT, len(gaps_of(row)), _last_return(row))
        for row in rows
    ]


def _last_return(version: ProgrammeVersion) -> str:
    notes = sorted(version.returns.all(), key=lambda found: found.pk)
    return notes[-1].note if notes else ""


def requests_for(user: User) -> list[Waiting]:
    """Requests that wait in the user's unions: for the second person to answer, for the asker to see."""
    found = {}
    for right in (CONFIRMING, DRAFTING):
        scope = scope_of(user, right)
        if not scope.is_empty:
            found |= {approval.object_id: approval for approval in open_approvals(scope, APPROVAL_KIND)}
    rows = ProgrammeVersion.objects.filter(pk__in=list(found)).select_related("programme")
    return [
        Waiting(
            row, name_of(row.programme), edition_of(row), ASKED, 0, "", approval=found[row.pk].public_id,
            asked_by=found[row.pk].asked_by.display_name, asked_at=found[row.pk].asked_at,
            is_own=found[row.pk].asked_by_id == user.pk,
        )
        for row in sorted(rows, key=lambda row: found[row.pk].asked_at)
    ]  # fmt: skip


def request_of(version: ProgrammeVersion) -> Any:
    """The open request about a version, or None."""
    return open_approvals(system_scope(), APPROVAL_KIND).filter(object_id=version.pk).first()


@dataclass(frozen=True)
class Part:
    """One condition: its sentence, its rows in words, the clause behind it, and how several rows are joined."""

    sentence: str
    rows: Sequence[Row]
    clause: rules.model.Clause | None
    joined: str = ""  # or | and, where the condition has several rows


def rule_of(programme: rules.Programme) -> list[Part]:
    """The rule as rows in words, by condition."""
    language = language_code()
    conditions = {item.id: item for item in programme.conditions}
    parts: dict[str, list[Row]] = {}
    for row in rows_in_words(programme, language):
        # "is — yes" says the same twice: a yes or no needs no comparison.
        plain = replace(row, comparison="") if row.threshold in YES_NO else row
        parts.setdefault(row.condition, []).append(plain)
    return [
        Part(rows[0].sentence, rows, conditions[name].clause, _joined(conditions[name].when))
        for name, rows in parts.items()
    ]


def _joined(condition: tree.Expression) -> str:
    if isinstance(condition, tree.Or):
        return "or"
    return "and" if isinstance(condition, tree.And) else ""


@dataclass(frozen=True)
class NumberLine:
    """One number of the text in words, and where it comes from."""

    label: str
    value: str
    origin: str
    document: str
    by: str
    line: str


def numbers_in_words(programme: rules.Programme) -> list[NumberLine]:
    """The numbers of a text in words."""
    language = language_code()
    return [
        NumberLine(
            found.label, numbers.shown(programme.amounts[found.code], found.value, language), found.origin,
            found.document, found.by, found.line,
        )
        for found in numbers.numbers_of(programme, language)
    ]  # fmt: skip


@dataclass(frozen=True)
class VersionPage:
    """Everything one version's page shows."""

    version: ProgrammeVersion
    name: str
    edition: str
    state: str
    unit: str
    amount: str
    programme: rules.Programme
    rule: list[Part]
    numbers: list[NumberLine]
    gaps: list[Gap]
    request: Any
    returned: Any
    last_sweep: Sweep | None

    @property
    def is_draft(self) -> bool:
        """Whether the text may still be changed."""
        return self.state == DRAFT


def version_page(version: ProgrammeVersion) -> VersionPage:
    """The page of a version already known to lie in scope."""
    programme = bundles.programme_of(version.bundle)
    card, today = card_of(version), clock.today()
    request = request_of(version) if getattr(version, "publication", None) is None else None
    state = state_of(version, today, is_asked=request is not None, is_newest=_is_newest(version, today))
    return VersionPage(
        version, card.name, card.edition, state, card.unit, amount_text(programme, language_code()), programme,
        rule_of(programme), numbers_in_words(programme), gaps_of(version) if state == DRAFT else [], request,
        version.returns.select_related("returned_by").order_by("-pk").first() if state == DRAFT else None,
        version.sweeps.order_by("-pk").first(),
    )  # fmt: skip


def _is_newest(version: ProgrammeVersion, today: date) -> bool:
    later = Q(programme_id=version.programme_id, number__gt=version.number)
    return not in_force(today).filter(later).exists()
