"""The night's sweep of the demo county, 20,000 people: every published programme asked about everybody in its area.

Nothing changed since the last sweep, as on most nights: all is read and decided, little is written. The
night reads each record once and asks all programmes of a kind in one pass; beside it each programme alone.
"""

from __future__ import annotations

import time
from statistics import median

from benchmarks.county import county
from niangjia.core import clock
from niangjia.policy.services.sweeps import sweep, sweep_all
from niangjia.policy.versions import in_force

ROUNDS = 3


def measure() -> dict[str, str]:
    """Seconds of the night and of each programme alone, medians of the rounds."""
    county()
    rounds, nights = [], []
    for _ in range(ROUNDS):
        rounds.append(_round())
        began = time.perf_counter()
        sweep_all()
        nights.append(time.perf_counter() - began)
    found = {name: f"{median(each[name] for each in rounds):.2f} s" for name in rounds[0]}
    total = median(sum(each.values()) for each in rounds)
    return {
        **found,
        f"all {len(found)}, one by one": f"{total:.2f} s (medians of {ROUNDS})",
        f"the night, all {len(found)} together": f"{median(nights):.2f} s",
    }


def _round() -> dict[str, float]:
    seconds = {}
    for version in in_force(clock.today()):
        began = time.perf_counter()
        run = sweep(version=version, trigger="hand")
        ended = time.perf_counter()
        seconds[f"{version.programme} ({run.counts['asked']} asked)"] = ended - began
    return seconds
