"""What a version still lacks before a second person can be asked: one sentence each."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from niangjia.core.errors import NotFoundHere
from niangjia.engines import rules
from niangjia.engines.rules.model import Choice
from niangjia.policy import bundles, recipes
from niangjia.policy.models import ProgrammeVersion
from niangjia.policy.numbers import label_of


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, with the form field where it is filled in."""

    field: str
    sentence: str


def gaps_of(version: ProgrammeVersion) -> list[Gap]:
    """Everything a version lacks: numbers, choices, the paper it stands on."""
    programme = bundles.programme_of(version.bundle)
    found = [*programme_gaps(programme)]
    if not version.document_number:
        found.append(Gap("document_number", _("The document number is missing.")))
    if not version.meeting or version.meeting_on is None:
        found.append(Gap("meeting", _("The meeting that decided it, or its date, is missing.")))
    if version.attachment_id is None:
        found.append(Gap("attachment", _("The document itself is missing: attach a scan (PDF) or a photograph.")))
    return found


def programme_gaps(programme: rules.Programme) -> list[Gap]:
    """What the text itself leaves open."""
    language = language_code()
    found = []
    for code in programme.missing_amounts:
        label = label_of(programme, code, language)
        if programme.amounts[code].kind.type == "fen":
            text = _("%(label)s: the source states no amount. Fill in the document number and the amount to publish.")
        else:
            text = _("%(label)s: the source does not state it. Fill in the document number and the number to publish.")
        found.append(Gap(f"number_{code}", text % {"label": label}))
    for key, choice in programme.choices.items():
        label = choice.words.zh if language == "zh" else choice.words.en
        found.append(
            Gap(f"choice_{key}", _("%(label)s: the source leaves this open. Choose one to publish.") % {"label": label})
        )
    return found


def choices_of(version: ProgrammeVersion) -> dict[str, Choice]:
    """What the recipe leaves to the union, settled by now or not, as long as the recipe is on the shelf."""
    try:
        found = recipes.recipe(version.programme.recipe).programme
    except NotFoundHere:
        found = None
    return {**(found.choices if found is not None else {}), **bundles.programme_of(version.bundle).choices}


def settled_choice(programme: rules.Programme, key: str) -> tuple[str, ...]:
    """What was chosen; nothing while it is open."""
    if key in programme.choices:
        return ()
    return tuple(programme.per) if key == "per" else (str(getattr(programme, key)),)


def language_code() -> str:
    """The reader's language as the engine names it: zh or en."""
    return "zh" if (translation.get_language() or "zh").startswith("zh") else "en"
