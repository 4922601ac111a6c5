"""Looks for the printed code on one photograph: the child of `codes`, run under limits the parent has set.

Run as `python -m niangjia.files.code_child FILE OUT`. It knows no database and no keys: whatever a hostile
picture does, it does to this process. What it read is written to OUT as JSON: {"codes": [...]} or a fault.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

MOST_PIXELS = 50_000_000  # as many as the store keeps
SIDES = (1600, 1000, 2400)  # a code fills a small part of a sheet: small first, it is quicker
PREFIX = "NJ:"


def main(argv: list[str]) -> int:
    """Read, write down, and say how it ended."""
    path, out = argv
    try:
        told: dict[str, object] = {"codes": sorted(codes_on(path))}
    except BaseException as error:
        told = {"codes": [], "fault": type(error).__name__}
    with open(out, "w", encoding="utf-8") as file:
        json.dump(told, file)
    return 0


def codes_on(path: str) -> set[str]:
    """Our codes on a photograph, however it was held and lit."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(path) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("L", (max(SIDES), max(SIDES)))
        grey = ImageOps.exif_transpose(picture).convert("L")
    for shown in _lights(grey):
        found = {code.text for code in zxingcpp.read_barcodes(shown, formats=zxingcpp.BarcodeFormat.QRCode)}
        ours = {text for text in found if text.startswith(PREFIX)}
        if ours:
            return ours
    return set()


def _lights(grey: Image.Image) -> Iterator[Image.Image]:
    """The photograph as it is, then with what helps against a dim room and a shaking hand."""
    for side in SIDES:
        scale = min(1.0, side / max(grey.size))
        size = (max(1, int(grey.width * scale)), max(1, int(grey.height * scale)))
        small = grey.resize(size) if scale < 1 else grey
        yield small
        lit = ImageOps.autocontrast(small, cutoff=2)
        yield lit
        yield lit.filter(ImageFilter.UnsharpMask(radius=3, percent=200))
        if scale == 1:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
