"""Versions as other rooms and pages see them: plain values, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet

from niangjia.core.errors import NotFoundHere
from niangjia.engines import rules
from niangjia.engines.rules import tree
from niangjia.engines.rules.model import Give
from niangjia.engines.rules.notice import notice_in_words
from niangjia.engines.rules.words import show
from niangjia.federation.scopes import Scope
from niangjia.policy import bundles
from niangjia.policy.catalogue import record_set
from niangjia.policy.models import Programme, ProgrammeVersion
from niangjia.policy.numbers import label_of
from niangjia.policy.readiness import language_code
from niangjia.policy.sections import notice_of
from niangjia.policy.versions import in_force, published

_YEAR_EDITION = re.compile(r"^(\d{4})年版$")


@dataclass(frozen=True)
class CapCard:
    """How much (fen) or how often at most, per what, against which fact; `label` names it in the reader's language."""

    per: tuple[str, ...]
    limit: int
    received: str
    label: str


@dataclass(frozen=True)
class GiveCard:
    """One thing a programme gives, and whether it has an amount."""

    kind: str
    has_amount: bool


@dataclass(frozen=True)
class VersionCard:
    """What lists, letters and pages show of a published version."""

    id: int
    public_id: str
    programme_id: int
    programme_slug: str
    name: str
    edition: str
    subject: str
    unit: str
    owner_union_id: int
    area_id: int
    document_number: str
    meeting: str
    meeting_on: date | None
    valid_from: date
    valid_to: date | None
    budget_fen: int | None
    amount_text: str
    notice_days: int
    notice_before_approval: bool
    per: tuple[str, ...]
    payee: str
    notice_text: str
    published_at: datetime | None
    system: str
    decide: str
    # Sections of other rooms as they are written; whole numbers by name, as they stand on the last day known.
    sections: Mapping[str, object] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    caps: tuple[CapCard, ...] = ()
    gives: tuple[GiveCard, ...] = ()


def visible_to(scope: Scope) -> Q:
    """Versions of areas that the scope reaches, or that reach the scope: a town sees its county's programmes."""
    if scope.everything:
        return Q()
    found = Q(pk__in=[])
    for code, within in scope.parts():
        here = within.unions("area_id") | Q(area__below__descendant_id__in=within.roots)
        found |= here & Q(programme__slug=code) if code else here
    return found


def published_versions(on: date) -> list[VersionCard]:
    """Versions in force on a date, oldest first. For system acts and a person's own page, not for desks."""
    return [card_of(version) for version in in_force(on).order_by("publication__published_at", "pk")]


def versions_in(scope: Scope, on: date) -> list[VersionCard]:
    """Versions in force on a date that concern the unions in scope, oldest first."""
    rows = in_force(on).filter(pk__in=_visible(scope)).order_by("publication__published_at", "pk")
    return [card_of(version) for version in rows]


def version_card(scope: Scope, public_id: str) -> VersionCard:
    """One published version that concerns the scope, or `NotFoundHere`."""
    rows = published().filter(pk__in=_visible(scope), public_id=public_id).select_related("programme", "publication")
    version = rows.first()
    if version is None:
        raise NotFoundHere
    return card_of(version)


def cards_of(version_ids: Iterable[int]) -> dict[int, VersionCard]:
    """Cards of versions already known to lie in scope."""
    rows = ProgrammeVersion.objects.filter(pk__in=set(version_ids)).select_related("programme", "publication")
    return {row.pk: card_of(row) for row in rows}


def lock_programme(programme_id: int) -> None:
    """Let nobody else act on a programme, whichever its edition, until this transaction ends."""
    Programme.objects.select_for_update().filter(pk=programme_id).values_list("pk", flat=True).first()


def programme_slugs(programme_ids: Collection[int]) -> dict[int, str]:
    """Slugs of programmes by id."""
    return dict(Programme.objects.filter(pk__in=programme_ids).values_list("pk", "slug"))


def slugs_by_name() -> dict[str, str]:
    """Slugs of programmes by the name a paper would call them by, in either language."""
    rows = Programme.objects.order_by("-pk").values_list("slug", "name_zh", "name_en")
    return {name: slug for slug, *names in rows for name in names if name}


def programmes_of(scope: Scope) -> list[tuple[str, str]]:
    """Code and name of the programmes that the unions in scope have taken over, each code once."""
    rows = Programme.objects.filter(scope.unions("owner_union_id")).order_by("slug", "pk")
    return list({row.slug: name_of(row) for row in rows}.items())


def programme_names(slugs: Collection[str]) -> dict[str, str]:
    """Names of programmes by code, in the reader's language."""
    return {row.slug: name_of(row) for row in Programme.objects.filter(slug__in=slugs).order_by("-pk")}


def _visible(scope: Scope) -> QuerySet[ProgrammeVersion, int]:
    return ProgrammeVersion.objects.filter(visible_to(scope)).values_list("pk", flat=True)


def card_of(version: ProgrammeVersion) -> VersionCard:
    """The card of one version; its programme is read from the text that is kept compiled."""
    programme = bundles.programme_of(version.bundle)
    language = language_code()
    days, before = notice_of(programme.sections)
    publication = getattr(version, "publication", None)
    return VersionCard(
        id=version.pk, public_id=version.public_id, programme_id=version.programme_id,
        programme_slug=version.programme.slug, name=name_of(version.programme), edition=edition_of(version),
        subject=version.programme.subject, unit=unit_of(version.programme.subject),
        owner_union_id=version.programme.owner_union_id, area_id=version.area_id,
        document_number=version.document_number, meeting=version.meeting, meeting_on=version.meeting_on,
        valid_from=version.valid_from, valid_to=version.valid_to, budget_fen=version.budget_fen,
        amount_text=amount_text(programme, language), notice_days=days, notice_before_approval=before,
        per=tuple(programme.per), payee=programme.payee,
        notice_text=notice_in_words(programme, language, version.valid_from.year),
        published_at=publication.published_at if publication else None, system=programme.system,
        decide=programme.decide, sections=programme.sections, numbers=_numbers(programme),
        caps=_caps(programme, language), gives=tuple(GiveCard(give.kind, bool(give.amount)) for give in programme.give),
    )  # fmt: skip


def _numbers(programme: rules.Programme) -> dict[str, int]:
    latest = {code: amount.entries[-1].value for code, amount in programme.amounts.items() if amount.over is None}
    return {code: value for code, value in latest.items() if isinstance(value, int) and not isinstance(value, bool)}


def _caps(programme: rules.Programme, language: str) -> tuple[CapCard, ...]:
    limits = _numbers(programme)
    return tuple(
        CapCard(cap.per, limits[cap.limit], cap.received, label_of(programme, cap.limit, language))
        for cap in programme.caps
        if cap.limit in limits
    )


def name_of(programme: Programme) -> str:
    """A programme's name in the reader's language."""
    return programme.name_zh if language_code() == "zh" else programme.name_en


def edition_of(version: ProgrammeVersion) -> str:
    """An edition in the reader's language: 2026年版 is the 2026 edition."""
    found = _YEAR_EDITION.match(version.edition)
    return f"{found[1]} edition" if found and language_code() == "en" else version.edition


def unit_of(subject: str) -> str:
    """What subjects of a kind are counted in: 人, 户, 家, 个."""
    found = record_set(subject)
    return found.unit_zh if language_code() == "zh" else found.unit_en


def amount_text(programme: rules.Programme, language: str) -> str:
    """What the programme gives, in words: a fixed amount, a cap, or what follows from the facts."""
    parts = [_give_text(programme, give, language) for give in programme.give]
    return ("、" if language == "zh" else ", ").join(part for part in parts if part)


def _give_text(programme: rules.Programme, give: Give, language: str) -> str:
    words = "" if give.words is None else (give.words.zh if language == "zh" else give.words.en)
    money = _money_text(programme, give.amount, language) if give.amount else ""
    if words and money:
        return f"{words}（{money}）" if language == "zh" else f"{words} ({money})"
    return words or money


def _money_text(programme: rules.Programme, name: str, language: str) -> str:
    node = programme.expressions[name].value
    if isinstance(node, tree.AmountRef):
        return _number(programme, node.code, language)
    if isinstance(node, tree.Call) and node.name == "least":
        caps = [_number(programme, item.code, language) for item in node.items if isinstance(item, tree.AmountRef)]
        if caps:
            return f"最多{caps[0]}" if language == "zh" else f"at most {caps[0]}"
    return "按实际情况计算" if language == "zh" else "worked out from the facts"


def _number(programme: rules.Programme, code: str, language: str) -> str:
    amount = programme.amounts[code]
    value = amount.entries[-1].value
    if value is None:
        return "金额待定" if language == "zh" else "amount to be set"
    return show(value, amount.kind, language)
