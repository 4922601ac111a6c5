"""The programmes that are published when the curtain rises; S70 is not: the story copies it before everybody's eyes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.queries import open_approvals
from niangjia.federation.scopes import system_scope
from niangjia.policy.services.drafts import copy_recipe, fill_in
from niangjia.policy.services.publishing import answer_request, ask_confirmation
from niangjia.policy.versions import APPROVAL_KIND
from niangjia.site.demo.documents import scan

PUBLISHED_AT = datetime(2026, 7, 31, 16, 0, tzinfo=clock.LOCAL)
VOUCHERS = "fengxian-employment-voucher"
_MEETING = "云禾县总工会主席办公会"


@dataclass(frozen=True)
class Adoption:
    """One recipe as the demo's union takes it over: its own numbers, document, meeting and budget."""

    recipe: str
    document_number: str
    meeting: str
    meeting_on: date
    budget_fen: int | None = None
    numbers: Mapping[str, int | date] = field(default_factory=dict)
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    drafted_by: str = "sumu"
    confirmed_by: str = "lianqiao"


ADOPTIONS = (
    Adoption(VOUCHERS, "云工发〔2026〕6号", _MEETING, date(2026, 3, 27)),
    Adoption("fengxian-employer-plaque", "云工发〔2026〕7号", _MEETING, date(2026, 3, 27), 10_000_000),
    Adoption("jianghua-early-return-subsidy", "云工发〔2026〕9号", _MEETING, date(2026, 4, 17), 13_000_000,
             {"last_start_day": date(2026, 2, 28)}),
    Adoption("yantai-consolation", "云工发〔2026〕12号", _MEETING, date(2026, 6, 12), 22_000_000,
             {"cut_off_day": date(2026, 7, 31)}, {"per": ["person"]}),
    Adoption("yantai-second-reimbursement", "云工发〔2026〕13号", _MEETING, date(2026, 6, 12), 40_000_000),
    Adoption("xiangshan-study-room", "云工发〔2026〕15号", _MEETING, date(2026, 7, 3), 28_000_000),
    # The county adds to what the province gives, for the pilots that lie in it: its own numbers, its own money.
    Adoption("inner-mongolia-reform-pilots", "云工发〔2026〕17号", _MEETING, date(2026, 7, 24), 10_000_000,
             {"term_from": date(2025, 7, 1), "project_subsidy": 5_000_000}),
    Adoption("nanqiao-age-band-vouchers", "云工发〔2026〕16号", _MEETING, date(2026, 7, 17), None, {"vouchers": 120}),
    Adoption("inner-mongolia-reform-pilots", "示工发〔2026〕21号", "示范省总工会主席办公会", date(2026, 7, 10),
             530_000_000, {"term_from": date(2025, 7, 1)}, drafted_by="yunbai", confirmed_by="xuesong"),
)  # fmt: skip
# What the story types in live: not published when the curtain rises.
STUDY_AID = Adoption(
    "henan-autumn-study-aid", "云工发〔2026〕18号", _MEETING, date(2026, 7, 30), 40_000_000,
    {"aid_per_student": 500_000, "income_line": 150_000, "near_band": 15_000},
)  # fmt: skip


def adopt_all(users: Mapping[str, User]) -> dict[str, int]:
    """Copy, fill in, ask and confirm each of them, as an officer's page does.

    Returns programme ids by recipe; of a recipe that two unions adopt, the last one's.
    """
    return {adoption.recipe: adopt(adoption, users).programme_id for adoption in ADOPTIONS}


@dataclass(frozen=True)
class Adopted:
    """A version that was published: its id, its public id, its programme."""

    id: int
    public_id: str
    programme_id: int


def adopt(adoption: Adoption, users: Mapping[str, User]) -> Adopted:
    """Copy one recipe, fill in what the union decides, ask, and have the second person confirm."""
    officer, deputy = users[adoption.drafted_by], users[adoption.confirmed_by]
    drafted = copy_recipe(recipe=adoption.recipe, acting_user=officer)
    paper = SimpleUploadedFile("scan.pdf", scan(f"{adoption.recipe} {adoption.meeting_on}"), "application/pdf")
    fill_in(
        version_public_id=drafted.public_id,
        numbers=adoption.numbers,
        choices=adoption.choices,
        document_number=adoption.document_number,
        meeting=adoption.meeting,
        meeting_on=adoption.meeting_on,
        budget_fen=adoption.budget_fen,
        attachment=paper,
        acting_user=officer,
    )
    ask_confirmation(version_public_id=drafted.public_id, acting_user=officer)
    approval = open_approvals(system_scope(), APPROVAL_KIND).get(object_id=drafted.pk)
    found = answer_request(approval_public_id=approval.public_id, verdict="confirmed", acting_user=deputy)
    return Adopted(found.pk, found.public_id, found.programme_id)
