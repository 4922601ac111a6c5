"""Everything that is kept about one person, for himself: rooms register what they hold of him.

A page, a workbook and a machine-readable file are made of the same rows. Values stand in full:
they are shown to the person they are about, and to nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from niangjia.accounts.phones import masked
from niangjia.core import clock
from niangjia.core.facts import facts
from niangjia.core.registries import Registry
from niangjia.files.queries import papers_of
from niangjia.people.models import (
    AuthoritySigner,
    Consent,
    CrossCheckSubject,
    EmploymentSpell,
    HardshipFile,
    Household,
    HouseholdMember,
    Mandate,
    MembershipSpell,
    OfficerPerson,
    OwnRequest,
    Person,
    Statement,
)
from niangjia.people.paperwork import kind_name
from niangjia.people.purposes import purposes
from niangjia.people.queries import mask_number
from niangjia.people.recorded import standing_facts
from niangjia.people.shown import PROOFS, in_chinese, label_of, value_text
from niangjia.people.values import from_text


@dataclass(frozen=True)
class HeldRow:
    """One thing that is kept: what, its value, where from, of which day, how well proved."""

    label: str
    value: str
    source: str = ""
    on: date | None = None
    proof: str = ""
    # As a page shows it before the download's second look at who reads: numbers hidden.
    covered: str = ""


@dataclass(frozen=True)
class Holding:
    """One kind of thing kept about persons; `models` are the tables it tells of, for the test that none is left out."""

    code: str
    title: str | Promise
    rows: Callable[[int, Collection[int]], list[HeldRow]]  # person id, ids of his households
    models: frozenset[str] = frozenset()


holdings: Registry[Holding] = Registry("holdings")


@dataclass(frozen=True)
class HeldSection:
    """One heading with its rows."""

    code: str
    title: str
    rows: tuple[HeldRow, ...]


def held_of(person_id: int) -> list[HeldSection]:
    """Everything kept about one person whom the caller may act for; empty kinds are left out."""
    homes = HouseholdMember.objects.filter(person_id=person_id, valid_to__isnull=True)
    household_ids = list(homes.values_list("household_id", flat=True))
    found = ((one, one.rows(person_id, household_ids)) for one in holdings.all())
    return [HeldSection(one.code, str(one.title), tuple(rows)) for one, rows in found if rows]


def register() -> None:
    """Offer what this room holds."""
    for holding in (
        Holding("people.person", gettext_lazy("Person"), _person, frozenset({"people.Person"})),
        Holding("people.facts", gettext_lazy("What is known"), _facts, frozenset({"people.RecordedFact"})),
        Holding("people.jobs", gettext_lazy("Jobs"), _jobs, frozenset({"people.EmploymentSpell"})),
        Holding("people.membership", gettext_lazy("Membership"), _membership, frozenset({"people.MembershipSpell"})),
        Holding(
            "people.household", gettext_lazy("Household"), _household,
            frozenset({"people.Household", "people.HouseholdMember", "people.HardshipFile"}),
        ),
        Holding(
            "people.statements", gettext_lazy("What you handed in"), _statements,
            frozenset({"people.Statement", "people.Verification", "files.StoredFile"}),
        ),
        Holding(
            "people.papers", gettext_lazy("Photographed forms"), _papers,
            frozenset({"files.PaperCode", "files.PaperPhoto"}),
        ),
        Holding("people.consents", gettext_lazy("Your consents"), _consents, frozenset({"people.Consent"})),
        Holding("people.mandates", gettext_lazy("Family"), _mandates, frozenset({"people.Mandate"})),
        Holding(
            "people.requests", gettext_lazy("Your requests"), _requests,
            frozenset({"people.OwnRequest", "people.OwnAnswer"}),
        ),
        Holding(
            "people.checks", gettext_lazy("Asked of other bureaus"), _checks,
            frozenset({"people.AuthoritySigner", "people.CheckAuthority", "people.CrossCheckSubject",
                       "people.CrossCheckChoice"}),
        ),
        Holding("people.officer", gettext_lazy("As an officer"), _as_officer, frozenset({"people.OfficerPerson"})),
    ):  # fmt: skip
        holdings.register(holding.code, holding)


def _day(at: datetime) -> date:
    return at.astimezone(clock.LOCAL).date()


def _person(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    one = Person.objects.select_related("union").get(pk=person_id)
    sex = {"female": _("Female"), "male": _("Male")}.get(one.sex, "")
    rows = [
        HeldRow(_("Name"), one.name),
        HeldRow(_("Sex"), sex),
        HeldRow(_("Date of birth"), one.born_on.isoformat() if one.born_on else ""),
        HeldRow(_("Identity number"), one.id_number, covered=mask_number(one.id_number)),
        HeldRow(_("Telephone"), one.phone, covered=masked(one.phone) if one.phone else ""),
        HeldRow(_("Union"), one.union.name),
    ]
    return [row for row in rows if row.value]


def _facts(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    rows = [*standing_facts().filter(subject_kind="person", subject_id=person_id).order_by("code", "-id")]
    rows += standing_facts().filter(subject_kind="household", subject_id__in=homes).order_by("code", "-id")
    found = []
    for row in rows:
        key = f"{row.subject_kind}.{row.code}"
        value = from_text(facts.get(key).type, row.value) if key in facts else row.value
        label = label_of(facts.get(key)) if key in facts else row.code
        text = value_text(facts.get(key), value) if key in facts else str(value)
        source = row.source_zh if in_chinese() else row.source_en
        found.append(HeldRow(label, text or _("not known"), source, row.true_on, str(PROOFS[row.proof])))
    return found


def _jobs(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    rows = EmploymentSpell.objects.filter(person_id=person_id).select_related("employer").order_by("-started_on")
    return [
        HeldRow(row.employer.name, _period(row.started_on, row.ended_on), row.source, row.recorded_at.date())
        for row in rows
    ]


def _period(first: date, last: date | None) -> str:
    end = last.isoformat() if last else _("today")
    return _("%(first)s to %(last)s") % {"first": first.isoformat(), "last": end}


def _membership(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    rows = MembershipSpell.objects.filter(person_id=person_id).select_related("union").order_by("-joined_on")
    return [HeldRow(row.union.name, _period(row.joined_on, row.ended_on)) for row in rows]


def _household(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    rows = [HeldRow(_("Address"), home.address) for home in Household.objects.filter(pk__in=homes) if home.address]
    for member in HouseholdMember.objects.filter(household_id__in=homes).select_related("person").order_by("pk"):
        rows.append(HeldRow(_("Member"), member.person.name, on=member.valid_from))
    for file in HardshipFile.objects.filter(household_id__in=homes).order_by("-entered_on"):
        rows.append(HeldRow(_("File of difficulty"), file.cause, on=file.entered_on))
    return rows


def _statements(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    rows = [*Statement.objects.filter(subject_kind="person", subject_id=person_id)]
    rows += Statement.objects.filter(subject_kind="household", subject_id__in=homes)
    words = {"confirmed": _("confirmed"), "returned": _("sent back")}
    answers = dict(Statement.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "verification__verdict"))
    found = []
    for row in sorted(rows, key=lambda one: one.stated_at, reverse=True):
        key = f"{row.subject_kind}.{row.code}"
        label = label_of(facts.get(key)) if key in facts else row.code
        paper = _("with a paper") if row.evidence_id else _("without a paper")
        state = words.get(answers.get(row.pk) or "", _("waits for an answer"))
        found.append(HeldRow(label, f"{paper} · {state}", on=_day(row.stated_at)))
    return found


def _papers(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    return [
        HeldRow(kind_name(photo.code.kind), "", on=_day(photo.filed_at))
        for photo in papers_of("person", person_id)
        if photo.code and photo.filed_at
    ]


def _checks(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    """The papers he signed, and whom his number was sent to."""
    signed = AuthoritySigner.objects.filter(person_id=person_id).select_related("authority").order_by("-pk")
    found = [
        HeldRow(_("Signed authority"), "、".join(row.authority.bureaus), row.authority.purpose, row.authority.signed_on)
        for row in signed
    ]
    sent = CrossCheckSubject.objects.filter(person_id=person_id, sent=True).select_related("check_batch")
    return found + [HeldRow(row.check_batch.bureau, row.check_batch.title, on=row.check_batch.sent_on) for row in sent]


def _consents(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    found = []
    for row in Consent.objects.filter(person_id=person_id).order_by("-id"):
        title = str(purposes.get(row.purpose).title) if row.purpose in purposes else row.purpose
        answer = _("given") if row.given else _("taken back")
        text = _("%(answer)s, text no. %(number)s") % {"answer": answer, "number": row.version}
        way = row.get_way_display() if in_chinese() else row.way
        found.append(HeldRow(title, text, way, _day(row.recorded_at)))
    return found


def _mandates(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    rows = Mandate.objects.filter(person_id=person_id).select_related("deputy").order_by("-pk")
    return [
        HeldRow(row.deputy.name, _("acts for you") if row.ended_at is None else _("ended"), on=_day(row.given_at))
        for row in rows
    ]


def _requests(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    rows = OwnRequest.objects.filter(person_id=person_id).select_related("answer").order_by("-pk")
    kinds = {"correct": _("Correction"), "erase": _("Deletion")}
    return [HeldRow(kinds[row.kind], row.wanted or row.says, on=_day(row.asked_at)) for row in rows]


def _as_officer(person_id: int, homes: Collection[int]) -> list[HeldRow]:
    rows = OfficerPerson.objects.filter(person_id=person_id).select_related("user").order_by("-pk")
    held = _("held back from what is your own")
    return [
        HeldRow(row.user.display_name, held if row.ended_at is None else _("ended"), row.source, _day(row.said_at))
        for row in rows
    ]
