"""The rows of this room."""

from __future__ import annotations

from niangjia.people.models.consent import Consent, Mandate, OwnAnswer, OwnRequest
from niangjia.people.models.employer import Employer, EmploymentSpell
from niangjia.people.models.fact import Coverage, RecordedFact, Statement, Verification
from niangjia.people.models.household import HardshipFile, Household, HouseholdMember
from niangjia.people.models.person import MembershipSpell, Person
from niangjia.people.models.roster import KnownHeading, RosterBlock, RosterDeed, RosterImport
from niangjia.people.models.same_person import PersonMerge, SuspectedPair

__all__ = [
    "Consent", "Coverage", "Employer", "EmploymentSpell", "HardshipFile", "Household", "HouseholdMember",
    "KnownHeading", "Mandate", "MembershipSpell", "OwnAnswer", "OwnRequest", "Person", "PersonMerge", "RecordedFact",
    "RosterBlock", "RosterDeed", "RosterImport", "Statement", "SuspectedPair", "Verification",
]  # fmt: skip
