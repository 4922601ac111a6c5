"""Numbers with their unit, as each language writes them."""

from __future__ import annotations

from django import template

from niangjia.policy.readiness import language_code

register = template.Library()


@register.filter
def in_unit(number: int, unit: str) -> str:
    """A count with its unit: 25人 in Chinese, 25 persons or 1 person in English."""
    if language_code() == "zh":
        return f"{number:,}{unit}"
    return f"{number:,} {unit.removesuffix('s') if number == 1 else unit}"
