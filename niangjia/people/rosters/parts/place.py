"""Which union a row belongs to: named in the row, else where the file is already, else the roster's own."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.people.rosters.judging import Frame, Row

_NO_UNION = _("No union of this name among those you look after: %(given)s. Please write its whole name.")
_SEVERAL_UNIONS = _("Several unions are called something like %(given)s. Please write the whole name.")


def place(row: Row, frame: Frame, stored: int | None, belongs_elsewhere: str | Promise) -> None:
    """Set the row's union; refuse one out of reach, and one that differs from where the file is."""
    given = row.values.get("union")
    if given is None:
        row.union_id = stored or frame.union_id
        return
    fitting = [frame.unions[given]] if given in frame.unions else _beginning(frame, given)
    if len(fitting) != 1:
        row.refuse("union", _SEVERAL_UNIONS if fitting else _NO_UNION, given=given)
        return
    row.union_id = fitting[0]
    if stored is not None and stored != row.union_id:
        row.refuse("union", belongs_elsewhere, union=frame.union_names[stored])


def _beginning(frame: Frame, given: str) -> list[int]:
    """Tables say 小满镇 for 小满镇总工会."""
    return sorted({pk for pk, name in frame.union_names.items() if name.startswith(given)}) if len(given) > 1 else []
