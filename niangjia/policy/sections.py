"""Sections of a recipe that belong to a room: each room checks its own before anything is adopted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from niangjia.core.registries import Registry

# What is wrong with a section: zh, en, advice zh, advice en for each problem.
SectionCheck = Callable[[object], Iterable[tuple[str, str, str, str]]]

sections: Registry[SectionCheck] = Registry("sections of a recipe")

NOTICE_BEFORE, NOTICE_AFTER = "before", "after"
MAX_NOTICE_DAYS = 60


def register() -> None:
    """Offer the checks of this room's own sections."""
    sections.register("notice", check_notice)


def checks() -> dict[str, SectionCheck]:
    """All registered checks by the key of their section."""
    return {code: sections.get(code) for code in sections}


def check_notice(value: object) -> Iterable[tuple[str, str, str, str]]:
    """`notice: {days: 5, before: approval}`: working days, and before or after the approval."""
    if not isinstance(value, Mapping):
        yield (
            "公示要写成{days: 天数, before: approval}。",
            "The notice is written {days: n, before: approval}.",
            *_NOTICE,
        )
        return
    days = value.get("days")
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= MAX_NOTICE_DAYS:
        yield ("公示天数要在0到60之间。", "The days of notice must be between 0 and 60.", *_NOTICE)
    order = {key: value[key] for key in value if key != "days"}
    if order not in ({NOTICE_BEFORE: "approval"}, {NOTICE_AFTER: "approval"}, {}):
        yield ("公示只能写在审批之前或之后。", "The notice comes before or after approval.", *_NOTICE)


_NOTICE = ("请写成notice: {days: 5, before: approval}。", "Write notice: {days: 5, before: approval}.")


def notice_of(found: Mapping[str, Any]) -> tuple[int, bool]:
    """Working days of public notice, and whether it stands before the approval; silent means five, before."""
    value = found.get("notice")
    if not isinstance(value, Mapping):
        return 5, True
    return int(value.get("days", 5)), NOTICE_AFTER not in value
