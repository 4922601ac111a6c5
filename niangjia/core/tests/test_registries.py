from __future__ import annotations

import pytest

from niangjia.core.registries import DuplicateRegistration, NotRegistered, Registry


def test_things_come_back_in_the_order_of_registration() -> None:
    registry: Registry[str] = Registry("things")
    registry.register("b", "second letter")
    registry.register("a", "first letter")
    assert list(registry) == ["b", "a"]
    assert registry.all() == ("second letter", "first letter")
    assert len(registry) == 2
    assert "a" in registry
    assert "c" not in registry


def test_another_thing_under_a_taken_code_is_refused_and_the_first_stays() -> None:
    registry: Registry[str] = Registry("things")
    registry.register("a", "one")
    assert registry.register("a", "one") == "one"
    with pytest.raises(DuplicateRegistration, match="things: a"):
        registry.register("a", "two")
    assert registry.get("a") == "one"


def test_a_typing_error_never_reads_as_nothing_there() -> None:
    registry: Registry[str] = Registry("things")
    with pytest.raises(NotRegistered, match="things: nothing"):
        registry.get("nothing")
