from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import niangjia
from niangjia.engines import rules
from niangjia.policy.bundles import SUBJECTS
from niangjia.policy.catalogue import catalogue_for

FILE = Path(niangjia.__file__).parent / "cli" / "facts.json"


def catalogue_text() -> str:
    """Every fact and relation a rule may name, by subject, as the command line reads it."""
    found: dict[str, object] = {
        subject: [
            {
                **_column(fact),
                "changeable": fact.changeable,
                "supplier": fact.supplier,
                "cost": fact.cost,
            }
            for fact in sorted(catalogue_for(subject).facts, key=lambda fact: fact.code)
        ]
        for subject in SUBJECTS
    }
    found["relations"] = {subject: _relations(subject) for subject in SUBJECTS}
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _relations(subject: str) -> list[dict[str, object]]:
    return [
        {
            "code": relation.code,
            "zh": relation.zh,
            "en": relation.en,
            "register": relation.register,
            "columns": [_column(column) for column in relation.columns],
        }
        for relation in sorted(catalogue_for(subject).relations, key=lambda relation: relation.code)
    ]


def _column(fact: rules.Fact) -> dict[str, object]:
    return {
        "code": fact.code,
        "type": fact.type,
        "zh": fact.zh,
        "en": fact.en,
        "unit": fact.unit,
        "codes": {code: list(words) for code, words in sorted(fact.codes.items())},
    }


class Command(BaseCommand):
    """Write down the registered facts, so that folders can be checked where there is no site."""

    help = "Writes niangjia/cli/facts.json from the registered facts; with --check it only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether only to compare."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare."""
        text = catalogue_text()
        if not options["check"]:
            FILE.write_text(text, encoding="utf-8")
            return
        if not FILE.exists() or FILE.read_text(encoding="utf-8") != text:
            raise CommandError("The written facts are out of date. Run: python manage.py facts")
