"""能享受 (/my/) of two workers of the demo county: the whole answer of the site, without the network."""

from __future__ import annotations

import time

from django.test import Client

from benchmarks.county import REQUESTS, WARM_UPS, spread, visitor

NAMES = ("桑果红", "麦芒种")


def measure() -> dict[str, str]:
    """Median and 95th percentile over the requests, after the warm-ups."""
    return {f"/my/ of {name} ({REQUESTS} requests)": spread(_answers(visitor(name))) for name in NAMES}


def _answers(client: Client) -> list[float]:
    seconds = []
    for _ in range(WARM_UPS + REQUESTS):
        began = time.perf_counter()
        answer = client.get("/my/")
        seconds.append(time.perf_counter() - began)
        if answer.status_code != 200 or "能享受" not in answer.content.decode():
            raise RuntimeError(f"/my/ answered {answer.status_code} and is not the page that was meant.")
    return seconds[WARM_UPS:]
