"""The text of a version, and the checked programme behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

import yaml

from niangjia.engines import rules
from niangjia.policy.catalogue import catalogue_for
from niangjia.policy.sections import checks

SUBJECTS = ("person", "household", "employer", "union")


def to_text(bundle: Mapping[str, str]) -> str:
    """The one JSON text of a bundle."""
    return rules.canonical(dict(bundle))


def from_text(text: str) -> dict[str, str]:
    """The files of a stored bundle."""
    loaded: dict[str, str] = json.loads(text)
    return loaded


def load_bundle(bundle: Mapping[str, str], *, check_examples: bool = False) -> rules.Programme:
    """The checked programme of a bundle; raises `rules.RuleErrors` with every fault and its place.

    An adopted version has other numbers than its recipe, so the recipe's examples are checked
    on the recipe only.
    """
    return rules.load(bundle, catalogue_for(_subject(bundle)), checks(), check_examples=check_examples)


@lru_cache(maxsize=128)
def programme_of(text: str) -> rules.Programme:
    """The programme behind a version's stored text, kept: a text never changes its meaning."""
    return load_bundle(from_text(text))


@lru_cache(maxsize=128)
def decider_of(text: str) -> rules.Decider:
    """The compiled programme behind a version's stored text."""
    return rules.compile_python(programme_of(text))


def _subject(bundle: Mapping[str, str]) -> str:
    # The catalogue depends on the subject, which stands in the text that is about to be checked.
    try:
        head = yaml.safe_load(bundle.get("programme.yaml", ""))
    except yaml.YAMLError:
        return "person"
    found = head.get("subject") if isinstance(head, dict) else None
    return found if found in SUBJECTS else "person"
