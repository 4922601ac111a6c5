"""The night's sweep of the demo county, 20,000 people: every published programme asked about everybody in its area.

Nothing changed since the last sweep, as on most nights: all is read and decided, little is written.
"""

from __future__ import annotations

import time
from statistics import median

from benchmarks.county import county
from niangjia.core import clock
from niangjia.policy.services.sweeps import sweep
from niangjia.policy.versions import in_force

ROUNDS = 3


def measure() -> dict[str, str]:
    """Seconds of each programme and of all of them, medians of the rounds."""
    county()
    rounds = [_round() for _ in range(ROUNDS)]
    found = {name: f"{median(each[name] for each in rounds):.2f} s" for name in rounds[0]}
    total = median(sum(each.values()) for each in rounds)
    return {**found, f"all {len(found)}": f"{total:.2f} s (medians of {ROUNDS})"}


def _round() -> dict[str, float]:
    seconds = {}
    for version in in_force(clock.today()):
        began = time.perf_counter()
        run = sweep(version=version, trigger="nightly")
        ended = time.perf_counter()
        seconds[f"{version.programme} ({run.counts['asked']} asked)"] = ended - began
    return seconds
