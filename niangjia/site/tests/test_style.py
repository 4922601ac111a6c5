"""The colours can be read, and the style sheets run on the oldest browser we promise (Chromium 86, Safari 14)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SITE = Path(__file__).parent.parent
CSS = SITE / "static" / "site" / "css"
SHEETS = ("tokens", "base", "layout", "parts", "pages", "print")

# What the floor does not know: an unknown @layer block, for one, is dropped whole and leaves the page bare.
FORBIDDEN = {
    "layers": r"@layer\b",
    ":has()": r":has\(",
    ":is() and :where()": r":(?:is|where)\(",
    "color-mix": r"color-mix\(",
    "oklch and lab": r"\b(?:oklch|oklab|lch|lab)\(",
    "light-dark": r"light-dark\(",
    "container queries": r"@container\b|container-type",
    "small and dynamic viewports": r"\d[sd]v[hw]\b",
    "inset": r"(?<![\w-])inset\s*:",
    "range queries": r"@media[^{]*[<>]",
    "nesting": r"&",
    "imports from elsewhere": r"@import|url\(\s*[\"']?(?:https?:)?//",
    "!important on text size": r"text-size-adjust[^;]*!important",
}
BAD_SAMPLES = {
    "layers": "@layer parts { .a { color: red } }",
    ":has()": ".card:has(.x) { color: red }",
    ":is() and :where()": ":is(h1, h2) { margin: 0 }",
    "color-mix": ".a { color: color-mix(in srgb, red, blue) }",
    "oklch and lab": ".a { color: oklch(50% 0.1 20) }",
    "light-dark": ".a { color: light-dark(#000, #fff) }",
    "container queries": "@container (min-width: 1px) { .a { color: red } }",
    "small and dynamic viewports": ".a { min-height: 100dvh }",
    "inset": ".a { inset: 0 }",
    "range queries": "@media (width >= 600px) { .a { color: red } }",
    "nesting": ".a { &:hover { color: red } }",
    "imports from elsewhere": ".a { background: url(//fonts.example/x.woff) }",
    "!important on text size": "html { text-size-adjust: none !important }",
}


def _without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.S)


def _sheet(name: str) -> str:
    return _without_comments((CSS / f"{name}.css").read_text(encoding="utf-8"))


def _selectors(css: str) -> list[str]:
    heads = re.findall(r"([^{};]+)\{", css)
    return [part.strip() for head in heads if not head.strip().startswith("@") for part in head.split(",")]


def _is_two_deep(selector: str) -> bool:
    """Whether one class reaches into another: then no part can be moved without breaking a second."""
    compounds = re.split(r"\s*[ >]\s*", re.sub(r"\([^)]*\)|\[[^\]]*\]", "", selector))
    return sum("." in compound for compound in compounds) > 1 and " + " not in selector


def _blocks(css: str, selector: str) -> dict[str, str]:
    found = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", css)
    assert found, selector
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", found.group(1)))


def _palettes() -> dict[str, dict[str, str]]:
    css = _sheet("tokens")
    light = _blocks(css, '[data-theme="light"]')
    dark = _blocks(css, '\n  [data-theme="dark"]')
    large = {**light, **_blocks(css, '\n[data-size="large"]')}
    large_dark = {**dark, **_blocks(css, '[data-theme="dark"][data-size="large"]')}
    return {"light": light, "dark": dark, "large": large, "large dark": large_dark}


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2.2 computes it, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


TEXT_PAIRS = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-2", "ink-3", "link", "red-text")
        for ground in ("paper", "surface", "sunk")
    ),
    *((word, f"{word}-tint") for word in ("yes", "ask", "no", "go", "late")),
    *(("ink", f"{word}-tint") for word in ("yes", "ask", "no", "go", "late")),
    ("red-text", "red-tint"),
    ("on-red", "red"),
    ("on-red", "red-press"),
    ("surface", "late"),
    ("surface", "ink"),
]


def test_black_on_white_is_measured_as_21() -> None:
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21.0
    assert round(contrast("#777777", "#FFFFFF"), 2) == 4.48


@pytest.mark.parametrize("palette", ["light", "dark", "large", "large dark"])
def test_text_stands_out_from_its_ground(palette: str) -> None:
    tokens = _palettes()[palette]
    floor = 7.0 if palette.startswith("large") else 4.5
    weak = {
        pair: round(ratio, 2)
        for pair in TEXT_PAIRS
        if (ratio := contrast(tokens[f"--{pair[0]}"], tokens[f"--{pair[1]}"])) < floor
    }
    assert not weak


@pytest.mark.parametrize("palette", ["light", "dark", "large", "large dark"])
def test_edges_of_inputs_and_lines_of_charts_can_be_seen(palette: str) -> None:
    tokens = _palettes()[palette]
    for mark in ("edge", "chart-a", "chart-b"):
        assert contrast(tokens[f"--{mark}"], tokens["--surface"]) >= 3, mark
        assert contrast(tokens[f"--{mark}"], tokens["--paper"]) >= 3, mark


def test_the_two_dark_palettes_are_one() -> None:
    css = _sheet("tokens")
    assert _blocks(css, ':root:not([data-theme="light"])') == _blocks(css, '\n  [data-theme="dark"]')


def test_dark_is_for_screens_only() -> None:
    outside = re.sub(r"@media screen[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", _sheet("tokens"))
    assert "#161412" in _sheet("tokens")
    assert "#161412" not in outside


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_sheet_uses_what_the_oldest_browser_lacks(sheet: str) -> None:
    css = _sheet(sheet)
    assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, css)] == []


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
def test_the_search_for_forbidden_style_finds_a_bad_sample(what: str) -> None:
    assert re.search(FORBIDDEN[what], BAD_SAMPLES[what])


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_class_reaches_into_another(sheet: str) -> None:
    assert [selector for selector in _selectors(_sheet(sheet)) if _is_two_deep(selector)] == []


def test_a_class_within_a_class_is_noticed() -> None:
    assert _is_two_deep(".card .title")
    assert _is_two_deep(".card > b.title")
    assert not _is_two_deep(".table tbody th")
    assert not _is_two_deep(".busy.htmx-request")


def test_colours_are_named_only_as_tokens() -> None:
    for sheet in SHEETS[1:5]:
        assert re.findall(r"#[0-9A-Fa-f]{3,8}\b", _sheet(sheet)) == [], sheet


def test_no_emphasis_by_slant_spacing_or_half_weights() -> None:
    everything = "".join(_sheet(sheet) for sheet in SHEETS)
    assert not re.search(r"font-style:\s*italic|letter-spacing|text-align:\s*justify", everything)
    assert set(re.findall(r"font-weight:\s*(\w+)", everything)) <= {"400", "700"}
