"""The day by which a union answers those who meet its rule."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from niangjia.benefits.forms.lists import AnswerForm
from niangjia.benefits.models import AnswerDay
from niangjia.core import clock


def answer_days(version_ids: Collection[int]) -> dict[int, date]:
    """The day that counts, by version; one query."""
    rows = AnswerDay.objects.filter(version_id__in=list(version_ids)).order_by("pk")
    return dict(rows.values_list("version_id", "day"))


@dataclass(frozen=True)
class AnswerPanel:
    """The promised day on the page of a list."""

    day: date | None
    form: AnswerForm | None

    @property
    def is_late(self) -> bool:
        """Whether the day has passed."""
        return self.day is not None and self.day < clock.today()


def answer_panel(version_id: int, *, may_set: bool) -> AnswerPanel:
    """The panel; with the form for who may promise."""
    day = answer_days([version_id]).get(version_id)
    return AnswerPanel(day, AnswerForm(initial={"answer_by": day}) if may_set else None)
