"""Numbers of persons and bodies: identity numbers (GB 11643) and unified social credit codes (GB 32100).

Every refusal says what was typed and what it should be; a number that fits tells birthday and sex.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import mul

from django.utils.translation import gettext_lazy as _

from niangjia.accounts.phones import demo_numbers_allowed
from niangjia.core import clock
from niangjia.core.errors import Refusal

PLACES = 18
_FULL_WIDTH = str.maketrans("０１２３４５６７８９ＸｘＡ", "0123456789XxA")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# GB/T 2260: the first two digits of every region code in use.
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_NOWHERE = "99"


class IdentityNumberWrong(Refusal):
    """Not an identity number."""

    sentence = _("The identity number has 18 places: 17 digits, then a digit or X.")


class CreditCodeWrong(Refusal):
    """Not a unified social credit code."""

    sentence = _("The unified social credit code has 18 places: digits and capital letters, never I, O, S, V or Z.")


@dataclass(frozen=True)
class IdentityNumber:
    """A number that passed every check, and what it tells."""

    number: str
    born_on: date
    sex: str  # female | male


def parse_identity_number(text: str, *, field: str = "id_number", today: date | None = None) -> IdentityNumber:
    """Check an identity number as typed; raises `IdentityNumberWrong` with what is wrong and what to do.

    Whoever reads many within one transaction says what day it is: PostgreSQL would be asked for each.
    """
    number = "".join(text.translate(_FULL_WIDTH).split()).upper()
    if len(number) != PLACES:
        raise IdentityNumberWrong(_length_sentence(len(number)), field=field)
    if not (number[:17].isascii() and number[:17].isdigit()) or number[17] not in "0123456789X":
        raise IdentityNumberWrong(field=field)
    if not _region_exists(number[:2]):
        raise IdentityNumberWrong(
            _("The first two digits of the identity number are no province. Please check them."), field=field
        )
    born_on = _birthday(number[6:14], field, today or clock.today())
    total = sum(map(mul, map(int, number[:17]), _WEIGHTS))
    if _CHECKS[total % 11] != number[17]:
        raise IdentityNumberWrong(
            _(
                "The last place of the identity number does not fit the others: one digit is mistyped. "
                "Please compare it with the card."
            ),
            field=field,
        )
    return IdentityNumber(number, born_on, "male" if int(number[16]) % 2 else "female")


def _length_sentence(given: int) -> str:
    counts = {"given": given, "by": abs(PLACES - given)}
    if given == PLACES - 1:
        return _("The identity number is one place short: %(given)s given, it should have 18.") % counts
    if given == PLACES + 1:
        return _("The identity number is one place too long: %(given)s given, it should have 18.") % counts
    if given < PLACES:
        return _("The identity number is %(by)s short: %(given)s places given, it should have 18.") % counts
    return _("The identity number is %(by)s too long: %(given)s places given, it should have 18.") % counts


def _region_exists(province: str) -> bool:
    return province in _PROVINCES or (province == _NOWHERE and demo_numbers_allowed())


def _birthday(digits: str, field: str, today: date) -> date:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        born_on = None  # type: ignore[assignment]
    if born_on is None or born_on > today or born_on.year < 1900:
        sentence = _(
            "Places 7 to 14 of the identity number (%(digits)s) are no birthday. Please compare them with the card."
        )
        raise IdentityNumberWrong(sentence % {"digits": digits}, field=field)
    return born_on


def parse_credit_code(text: str, *, field: str = "credit_code") -> str:
    """Check a unified social credit code as typed; raises `CreditCodeWrong` with what is wrong."""
    code = "".join(text.translate(_FULL_WIDTH).split()).upper()
    if len(code) != PLACES:
        sentence = _("The credit code has %(given)s places; it should have 18.") % {"given": len(code)}
        raise CreditCodeWrong(sentence, field=field)
    _refuse_wrong_place(code, field)
    if not _region_exists(code[2:4]):
        raise CreditCodeWrong(_("Places 3 and 4 of the credit code are no province. Please check them."), field=field)
    total = sum(_CREDIT_ALPHABET.index(place) * pow(3, at, 31) for at, place in enumerate(code[:17]))
    check = _CREDIT_ALPHABET[(31 - total % 31) % 31]
    if check != code[17]:
        sentence = _(
            "Place 18 of the credit code is %(given)s; after the 17 before it, it should be %(right)s. "
            "One of the 18 is mistyped: please compare them with the licence."
        )
        raise CreditCodeWrong(sentence % {"given": code[17], "right": check}, field=field)
    return code


def _refuse_wrong_place(code: str, field: str) -> None:
    """Name the first place that cannot stand there: a letter that is never used, or no digit among places 3 to 8."""
    for place, sign in enumerate(code, start=1):
        if sign not in _CREDIT_ALPHABET:
            sentence = _(
                "Place %(place)s of the credit code is %(sign)s, which never stands there: only digits and capital "
                "letters without I, O, S, V and Z. Please compare it with the licence."
            )
        elif 3 <= place <= 8 and not sign.isdigit():
            sentence = _(
                "Place %(place)s of the credit code is %(sign)s; places 3 to 8 are digits, the region. "
                "Please compare it with the licence."
            )
        else:
            continue
        raise CreditCodeWrong(sentence % {"place": place, "sign": sign}, field=field)
