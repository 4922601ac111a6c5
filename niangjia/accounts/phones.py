"""Telephone numbers: what people type, brought to one form (E.164), or refused in words."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.core.errors import Refusal

MOBILE_DIGITS = 11
_FULL_WIDTH = str.maketrans("０１２３４５６７８９＋－（）　", "0123456789+-() ")
_SEPARATORS = re.compile(r"[\s\-().·]+")
_COUNTRY = re.compile(r"^(?:\+|00)86")
# Numbers that no network gives out; only where everything is invented.
_DEMO = re.compile(r"^100\d{8}$")
_MOBILE = re.compile(r"^1[3-9]\d{9}$")


class PhoneUnreadable(Refusal):
    """Not a mobile number of the mainland."""

    sentence = _("This is not a mobile number. It has 11 digits and begins with 1, as 138 0000 0000.")


def demo_numbers_allowed() -> bool:
    """Whether numbers that can belong to nobody are accepted: on a demo stage, or by its own setting."""
    return clock.is_demo() or settings.DEMO_NUMBERS


def normalise(text: str, *, field: str = "phone") -> str:
    """A mobile number as people type it to E.164 (+8613800000000); raises `PhoneUnreadable` with what is wrong."""
    digits = _COUNTRY.sub("", _SEPARATORS.sub("", text.translate(_FULL_WIDTH)))
    if not digits.isascii() or not digits.isdigit():
        raise PhoneUnreadable(field=field)
    if len(digits) != MOBILE_DIGITS:
        sentence = _("The mobile number has %(given)s digits; it should have 11.") % {"given": len(digits)}
        raise PhoneUnreadable(sentence, field=field)
    if _MOBILE.match(digits) or (_DEMO.match(digits) and demo_numbers_allowed()):
        return f"+86{digits}"
    raise PhoneUnreadable(field=field)


def normalise_or_none(text: str) -> str | None:
    """The same for a search box: what is no number is simply not searched as one."""
    try:
        return normalise(text)
    except PhoneUnreadable:
        return None


def local(phone: str) -> str:
    """A number as people read it: +8613800000000 gives 138 0000 0000."""
    digits = phone.removeprefix("+86")
    return f"{digits[:3]} {digits[3:7]} {digits[7:]}" if len(digits) == MOBILE_DIGITS else phone


def masked(phone: str) -> str:
    """A number with its middle hidden: 138 **** 0000."""
    digits = phone.removeprefix("+86")
    return f"{digits[:3]} **** {digits[-4:]}" if len(digits) == MOBILE_DIGITS else "*" * len(digits)
