"""What people type, as it may stand in a register: an input method writes １２３, Ａ and （ as well as 123, A and (."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import reduce
from operator import or_

from django.db.models import Q

_WIDE_SIGNS = str.maketrans("(),:;!?", "（），：；！？")


def plain(text: str) -> str:
    """The same with half-width letters, digits and signs."""
    return unicodedata.normalize("NFKC", text)


def spellings(text: str) -> tuple[str, ...]:
    """How a name that was typed may be written: as typed, in half width, and with Chinese brackets and signs."""
    return tuple(dict.fromkeys((text, plain(text), plain(text).translate(_WIDE_SIGNS))))


def in_any_spelling(condition: Callable[[str], Q], text: str) -> Q:
    """A condition on a name, met by any spelling of what was typed."""
    return reduce(or_, (condition(spelling) for spelling in spellings(text)))
