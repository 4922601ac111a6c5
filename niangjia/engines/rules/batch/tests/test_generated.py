"""Generated programmes in one pass say what each says alone, which the oracle judges elsewhere."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from niangjia.engines.rules.batch.tests.test_one_pass import differences
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.generated import conditions, numbers
from niangjia.engines.rules.tests.test_language_parity import TODAY

HEAD = kit.HEAD.replace("give: {kind: honour}", "give: {kind: cash, amount: grant}")
PROOF = "proof: seal\n    fresh_days: 29"


@pytest.mark.nightly
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(conditions(), min_size=2, max_size=3), numbers(), st.integers(0, 10_000))
def test_generated_programmes_in_one_pass_say_what_each_says_alone(tests: list[str], money: str, seed: int) -> None:
    rng = random.Random(seed)
    people = [(f"{at:03d}", *kit.random_subject(rng, TODAY)) for at in range(20)]
    named = {f"c{at}": text for at, text in enumerate(tests)}
    programmes = {
        "all": kit.programme(named, {"grant": money}, head=HEAD),
        "some": kit.programme({"c0": tests[-1]}, {"grant": f"least(bill, {money})"}, head=HEAD),
        "proved": kit.programme(named, {"grant": money}, head=HEAD, extra=PROOF),
    }

    assert differences(programmes, people, TODAY, 11) == []
