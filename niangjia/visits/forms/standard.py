"""The standard as an officer types it: numbers, one paper a line, and the questions of the survey to tick."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.core.facts import facts
from niangjia.core.money import parse_yuan, yuan
from niangjia.people.forms import GRADES
from niangjia.people.paperwork import kind_name, paper_kinds
from niangjia.people.shown import label_of
from niangjia.visits.forms import PlainForm, day
from niangjia.visits.standards import PaperNeed, Rules

_GRADE_WORDS = {"深度": "deep", "相对": "relative", "意外": "sudden"}
_ALL, _FOR_GOOD, _LONGEST_CALL, _PARTS = "全部", "长期", 60, 5


class StandardForm(PlainForm):
    """An edition of the standard."""

    document_number = forms.CharField(label=_("Document number"), max_length=60)
    valid_from = day(_("Valid from"))
    check_days = forms.IntegerField(
        label=_("A check counts for days"), min_value=1, max_value=366,
        help_text=_("Nobody leaves the file upon an older one."),
    )  # fmt: skip
    steady_months = forms.IntegerField(
        label=_("Better for whole months"), min_value=1, max_value=24,
        help_text=_("One good month lets nobody leave."),
    )  # fmt: skip
    above = forms.CharField(
        label=_("Income per head above (yuan a month)"), max_length=20, required=False,
        help_text=_("Left empty, no line is held; the check alone decides."),
    )  # fmt: skip
    call_backs = forms.CharField(label=_("Calls back after months"), max_length=40, help_text=_("Such as 3, 6, 12."))
    return_days = forms.IntegerField(
        label=_("Return visits to homes with nobody in work, every so many days"), min_value=7, max_value=366
    )
    deep = forms.CharField(label=GRADES["deep"], max_length=200, required=False)
    relative = forms.CharField(label=GRADES["relative"], max_length=200, required=False)
    sudden = forms.CharField(label=GRADES["sudden"], max_length=200, required=False)
    papers = forms.CharField(
        label=_("Papers of a file, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Name; days it stays fresh or the word for good; grades or all; words in the cause or all. Where the "
            "paper is a form printed here, its name stands fifth: photographed, it counts as handed in."
        ),
    )  # fmt: skip
    questions = forms.MultipleChoiceField(
        label=_("Questions of the survey"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["questions"]
        asked.choices = [
            (key, label_of(facts.get(key)))
            for key in facts
            if facts.get(key).recorded and facts.get(key).subject in ("household", "person")
        ]

    def clean_above(self) -> int | None:
        """The line in fen."""
        text = self.cleaned_data["above"].strip()
        try:
            return parse_yuan(text) if text else None
        except ValueError:
            raise forms.ValidationError(_("Please give the amount in yuan, as 1180 or 1180.50.")) from None

    def clean_call_backs(self) -> tuple[int, ...]:
        """The months in order."""
        parts = self.cleaned_data["call_backs"].replace("，", ",").replace("、", ",").split(",")
        try:
            months = sorted({int(part) for part in parts if part.strip()})
        except ValueError:
            months = []
        if not months or not 1 <= months[0] <= months[-1] <= _LONGEST_CALL:
            raise forms.ValidationError(_("Please give whole months, as 3, 6, 12."))
        return tuple(months)

    def clean_papers(self) -> tuple[PaperNeed, ...]:
        """One paper a line."""
        lines = [line for line in self.cleaned_data["papers"].splitlines() if line.strip()]
        return tuple(_paper(at, line) for at, line in enumerate(lines, start=1))

    def rules(self) -> Rules:
        """The edition as plain values."""
        said = self.cleaned_data
        return Rules(
            said["check_days"], said["steady_months"], said["above"], said["call_backs"], said["return_days"],
            {code: said[code] for code in GRADES if said[code]}, said["papers"], tuple(said["questions"]),
        )  # fmt: skip


def _paper(at: int, line: str) -> PaperNeed:
    parts = [part.strip() for part in line.replace(";", "；").split("；")]
    name, days, grades, causes, form = [*parts, "", "", "", ""][:5]
    words = [] if grades in ("", _ALL) else grades.split("、")
    number = days.removesuffix("天")
    days_read = days in ("", _FOR_GOOD) or number.isdigit()
    if not name or len(parts) > _PARTS or not days_read or set(words) - set(_GRADE_WORDS):
        sentence = _("Line %(line)s cannot be read. Write: name; days; grades; words in the cause.")
        raise forms.ValidationError(sentence % {"line": at})
    return PaperNeed(
        name[:40], int(number) if number.isdigit() else None, tuple(_GRADE_WORDS[word] for word in words),
        () if causes in ("", _ALL) else tuple(causes.split("、")), _form(at, form or name, is_said=bool(form)),
    )  # fmt: skip


def _form(at: int, name: str, *, is_said: bool) -> str:
    """The kind of the printed form a paper is: said to be one, or called exactly as one is."""
    kinds = {kind_name(kind): kind for kind in paper_kinds}
    if is_said and name not in kinds:
        sentence = _("Line %(line)s: no form of this name is printed here. There are: %(names)s.")
        raise forms.ValidationError(sentence % {"line": at, "names": "、".join(kinds)})
    return kinds.get(name, "")


def as_typed(rules: Rules) -> dict[str, object]:
    """An edition as the form shows it, to begin the next one with."""
    words = {code: word for word, code in _GRADE_WORDS.items()}
    lines = [
        "；".join((
            paper.name, _FOR_GOOD if paper.fresh_days is None else f"{paper.fresh_days}天",
            "、".join(words[code] for code in paper.grades) or _ALL, "、".join(paper.causes) or _ALL,
            *([kind_name(paper.form)] if paper.form else []),
        ))
        for paper in rules.papers
    ]  # fmt: skip
    return {
        "check_days": rules.check_days, "steady_months": rules.steady_months,
        "above": "" if rules.above_fen is None else yuan(rules.above_fen).replace(",", ""),
        "call_backs": ", ".join(map(str, rules.call_back_months)), "return_days": rules.return_days,
        **rules.grades, "papers": "\n".join(lines), "questions": list(rules.questions),
    }  # fmt: skip
