"""Recipes on the shelf as the officer reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from niangjia.policy.cards import amount_text, unit_of
from niangjia.policy.readiness import Gap, language_code, programme_gaps
from niangjia.policy.recipes import Recipe


@dataclass(frozen=True)
class RecipeLine:
    """One recipe in words: what it gives, from where, what is open, or what is wrong with it."""

    folder: str
    name: str
    system: str
    unit: str
    amount: str
    source: str
    gaps: list[Gap]
    faults: list[str]


def line_of(recipe: Recipe) -> RecipeLine:
    """A recipe in the reader's language."""
    zh, programme = language_code() == "zh", recipe.programme
    if programme is None:
        faults = [
            f"{found.file} {found.line}:{found.column} "
            + (f"{found.message_zh}{found.advice_zh}" if zh else f"{found.message_en} {found.advice_en}")
            for found in recipe.problems
        ]
        return RecipeLine(recipe.folder, recipe.folder, "", "", "", "", [], faults)
    source = programme.source
    paper, page, lines = source.get("paper", ""), source.get("page"), source.get("lines")
    name = paper.get("zh" if zh else "en", "") if isinstance(paper, Mapping) else paper
    words = [str(name), str(source.get("about") or source.get("date") or "")]
    if page:
        words.append(f"资料第{page}页" if zh else f"page {page}")
    if lines:
        words.append(f"第{lines}行" if zh else f"lines {lines}")
    return RecipeLine(
        recipe.folder, programme.name.zh if zh else programme.name.en, programme.system, unit_of(programme.subject),
        amount_text(programme, "zh" if zh else "en"), " ".join(word for word in words if word),
        programme_gaps(programme), [],
    )  # fmt: skip
