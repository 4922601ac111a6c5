"""Numbers that look right and can belong to nobody: the region code 99 does not exist, nor the prefix 100."""

from __future__ import annotations

from datetime import date

# GB/T 2260 gives provinces 11 to 82; nothing begins with 99.
REGION = "990123"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(born_on: date, order: int, sex: str, region: str = REGION) -> str:
    """An 18-place identity number (GB 11643): region, birthday, order (odd for men), check digit."""
    sequence = order * 2 + (1 if sex == "male" else 0)
    body = f"{region}{born_on:%Y%m%d}{sequence % 1000:03d}"
    return body + identity_check(body)


def identity_check(body: str) -> str:
    """The check digit of the first 17 places (GB 11643, ISO 7064 MOD 11-2)."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def credit_code(order: int, region: str = REGION) -> str:
    """An 18-place unified social credit code (GB 32100) of a company registered nowhere."""
    organisation = f"{order:08d}"
    body = f"91{region}{organisation}{_organisation_check(organisation)}"
    return body + credit_check(body)


def credit_check(body: str) -> str:
    """The check character of the first 17 places (GB 32100, ISO 7064 MOD 31-3)."""
    total = sum(_CREDIT_ALPHABET.index(place) * pow(3, at, 31) for at, place in enumerate(body))
    return _CREDIT_ALPHABET[(31 - total % 31) % 31]


def _organisation_check(digits: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[(11 - total % 11) % 11]


def phone(order: int) -> str:
    """A mobile number in E.164 form that no network gives out: they all begin with 13 to 19."""
    return f"+86100{order:08d}"


def desk_phone(order: int) -> str:
    """A desk telephone in an area code that does not exist."""
    return f"0000-801{order:04d}"
