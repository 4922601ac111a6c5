"""The standard as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from niangjia.accounts.models import User
from niangjia.core.errors import NotFoundHere
from niangjia.core.facts import facts
from niangjia.federation.scopes import Scope, scope_of
from niangjia.people.forms import GRADES
from niangjia.people.paperwork import kind_name
from niangjia.people.shown import label_of
from niangjia.visits import queries
from niangjia.visits.models import Standard
from niangjia.visits.permissions import ADOPT
from niangjia.visits.standards import MINIMUM, Rules, read_rules


@dataclass(frozen=True)
class Edition:
    """One edition with its rules in words."""

    standard: Standard | None
    rules: Rules
    is_in_force: bool

    @property
    def grades(self) -> list[tuple[Any, str]]:
        """Each grade with who belongs there."""
        return [(GRADES[code], words) for code, words in self.rules.grades.items() if code in GRADES]

    @property
    def papers(self) -> list[tuple[Any, list[Any], str]]:
        """Each paper with the grades that need it, and the printed form it is."""
        return [
            (paper, [GRADES[code] for code in paper.grades], kind_name(paper.form) if paper.form else "")
            for paper in self.rules.papers
        ]

    @property
    def questions(self) -> list[str]:
        """The questions of the survey."""
        return [label_of(facts.get(key)) for key in self.rules.questions if key in facts]


def editions(scope: Scope, today: date) -> dict[str, Any]:
    """Editions in scope and those from above that hold there; the house's minimum where there is none."""
    in_force = {row.pk for row in queries.editions_on(today)}
    rows = {row.pk: row for row in queries.standards_in(scope)}
    for root in scope.roots:
        above, _rules = queries.standard_for(root, today)
        if above is not None:
            rows.setdefault(above.pk, above)
    found = [Edition(row, read_rules(row.body), row.pk in in_force) for row in rows.values()]
    return {"editions": found or [Edition(None, MINIMUM, True)]}


def own_union(user: User) -> int:
    """The union an officer adopts for: where his own role begins."""
    roots = sorted(scope_of(user, ADOPT).roots)
    if not roots:
        raise NotFoundHere
    return roots[0]
