"""Public ids in addresses, and printed serials with a check digit."""

from __future__ import annotations

import secrets

# No vowels (no words), no 0/O/1/l (read aloud over the telephone).
_ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
PUBLIC_ID_LENGTH = 14
# Each byte stands for a letter, all letters for as many; the four bytes left over stand for none and are drawn anew.
_FAIR = 256 - 256 % len(_ALPHABET)
_LETTER_OF = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_OF_NONE = bytes(range(_FAIR, 256))
_DRAWN = 16


def new_public_id() -> str:
    """A random id for addresses: about 67 bits, never a permission."""
    found = ""
    while len(found) < PUBLIC_ID_LENGTH:
        # All at once: asking the system for each letter took longer than writing the row.
        found += secrets.token_bytes(_DRAWN).translate(_LETTER_OF, _OF_NONE).decode("ascii")
    return found[:PUBLIC_ID_LENGTH]


def with_check_digit(number: int, prefix: str = "") -> str:
    """A printed serial: prefix, number, and one check digit that catches a mistyped digit.

    The check is the mod 11-10 hybrid system of GB/T 17710, which catches every single error
    and nearly every transposition.
    """
    if number < 0:
        raise ValueError(number)
    digits = f"{number:07d}"
    return f"{prefix}{digits}{_mod_11_10(digits)}"


def serial_is_valid(serial: str, prefix: str = "") -> bool:
    """Whether a printed serial's check digit fits."""
    body = serial.removeprefix(prefix)
    well_formed = serial.startswith(prefix) and len(body) > 1 and body.isascii() and body.isdigit()
    return well_formed and _mod_11_10(body[:-1]) == body[-1]


def _mod_11_10(digits: str) -> str:
    check = 10
    for digit in digits:
        check = (check + int(digit)) % 10 or 10
        check = check * 2 % 11
    return str((11 - check) % 10)
