"""The register of purposes: for what something is used, on which ground, what of it, until when, who sees it.

It is what a person reads before he answers, in his words. A purpose that rests on consent has a text
with a number; a new meaning is a new number, and asks again.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core.inventory import Ground
from niangjia.core.registries import Registry

REGISTER, ACCOUNTS, BUREAU_CHECK, ILLNESS, NOTICE_NAME = (
    "register", "accounts", "bureau-check", "illness", "notice-name",
)  # fmt: skip


@dataclass(frozen=True)
class Purpose:
    """One thing personal values are used for.

    `facts` are the facts that serve this purpose alone: withdrawn, no rule reads them any more.
    `silent` says what no answer means: what a person handed in for a purpose is used for it until he
    takes that back; what goes to others waits for his word.
    """

    code: str
    title: str | Promise
    ground: Ground
    uses: str | Promise
    until: str | Promise
    seen_by: str | Promise
    # What happens after a withdrawal; said before it.
    then: str | Promise = ""
    version: int = 1
    silent: bool = True
    facts: frozenset[str] = frozenset()

    @property
    def rests_on_consent(self) -> bool:
        """Whether the person may say no."""
        return self.ground is Ground.CONSENT


purposes: Registry[Purpose] = Registry("purposes")

GROUNDS = {
    Ground.UNION_LAW: _("the Trade Union Law: the union's work for its workers"),
    Ground.LEGAL_DUTY: _("a duty laid down by law"),
    Ground.CONTRACT: _("needed for what you asked for"),
    Ground.CONSENT: _("your consent, which you may take back at any time"),
}
_ILLNESS_FACTS = frozenset({
    "household.medical_bill", "household.medical_insurance_paid", "household.serious_illness_paid",
    "household.mutual_aid_paid", "household.medical_assistance_paid", "household.medical_slips_complete",
    "household.serious_illness", "person.hospital_admitted_on", "person.hospital_own_cost",
})  # fmt: skip


def register() -> None:
    """Offer the purposes of this room; rooms above add theirs."""
    for purpose in (
        Purpose(
            REGISTER, _("Finding what you can get"), Ground.UNION_LAW,
            _("Name, birthday, job, membership, household, and what you or your employer handed in."),
            _("As long as you are registered, then three years; a file of difficulty ten years longer."),
            _("The officers of your union and of the county union."),
        ),
        Purpose(
            ACCOUNTS, _("Accounting for money"), Ground.LEGAL_DUTY,
            _("Name, identity number, what you were given and when."),
            _("Thirty years, as long as the accounts."),
            _("The officers of the county union, and those who audit it."),
        ),
        Purpose(
            BUREAU_CHECK, _("Checking with other offices"), Ground.CONSENT,
            _("Name and identity number go to the office that is asked; its answer comes back."),
            _("Until the check is answered; the answer stays with the file."),
            _("The officers of the county union, and the office that is asked."),
            _("Nothing more is sent to other offices. What is missing you can hand in yourself, on paper."),
            silent=False,
        ),
        Purpose(
            ILLNESS, _("Help in illness"), Ground.CONSENT,
            _("Bills, settlement slips and days in hospital that you handed in."),
            _("As long as the file of difficulty, then ten years."),
            _("The officer who checks it and the one who approves. No message and no notice mentions it."),
            _("From that moment no rule reads them. Help that depends on them shows one thing missing."),
            facts=_ILLNESS_FACTS,
        ),
        Purpose(
            NOTICE_NAME, _("Your name in a public notice"), Ground.CONSENT,
            _("Part of the name, the town and the programme; no reason, no telephone, no number."),
            _("The days of the notice."),
            _("Everybody who reads the notice."),
            _("Notices printed from now on leave your name out. Call us before the list is fixed, we find a way."),
        ),
    ):  # fmt: skip
        purposes.register(purpose.code, purpose)
