"""Which union a row belongs to: named in the row, else where the file is already, else the roster's own."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.people.rosters.judging import Frame, Row

_NO_UNION = _("No union of this name among those you look after: %(given)s. Please write its whole name.")
_SEVERAL_UNIONS = _("Several unions are called something like %(given)s. Please write the whole name.")
_NAMESAKES = _(
    "Several unions are called %(given)s, below %(above)s. Please write the union above it in front, "
    "as %(example)s, or write its code instead of the name."
)
_BETWEEN = " /-·—,，、"


def place(row: Row, frame: Frame, stored: int | None, belongs_elsewhere: str | Promise) -> None:
    """Set the row's union; refuse one out of reach, and one that differs from where the file is."""
    given = row.values.get("union")
    if given is None:
        row.union_id = stored or frame.union_id
        return
    fitting = frame.unions.get(given) or _below_another(frame, given) or _beginning(frame, given)
    if len(fitting) != 1:
        _refuse(row, frame, given, fitting)
        return
    row.union_id = fitting[0]
    if stored is not None and stored != row.union_id:
        row.refuse("union", belongs_elsewhere, union=frame.union_names[stored])


def _refuse(row: Row, frame: Frame, given: str, fitting: Sequence[int]) -> None:
    if not fitting:
        row.refuse("union", _NO_UNION, given=given)
    elif given in frame.unions:
        above = "、".join(sorted(frame.above[pk] for pk in fitting))
        row.refuse("union", _NAMESAKES, given=given, above=above, example=frame.above[fitting[0]] + given)
    else:
        row.refuse("union", _SEVERAL_UNIONS, given=given)


def _below_another(frame: Frame, given: str) -> list[int]:
    """Of several with one name that below the union written in front: 小满镇第1网格, or 小满镇 第1网格."""
    found = []
    for pk, above in frame.above.items():
        front = given.removesuffix(frame.union_names[pk])
        if front != given and above.startswith(front.rstrip(_BETWEEN)):
            found.append(pk)
    return found


def _beginning(frame: Frame, given: str) -> list[int]:
    """Tables say 小满镇 for 小满镇总工会."""
    return sorted({pk for pk, name in frame.union_names.items() if name.startswith(given)}) if len(given) > 1 else []
