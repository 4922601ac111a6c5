"""The rows of this room."""

from __future__ import annotations

from niangjia.people.models.authority import AuthoritySigner, CheckAuthority
from niangjia.people.models.consent import Consent, Mandate, OwnAnswer, OwnRequest
from niangjia.people.models.cross_check import CrossCheck, CrossCheckChoice, CrossCheckResult, CrossCheckSubject
from niangjia.people.models.employer import Employer, EmploymentSpell
from niangjia.people.models.fact import Coverage, RecordedFact, Statement, Verification
from niangjia.people.models.firm import EmployerPair, EmployerRegistration, EmployerSize
from niangjia.people.models.household import HardshipFile, Household, HouseholdMember, HouseholdStep
from niangjia.people.models.officer import OfficerPerson
from niangjia.people.models.person import MembershipSpell, Person
from niangjia.people.models.roster import KnownHeading, RosterBlock, RosterDeed, RosterImport
from niangjia.people.models.same_person import PersonMerge, SuspectedPair
from niangjia.people.models.upper import UpperRecord

__all__ = [
    "AuthoritySigner", "CheckAuthority", "Consent", "Coverage", "CrossCheck", "CrossCheckChoice", "CrossCheckResult",
    "CrossCheckSubject", "Employer", "EmployerPair", "EmployerRegistration", "EmployerSize", "EmploymentSpell",
    "HardshipFile", "Household", "HouseholdMember", "HouseholdStep", "KnownHeading", "Mandate", "MembershipSpell",
    "OfficerPerson", "OwnAnswer", "OwnRequest", "Person", "PersonMerge", "RecordedFact", "RosterBlock", "RosterDeed",
    "RosterImport", "Statement", "SuspectedPair", "UpperRecord", "Verification",
]  # fmt: skip
