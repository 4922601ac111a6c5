"""What the pages show before a visit or a paper is taken back: what it said, and what stands again without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.federation.scopes import Scope
from niangjia.people.shown import ShownFact
from niangjia.people.withdrawal import would_stand
from niangjia.visits import queries
from niangjia.visits.householdpage import PURPOSES, VERDICTS, why_taken_back
from niangjia.visits.models import HomeVisit, Paper
from niangjia.visits.queries import AnswerLine


@dataclass(frozen=True)
class Undone:
    """One answer of a visit, and what is known without it."""

    answer: AnswerLine
    then: ShownFact | None
    is_same: bool  # something else stands already, and goes on to


def words_of(what: HomeVisit | Paper) -> str:
    """Who took a visit or paper back, when and why; nothing where it counts."""
    taken = getattr(what, "taken_back", None)
    return "" if taken is None else why_taken_back(taken)


def before_visit_goes(visit: HomeVisit, scope: Scope) -> dict[str, Any]:
    """What a visit found in scope said, and what stands again, or waits again, without it."""
    answers = queries.answers_of(visit, scope)
    both = would_stand([line.fact_id for line in answers], clock.today())
    found = [(line, *both[line.fact_id]) for line in answers]
    return {
        "purpose": PURPOSES[visit.purpose], "verdict": VERDICTS[visit.verdict],
        "lines": [Undone(line, then, now == then) for line, now, then in found],
        "rechecks": [(row.campaign, queries.done_instead(row)) for row in queries.done_by(visit)],
    }  # fmt: skip


def before_paper_goes(paper: Paper) -> str:
    """Which paper it is, and what the list says without it, in one line; or who took it back."""
    if taken := words_of(paper):
        return taken
    words = {"name": paper.name, "day": paper.dated_on.isoformat(), "who": paper.handed_in_by.display_name}
    others = [one for one in queries.papers_of(paper.household_id) if one.kind == paper.kind and one.pk != paper.pk]
    if not others:
        return _("%(name)s of %(day)s, handed in by %(who)s. There is no other of this name.") % words
    words["other"] = others[0].dated_on.isoformat()
    return _("%(name)s of %(day)s, handed in by %(who)s. Without it the one of %(other)s stands.") % words
