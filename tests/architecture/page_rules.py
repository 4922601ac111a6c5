"""Habits of the house, as rules over one template or style sheet each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.architecture.sources import Source

_COMMENTS = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.S)
_BANNED_IN_TEMPLATES = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=", re.S),
    "style element": re.compile(r"<style\b"),
    "inline handler": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[^=\s]*)\s*=", re.S),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>"),
    "script address": re.compile(r"javascript:", re.I),
    "other origin": re.compile(
        r"(?:src|action|srcset|data)\s*=\s*[\"'](?:https?:)?//|<link[^>]*href=[\"'](?:https?:)?//"
    ),
    "unescaped value": re.compile(r"\|\s*safe\b(?!\w)|\{%\s*autoescape off"),
}
_CSS_COMMENTS = re.compile(r"/\*.*?\*/", re.S)
# Newer than Chromium 86 or Safari 14. An unknown selector drops its whole rule, silently.
_BANNED_IN_CSS = {
    "@layer": re.compile(r"@layer\b"),
    "@container": re.compile(r"@container\b|container-type\s*:"),
    ":has()": re.compile(r":has\("),
    ":is() or :where()": re.compile(r":(?:is|where)\("),
    "color-mix()": re.compile(r"color-mix\("),
    "oklch() or oklab()": re.compile(r"okl(?:ch|ab)\("),
    "light-dark()": re.compile(r"light-dark\("),
    "another origin": re.compile(r"url\(\s*[\"']?(?:https?:)?//|@import\b"),
}
_AT_RULES_WITH_RULES = re.compile(r"@(?:media|supports|keyframes|-webkit-keyframes|page)\b")
_NEW_UNITS = re.compile(r"(?<![\w-])[\d.]+[dsl]v[hwib](?:min|max)?\b")


def template_is_plain(file: Source) -> Iterator[str]:
    """No inline style, script or handler; nothing from another origin; nothing unescaped."""
    text = _COMMENTS.sub("", file.text)
    for what, pattern in _BANNED_IN_TEMPLATES.items():
        for found in pattern.finditer(text):
            yield f"{what}: {found.group(0)[:60].strip()!r}"


def css_stays_on_the_floor(file: Source) -> Iterator[str]:
    """Chromium 86 and Safari 14 understand every rule."""
    text = _CSS_COMMENTS.sub("", file.text)
    for what, pattern in _BANNED_IN_CSS.items():
        if pattern.search(text):
            yield what
    yield from _nested(text)
    yield from _units_without_fallback(text)


def _nested(text: str) -> Iterator[str]:
    open_rules: list[bool] = []  # True: a rule with declarations, which may hold no other
    for piece in re.finditer(r"([^{};]*)([{}])", text):
        if piece[2] == "}":
            if open_rules:
                open_rules.pop()
            continue
        selector = piece[1].strip()
        if any(open_rules):
            yield f"nesting: {selector[:40]!r}"
        open_rules.append(not _AT_RULES_WITH_RULES.match(selector))


def _units_without_fallback(text: str) -> Iterator[str]:
    for block in re.findall(r"\{([^{}]*)\}", text):
        seen: set[str] = set()
        for declaration in block.split(";"):
            name, _, value = declaration.partition(":")
            name = name.strip()
            if _NEW_UNITS.search(value) and name not in seen:
                yield f"{name}:{value.strip()} without a fallback before it"
            seen.add(name)
