"""A sample as its page shows it: strata with their hashes, drawn files, what differs, and the rate of differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from niangjia.accounts.models import User
from niangjia.engines import allocation
from niangjia.federation.listing.kinds import list_url
from niangjia.federation.listing.units import Count
from niangjia.federation.queries import public_ids, union_names
from niangjia.federation.scopes import scope_of
from niangjia.people.queries import SubjectCard, age_on, mask_name, members_of, subject_cards
from niangjia.people.shown import ShownFact, shown_facts
from niangjia.providers.permissions import READ as READ_PROVIDERS
from niangjia.providers.queries import contracts_for
from niangjia.visits import queries
from niangjia.visits.models import Finding, Sample, SampleRow, Stratum
from niangjia.visits.samplelist import CHECKED, DIFFERING, DRAWN, RIGHT

PER_CENT = 100


@dataclass(frozen=True)
class StratumLine:
    """One county's or town's part of a sample."""

    stratum: Stratum
    name: str
    union: str  # its public id
    checked: int
    differing: int
    put_right: int

    @property
    def counts(self) -> dict[str, Count]:
        """Its numbers, each opening the drawn files it counts; before the draw there are none."""
        one = self.stratum
        numbers = {"": one.places, CHECKED: self.checked, DIFFERING: self.differing, RIGHT: self.put_right}
        found = _counts(one.sample, numbers, stratum=self.union)
        return {**found, "files": Count(one.files, "household", url="")}

    @property
    def rate(self) -> str:
        """Differences of what was checked, in per cent; nothing where nothing was checked."""
        return per_cent(self.differing, self.checked)


def _counts(sample: Sample, numbers: Mapping[str, int], **asked: str) -> dict[str, Count]:
    is_drawn = hasattr(sample, "seed")
    return {
        state or "drawn": Count(
            number, "household",
            url=list_url(DRAWN, sample.public_id, **asked, **({"state": state} if state else {})) if is_drawn else "",
        )
        for state, number in numbers.items()
    }  # fmt: skip


def per_cent(part: int, whole: int, places: int = 2) -> str:
    """A share in per cent, rounded half up with integers; empty without a whole: n/a is not nought."""
    if whole <= 0:
        return ""
    scale = 10**places
    rounded = (part * PER_CENT * scale * 2 + whole) // (whole * 2)
    return f"{rounded // scale}.{rounded % scale:0{places}d}"


@dataclass(frozen=True)
class DrawnLine:
    """One drawn file for the union's own page."""

    row: SampleRow
    card: SubjectCard
    finding: Finding | None

    @property
    def differs(self) -> bool:
        """Whether it says in words what was otherwise than in the file."""
        return self.finding is not None and not self.finding.agrees

    @property
    def is_open(self) -> bool:
        """Whether something must still be put right."""
        return self.finding is not None and not self.finding.agrees and not hasattr(self.finding, "rectification")


def sample_context(sample: Sample, today: date) -> dict[str, Any]:
    """Everything a sample's page shows of a sample found in scope."""
    rows = list(queries.drawn_rows(sample))
    cards = subject_cards("household", [row.household_id for row in rows], today=today)
    lines = [DrawnLine(row, cards[row.household_id], getattr(row, "finding", None)) for row in rows]
    strata = list(sample.strata.order_by("pk"))
    ids = [stratum.union_id for stratum in strata]
    names, unions = union_names(ids), public_ids(ids)
    return {
        "sample": sample, "seed": getattr(sample, "seed", None), "lines": lines,
        "strata": [_stratum_line(one, names[one.union_id], unions[one.union_id], lines) for one in strata],
        "assessors": [one.user for one in queries.assessors_of(sample)],
        "handovers": [HandoverLine(sample, one.contract, today) for one in queries.handovers_of(sample)],
        "counts": _counts(sample, {
            "": len(lines), CHECKED: sum(line.finding is not None for line in lines),
            DIFFERING: sum(line.differs for line in lines),
        }),
    }  # fmt: skip


@dataclass(frozen=True)
class HandoverLine:
    """A provider that has a sample in its hands, and whether its people still see it."""

    sample: Sample
    contract: Any
    today: date

    @property
    def is_over(self) -> bool:
        """Whether the contract has ended, so that nobody of the provider sees the files."""
        return hasattr(self.contract, "ending") or self.contract.valid_to < self.today


def contract_choices(user: User, sample: Sample) -> list[tuple[str, str]]:
    """The contracts under which somebody can put a sample found in scope into a provider's hands."""
    found = contracts_for(scope_of(user, READ_PROVIDERS), sample.union_id)
    return [(one.public_id, f"{one.provider.name} · {one.document_number}") for one in found]


def _stratum_line(stratum: Stratum, name: str, union: str, lines: list[DrawnLine]) -> StratumLine:
    findings = [line.finding for line in lines if line.row.stratum_id == stratum.pk and line.finding is not None]
    differing = [one for one in findings if not one.agrees]
    put_right = sum(hasattr(one, "rectification") for one in differing)
    return StratumLine(stratum, name, union, len(findings), len(differing), put_right)


def stratum_file(stratum: Stratum) -> str:
    """The draw of a stratum as a file that anybody can run again, with the seed once it is out."""
    seed = getattr(stratum.sample, "seed", None)
    draw = allocation.read_draw(stratum.committed)
    return allocation.write_draw(draw.with_seed(seed.value) if seed else draw)


@dataclass(frozen=True)
class MaskedMember:
    """A member as an outsider sees him."""

    name: str
    relation: str
    age: int | None


def masked_file(row: SampleRow, today: date) -> dict[str, Any]:
    """What an assessor sees of a drawn file: masked names, grade, facts with their sources, papers; no number."""
    members = [
        MaskedMember(
            mask_name(one.person.name), one.relation,
            None if one.person.born_on is None else age_on(one.person.born_on, today),
        )
        for one in members_of([row.household_id])
    ]  # fmt: skip
    facts: list[ShownFact] = shown_facts("household", [row.household_id], today)[row.household_id]
    return {
        "row": row, "members": members, "facts": facts, "file": queries.open_file(row.household_id),
        "papers": queries.papers_of(row.household_id),
        "taken_back": queries.papers_taken_back(row.household_id),
        "visits": list(queries.visits_of([row.household_id])[:5]),
        "head": next((one.name for one in members if one.relation == "head"), ""),
        "finding": getattr(row, "finding", None),
    }  # fmt: skip


@dataclass(frozen=True)
class MaskedRow:
    """One drawn file on an assessor's list."""

    row: SampleRow
    head: str
    is_checked: bool


def masked_rows(rows: Iterable[SampleRow], today: date) -> list[MaskedRow]:
    """An assessor's list: masked names only."""
    found = list(rows)
    cards = subject_cards("household", [row.household_id for row in found], today=today)
    return [MaskedRow(row, mask_name(cards[row.household_id].name), hasattr(row, "finding")) for row in found]
