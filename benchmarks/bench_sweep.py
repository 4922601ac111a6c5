"""The night's sweep of the demo county, 20,000 people: every published programme asked about everybody in its area.

Nothing changed since the last sweep, as on most nights: all is read and decided, little is written.
"""

from __future__ import annotations

import time
from statistics import median

from benchmarks.county import county
from niangjia.core import clock
from niangjia.policy.models import ProgrammeVersion, Sweep
from niangjia.policy.services.sweeps import sweep
from niangjia.policy.versions import in_force

ROUNDS = 3


def measure() -> dict[str, str]:
    """Seconds of each programme and of all of them, medians of the rounds."""
    county()
    versions = list(in_force(clock.today()))
    rounds = [[_seconds(version) for version in versions] for _ in range(ROUNDS)]
    found = {
        f"{version.programme} ({_asked(version)} asked)": f"{median(column):.2f} s"
        for version, column in zip(versions, zip(*rounds, strict=True), strict=True)
    }
    total = median(sum(row) for row in rounds)
    return {**found, f"all {len(versions)}": f"{total:.2f} s (medians of {ROUNDS})"}


def _seconds(version: ProgrammeVersion) -> float:
    began = time.perf_counter()
    sweep(version=version, trigger=Sweep.Trigger.NIGHTLY)
    return time.perf_counter() - began


def _asked(version: ProgrammeVersion) -> int:
    return int(Sweep.objects.filter(version=version).latest("pk").counts["asked"])
