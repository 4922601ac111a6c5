"""A snapshot of the demo county, swept on the command line: every adopted programme counts what the site counts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from niangjia.cli.main import main
from niangjia.core import clock
from niangjia.policy.models import Sweep
from niangjia.policy.services.snapshots import take_snapshot
from niangjia.policy.versions import in_force
from niangjia.site.demo import tree
from niangjia.site.demo.adoptions import ADOPTIONS, Adoption
from tests.demo_stage import DemoCounty


@pytest.mark.nightly
def test_the_command_line_counts_of_a_snapshot_what_the_site_counts(county: DemoCounty, tmp_path: Path) -> None:
    root = county.stage.unions[tree.COUNTY]
    mine = [one for one in ADOPTIONS if one.drafted_by == "sumu"]
    take_snapshot(
        area_id=root, place=tmp_path / "facts", key_file=tmp_path / "key", why="核对",
        acting_user=county.stage.users["sumu"],
    )  # fmt: skip
    found = _swept(tmp_path, mine)
    counts = {
        version.programme.recipe: Sweep.objects.filter(version=version).latest("pk").counts
        for version in in_force(clock.today())
        if version.area_id == root
    }
    assert {name: _of_the_site(one) for name, one in counts.items()} == found
    assert len(found) == len(mine) == 8
    assert sum(one["yes"] for one in found.values()) > 700


def _swept(folder: Path, adoptions: list[Adoption]) -> dict[str, dict[str, int]]:
    """What `niangjia sweep` says of the county's recipes with the county's numbers."""
    for one in adoptions:
        shutil.copytree(Path(settings.PROGRAMMES_DIR) / one.recipe, folder / "programmes" / one.recipe)
    numbers = {one.recipe: dict(one.numbers) for one in adoptions if one.numbers}
    (folder / "numbers.yaml").write_text(yaml.safe_dump(numbers), encoding="utf-8")
    words: list[Any] = [
        "sweep", "--facts", folder / "facts", "--key", folder / "key", "--programmes", folder / "programmes",
        "--amounts", folder / "numbers.yaml", "--today", clock.today(), "--out", folder / "out", "--quiet",
    ]  # fmt: skip
    assert main([*map(str, words)]) == 0
    told = json.loads((folder / "out" / "totals.json").read_text(encoding="utf-8"))["programmes"]
    names = ("yes", "no", "unknown", "if_confirmed")
    return {name: {key: one[key] for key in names} for name, one in told.items()}


def _of_the_site(counts: dict[str, int]) -> dict[str, int]:
    # The site tells apart, of the unknown, those of whom nothing was heard, and of the no, the near ones.
    return {
        "yes": counts["yes"],
        "no": counts["no"] + counts["near"] + counts["no_longer"],
        "unknown": counts["unknown"] + counts["silent"],
        "if_confirmed": counts["if_confirmed"],
    }
