"""One person against 100 programmes, and loading and checking 100 folders: the recipes of this house, again and again.

The person changes with each round; the answers of both ways of asking are compared before any time is told.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median, quantiles

import yaml

from niangjia.engines.rules import Decider, Programme, Reading, compile_python, load, read_folder, with_amounts
from niangjia.engines.rules.facts import Fact, Value
from niangjia.engines.rules.tests.catalogue import CATALOGUE, SECTIONS

FOLDERS, PEOPLE, LOADS = 100, 300, 5
TODAY = dt.date(2023, 8, 3)


def measure() -> dict[str, str]:
    """Milliseconds per person and seconds per hundred folders."""
    texts = [read_folder(folder) for folder in sorted(_recipes())]
    bundles = [texts[at % len(texts)] for at in range(FOLDERS)]
    began = time.process_time()
    loads = [_seconds(lambda: [load(bundle, CATALOGUE, SECTIONS) for bundle in bundles]) for _ in range(LOADS)]
    loading = (time.process_time() - began) / LOADS
    deciders = [compile_python(_ready(bundle)) for bundle in bundles]
    people = [_person(random.Random(seed)) for seed in range(PEOPLE)]
    quick, whole, advised = [], [], []
    for person in people:
        began = time.perf_counter()
        verdicts = [decider.verdict(person, {}, TODAY) for decider in deciders]
        answered = time.perf_counter()
        decisions = [decider.decide(person, {}, TODAY, advise=False) for decider in deciders]
        decided = time.perf_counter()
        _same(deciders, [each.outcome for each in verdicts], [each.outcome for each in decisions])
        quick.append(answered - began)
        whole.append(decided - answered)
        advised.append(_seconds(lambda person=person: [d.decide(person, {}, TODAY) for d in deciders]))  # type: ignore[misc]
    began = time.process_time()
    for person in people:
        for decider in deciders:
            decider.verdict(person, {}, TODAY)
    asking = (time.process_time() - began) / PEOPLE
    return {
        f"outcome and amount of {FOLDERS} programmes ({PEOPLE} people)": _spread(quick),
        "… as whole decisions with reasons": _spread(whole),
        "… with advice: what to ask, what would change it": _spread(advised),
        f"loading and checking {FOLDERS} folders": f"median {median(loads):.2f} s, best {min(loads):.2f} s",
        "processor time of the first and of the last": f"{asking * 1000:.2f} ms and {loading:.2f} s",
    }


def _recipes() -> list[Path]:
    root = Path(__file__).resolve().parent.parent / "programmes"
    return [path for path in root.iterdir() if (path / "rules.yaml").is_file()]


def _ready(bundle: Mapping[str, str]) -> Programme:
    """The programme with the numbers that its examples assume for what the page does not state."""
    programme = load(bundle, CATALOGUE, SECTIONS, check_examples=False)
    assumed = yaml.safe_load(bundle["examples.yaml"]).get("assume", {})
    return with_amounts(programme, {code: assumed[code] for code in programme.missing_amounts})


def _person(rng: random.Random) -> dict[str, Reading]:
    return {fact.code: Reading(_value(rng, fact), rng.choice((1, 3, 5, 5)), TODAY) for fact in CATALOGUE.facts}


def _value(rng: random.Random, fact: Fact) -> Value | None:
    if rng.random() < 0.2:
        return None
    if fact.type == "date":
        return TODAY - dt.timedelta(rng.randint(0, 1200))
    if fact.type == "code":
        return rng.choice(sorted(fact.codes) or ["a"])
    return rng.random() < 0.7 if fact.type == "bool" else rng.randint(0, 300_000)


def _same(deciders: list[Decider], one: list[str], two: list[str]) -> None:
    wrong = [d.programme.system for d, a, b in zip(deciders, one, two, strict=True) if a != b]
    if wrong:
        raise RuntimeError(f"Two ways of asking gave two answers about {', '.join(wrong)}.")


def _seconds(act: object) -> float:
    began = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - began


def _spread(seconds: list[float]) -> str:
    middle, slow, best = median(seconds), quantiles(seconds, n=20)[-1], min(seconds)
    return f"median {middle * 1000:.2f} ms, p95 {slow * 1000:.2f} ms, best {best * 1000:.2f} ms"
