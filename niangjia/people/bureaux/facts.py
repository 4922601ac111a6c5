"""Facts that only another bureau's register answers: what a household has registered elsewhere."""

from __future__ import annotations

from niangjia.core.facts import Fact, register_fact
from niangjia.people import readers

_GROUND = {"purpose": "核定困难职工和工会服务", "legal_ground": "本人及家庭成年人签字授权"}


def register() -> None:
    """Offer them."""
    for fact in (
        _recorded("person", "medical_insured", "参加基本医疗保险", "In the basic medical insurance", "bureau:医保局"),
        _recorded("household", "second_home", "名下有第二套住房", "Has a second home", "bureau:住建局", sensitive=True),
        _recorded("household", "firm_registered", "家里有人开办企业或是股东", "A member owns a firm or a share of one",
                  "bureau:市场监管局", sensitive=True),
        _recorded("household", "car_registered", "名下有小汽车", "Has a car", "bureau:公安交管", sensitive=True),
    ):  # fmt: skip
        register_fact(fact)


def _recorded(subject: str, code: str, zh: str, en: str, supplier: str, *, sensitive: bool = False) -> Fact:
    return Fact(
        code=code, subject=subject, type="bool", zh=zh, en=en, read=readers.recorded(subject, code), recorded=True,
        supplier=supplier, sensitive=sensitive, stale_after_days=365, **_GROUND,
    )  # fmt: skip
