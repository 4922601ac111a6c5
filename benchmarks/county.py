"""The demo county, built once for all measurements that stand on it."""

from __future__ import annotations

from functools import cache
from statistics import median, quantiles

from django.core.management import call_command
from django.test import Client

from benchmarks import installation
from niangjia.accounts.models import User
from niangjia.core.catalogues import compile_all
from niangjia.site.demo.build import Stage, build

WARM_UPS, REQUESTS = 5, 60
ROOT = installation.ROOT


@cache
def county() -> Stage:
    """20,000 people on SQLite, as on the morning of the demo date."""
    compile_all(ROOT / "niangjia")
    for words in ("migrate -v0", "collectstatic --noinput -v0"):
        call_command(*words.split())
    return build()


def somebody(name: str) -> User:
    """One of the people who can log in, by name."""
    return next(user for user in county().users.values() if user.display_name == name)


def visitor(name: str) -> Client:
    """A browser in which somebody is logged in, without the network between."""
    client = Client(headers={"host": "localhost"})
    client.force_login(somebody(name))
    return client


def spread(seconds: list[float]) -> str:
    """Median and 95th percentile of some durations, in milliseconds."""
    return f"median {median(seconds) * 1000:.0f} ms, p95 {quantiles(seconds, n=20)[-1] * 1000:.0f} ms"
