"""The printed code of a form: made, drawn as a QR, and read from a photograph in a child process."""

from __future__ import annotations

import json
import secrets
import tempfile
from pathlib import Path

import segno
from django.utils.safestring import SafeString, mark_safe

from niangjia.core.ids import serial_is_valid, with_check_digit
from niangjia.files.children import ChildTooSlow, run_child
from niangjia.files.models import StoredFile
from niangjia.files.services.contents import plain_copy

PREFIX = "NJ:"
DIGITS = 19
MEMORY = 1024 * 1024 * 1024
SECONDS = 20.0


def new_code() -> str:
    """A random number with its check digit: it says nothing and cannot be guessed (63 bits)."""
    return with_check_digit(10 ** (DIGITS - 1) + secrets.randbelow(9 * 10 ** (DIGITS - 1)))


def typed_code(text: str) -> str:
    """A code as somebody typed it from the paper, without blanks; empty where its check digit does not fit."""
    digits = "".join(text.upper().removeprefix(PREFIX).split()).replace("-", "")
    return digits if len(digits) == DIGITS + 1 and serial_is_valid(digits) else ""


def spaced(code: str) -> str:
    """A code as it is printed under its QR: in fours."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def qr_svg(code: str) -> SafeString:
    """A form's code as a drawing, strong enough to be read from a poor photograph."""
    return _drawn(PREFIX + code, "q")


def address_svg(address: str) -> SafeString:
    """An address as a drawing that a telephone opens."""
    return _drawn(address, "m")


def _drawn(text: str, strength: str) -> SafeString:
    """A QR inside the page; it stretches to the size of its class."""
    drawing = segno.make(text, error=strength, micro=False, boost_error=False)
    found = drawing.svg_inline(omitsize=True, border=4, svgclass="sheet-code", lineclass=None)
    return mark_safe(found)  # noqa: S308  squares only, drawn by a library from our own words


def codes_on(file: StoredFile) -> set[str]:
    """The codes with a right check digit on a stored photograph; none where it cannot be read."""
    if not file.media_type.startswith("image/"):
        return set()
    with tempfile.TemporaryDirectory(prefix="niangjia-code-") as folder:
        out = Path(folder) / "codes"
        try:
            with plain_copy(file.digest, Path(folder)) as path:
                ended = run_child("niangjia.files.code_child", [str(path), str(out)], memory=MEMORY, seconds=SECONDS)
        except ChildTooSlow:
            return set()
        if ended != 0 or not out.exists():
            return set()
        found = json.loads(out.read_text(encoding="utf-8"))["codes"]
    return {code for code in map(typed_code, found) if code}
