"""The facts that rules may name, as the site last wrote them down (`manage.py facts`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from niangjia.engines import rules

FILE = Path(__file__).parent / "facts.json"


def catalogue_of(bundle: Mapping[str, str]) -> rules.Catalogue:
    """The facts for the kind of subject a folder decides about; a folder without one is judged as about persons."""
    try:
        head = yaml.safe_load(bundle.get("programme.yaml", ""))
    except yaml.YAMLError:
        head = None
    subject = head.get("subject") if isinstance(head, dict) else None
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    kind = subject if subject in rows["relations"] else "person"
    return rules.Catalogue(
        facts=tuple(map(_fact, rows[kind])),
        relations=tuple(
            rules.Relation(**{**row, "columns": tuple(map(_fact, row["columns"]))}) for row in rows["relations"][kind]
        ),
    )


def _fact(row: Mapping[str, Any]) -> rules.Fact:
    return rules.Fact(**{**row, "codes": {code: (words[0], words[1]) for code, words in row["codes"].items()}})
