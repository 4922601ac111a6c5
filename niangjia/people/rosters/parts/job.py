"""The job of a row: with an employer found by credit code or whole name, from a first day on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from niangjia.people.models import Employer, EmploymentSpell
from niangjia.people.rosters.judging import Frame, Row
from niangjia.people.services.employers import EmployerUnknown
from niangjia.people.services.roster_pen import Pen

_NO_EMPLOYER = _(
    "No employer of this name is registered. Enter the employer first, write the credit code, or leave this column out."
)
_SEVERAL_EMPLOYERS = _("Several employers have this name. Please add the credit code.")
_NO_FIRST_DAY = _("The first day of the job is missing. Fill it in, or leave the employer's column out.")
_OTHER_FIRST_DAY = _("This job is on record with another first day: %(day)s. Please compare it with the paper.")


class JobPart:
    """Records jobs that are not on record."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._by_code: dict[str, Employer] = {}
        self._by_name: dict[str, list[Employer]] = {}
        self._jobs: dict[int, list[EmploymentSpell]] = {}

    def load(self, rows: Sequence[Row]) -> None:
        """Read the employers named, and the jobs of these persons."""
        codes = {row.values["credit_code"] for row in rows if "credit_code" in row.values} - self._by_code.keys()
        names = {row.values["employer"] for row in rows if "employer" in row.values} - self._by_name.keys()
        self._by_code |= {firm.credit_code: firm for firm in Employer.objects.filter(credit_code__in=codes)}
        found = defaultdict(list)
        for firm in Employer.objects.filter(name__in=names):
            found[firm.name].append(firm)
        self._by_name |= {name: found[name] for name in names}
        self._jobs = defaultdict(list)
        ids = [row.person.pk for row in rows if row.person]
        for job in EmploymentSpell.objects.filter(person_id__in=ids):
            self._jobs[job.person_id].append(job)

    def plan(self, row: Row) -> None:
        """A new job, or one on record."""
        if "employer" not in row.values and "credit_code" not in row.values:
            return
        employer = self._employer(row)
        if employer is None:
            return
        started_on = row.values.get("started_on")
        if started_on is None:
            row.refuse("started_on", _NO_FIRST_DAY)
            return
        jobs = self._jobs.get(row.person.pk, []) if row.person else []
        same = [job for job in jobs if job.employer_id == employer.pk]
        if any(job.started_on == started_on for job in same):
            return
        going_on = next((job for job in same if job.ended_on is None), None)
        if going_on is not None:
            row.refuse("started_on", _OTHER_FIRST_DAY, day=going_on.started_on.isoformat())
            return
        row.employer = employer
        row.plans["job"] = True
        if row.person is not None:
            row.differences.append({"column": "employer", "old": None, "new": employer.name})

    def _employer(self, row: Row) -> Employer | None:
        if "credit_code" in row.values:
            found = self._by_code.get(row.values["credit_code"])
            if found is None:
                row.refuse("credit_code", EmployerUnknown.sentence)
            return found
        named = self._by_name[row.values["employer"]]
        if len(named) != 1:
            row.refuse("employer", _SEVERAL_EMPLOYERS if named else _NO_EMPLOYER)
            return None
        return named[0]

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Record the jobs."""
        made = []
        for row in rows:
            if not row.plans.get("job") or row.person is None or row.employer is None:
                continue
            job = EmploymentSpell(
                person_id=row.person.pk, employer_id=row.employer.pk, started_on=row.values["started_on"],
                form=row.values.get("form", self._frame.kind.defaults.get("form", "contract")),
                monthly_wage_fen=row.values.get("wage"), source=self._frame.source[:60], recorded_at=pen.now,
            )  # fmt: skip
            made.append((row, job))
            pen.tell(row, "person", row.person.pk, row.person.union_id, "job", employer=row.employer.pk)
        pen.make(made)
