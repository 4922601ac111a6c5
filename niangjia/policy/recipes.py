"""The shelf of recipes: folders of what other unions did, with what each still needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from niangjia.core.errors import NotFoundHere
from niangjia.engines import rules
from niangjia.policy.bundles import load_bundle


@dataclass(frozen=True)
class Recipe:
    """One folder: its programme, or what is wrong with it."""

    folder: str
    bundle: Mapping[str, str]
    programme: rules.Programme | None
    problems: tuple[rules.Problem, ...] = ()


def recipes() -> list[Recipe]:
    """Every recipe on the shelf, by the name of its folder."""
    root = Path(settings.PROGRAMMES_DIR)
    if not root.is_dir():
        return []
    return [_read(item) for item in sorted(root.iterdir()) if (item / "programme.yaml").is_file()]


def recipe(folder: str) -> Recipe:
    """One recipe, or `NotFoundHere`; a name that leaves the shelf is not there."""
    path = Path(settings.PROGRAMMES_DIR) / folder
    if folder != path.name or folder.startswith(".") or not (path / "programme.yaml").is_file():
        raise NotFoundHere
    return _read(path)


def _read(path: Path) -> Recipe:
    stamp = tuple(sorted((item.name, item.stat().st_mtime_ns) for item in path.iterdir() if item.is_file()))
    return _read_once(path, stamp)


@lru_cache(maxsize=256)
def _read_once(path: Path, _stamp: tuple[tuple[str, int], ...]) -> Recipe:
    bundle = rules.read_folder(path)
    try:
        return Recipe(path.name, bundle, load_bundle(bundle, check_examples=True))
    except rules.RuleErrors as error:
        return Recipe(path.name, bundle, None, error.problems)
