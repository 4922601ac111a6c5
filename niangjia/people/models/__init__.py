"""The rows of this room."""

from __future__ import annotations

from niangjia.people.models.authority import AuthoritySigner, CheckAuthority
from niangjia.people.models.cross_check import CrossCheck, CrossCheckChoice, CrossCheckResult, CrossCheckSubject
from niangjia.people.models.employer import Employer, EmploymentSpell
from niangjia.people.models.fact import Coverage, RecordedFact, Statement, Verification
from niangjia.people.models.firm import EmployerPair, EmployerRegistration, EmployerSize
from niangjia.people.models.household import HardshipFile, Household, HouseholdMember
from niangjia.people.models.person import MembershipSpell, Person
from niangjia.people.models.roster import KnownHeading, RosterBlock, RosterDeed, RosterImport
from niangjia.people.models.upper import UpperRecord

__all__ = [
    "AuthoritySigner", "CheckAuthority", "Coverage", "CrossCheck", "CrossCheckChoice", "CrossCheckResult",
    "CrossCheckSubject", "Employer", "EmployerPair", "EmployerRegistration", "EmployerSize", "EmploymentSpell",
    "HardshipFile", "Household", "HouseholdMember", "KnownHeading", "MembershipSpell", "Person", "RecordedFact",
    "RosterBlock", "RosterDeed", "RosterImport", "Statement", "UpperRecord", "Verification",
]  # fmt: skip
