from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import niangjia
from niangjia.policy.bundles import SUBJECTS
from niangjia.policy.catalogue import catalogue_for

FILE = Path(niangjia.__file__).parent / "cli" / "facts.json"


def catalogue_text() -> str:
    """Every fact a rule may name, by subject, as the command line reads it."""
    found = {
        subject: [
            {
                "code": fact.code,
                "type": fact.type,
                "zh": fact.zh,
                "en": fact.en,
                "unit": fact.unit,
                "changeable": fact.changeable,
                "supplier": fact.supplier,
                "cost": fact.cost,
                "codes": {code: list(words) for code, words in sorted(fact.codes.items())},
            }
            for fact in sorted(catalogue_for(subject).facts, key=lambda fact: fact.code)
        ]
        for subject in SUBJECTS
    }
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


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
