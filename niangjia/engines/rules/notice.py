"""The notice a worker reads: its numbers come from the programme, so that no edition tells another's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from niangjia.engines.rules.errors import Problem, problem
from niangjia.engines.rules.model import Amount, Programme
from niangjia.engines.rules.words import ZH, Amounts

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def unknown_numbers(name: str, text: str, amounts: Mapping[str, Amount]) -> Iterator[Problem]:
    """Find names in braces that are no number of the programme, each with its line."""
    for line, words in enumerate(text.splitlines(), start=1):
        for found in PLACEHOLDER.finditer(words):
            if found[1] not in amounts or amounts[found[1]].over is not None:
                yield problem("notice-number", name, line, found.start() + 1, {"name": found[1]})


def notice_in_words(programme: Programme, language: str, year: int | None = None) -> str:
    """Return the notice with its numbers; one that is still open shows as a blank to fill."""
    values = {
        code: (amount.entries[-1].value, amount.kind)
        for code, amount in programme.amounts.items()
        if amount.over is None
    }
    text = programme.notice.zh if language == ZH else programme.notice.en
    return Amounts(values).fill(text, language, year)
