"""The rows of this room."""

from __future__ import annotations

from niangjia.visits.models.campaign import Campaign, CampaignFile
from niangjia.visits.models.leaving import CallTakenBack, Departure, FollowUp, Grading
from niangjia.visits.models.paper import Paper
from niangjia.visits.models.reported import ReportedFigure
from niangjia.visits.models.sample import (
    Assessor,
    AssessorEnd,
    Finding,
    Handover,
    HandoverEnd,
    Rectification,
    Sample,
    SampleRow,
    SampleSeed,
    Stratum,
)
from niangjia.visits.models.standard import Standard
from niangjia.visits.models.taken_back import PaperTakenBack, VisitTakenBack
from niangjia.visits.models.visit import Forgetting, HomeVisit, VisitAnswer, VisitPhoto

__all__ = [
    "Assessor",
    "AssessorEnd",
    "CallTakenBack",
    "Campaign",
    "CampaignFile",
    "Departure",
    "Finding",
    "FollowUp",
    "Forgetting",
    "Grading",
    "Handover",
    "HandoverEnd",
    "HomeVisit",
    "Paper",
    "PaperTakenBack",
    "Rectification",
    "ReportedFigure",
    "Sample",
    "SampleRow",
    "SampleSeed",
    "Standard",
    "Stratum",
    "VisitAnswer",
    "VisitPhoto",
    "VisitTakenBack",
]
