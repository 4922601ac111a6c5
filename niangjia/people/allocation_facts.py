"""Facts by which few places are shared out: who stands in which group, and who has waited how long."""

from __future__ import annotations

from niangjia.core.facts import Fact
from niangjia.people import readers

_AID = {"purpose": "按优先顺序分配名额", "legal_ground": "《中华人民共和国工会法》"}


def _recorded(subject: str, code: str, type: str, zh: str, en: str, **more: object) -> Fact:
    read = readers.recorded(subject, code)
    return Fact(code=code, subject=subject, type=type, zh=zh, en=en, read=read, recorded=True, **_AID, **more)  # type: ignore[arg-type]


def allocation_facts() -> tuple[Fact, ...]:
    """What the survey of a village and the insurance office say of somebody out of work."""
    return (
        _recorded(
            "person",
            "wants_work",
            "bool",
            "入户排摸时在家没有工作、想就业",
            "At home without work and wanting a job, found in the survey",
            supplier="visit",
            absent="false",
        ),
        _recorded(
            "person",
            "land_taken_uninsured",
            "bool",
            "征地时因年龄没能参加社会保险",
            "Too young or too old for social insurance when the land was taken",
            supplier="visit",
        ),
        _recorded(
            "person",
            "insurance_unpaid_months",
            "int",
            "欠缴社会保险的月数",
            "Months of social insurance not paid",
            unit="month",
            supplier="bureau:人社局",
            sensitive=True,
        ),
    )
