"""Yes, no and unknown as two bits per row: what Arrow keeps as value and validity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from niangjia.engines.rules.late import pa, pc

INT64_MAX = 2**63 - 1
INT32_MAX = 2**31 - 1


def _is_narrow(kind: pa.DataType) -> bool:
    return bool(pa.types.is_signed_integer(kind)) and kind.bit_width < 64


def is_narrower(kind: pa.DataType, than: pa.DataType) -> bool:
    """Return whether numbers of one type are those of a wider one, in fewer bytes."""
    return _is_narrow(kind) and bool(than == pa.int64())


def wide(found: Any) -> Any:
    """Return whole numbers in 64 bits, in which all arithmetic is done."""
    return pc.cast(found, pa.int64()) if _is_narrow(found.type) else found


def alike(parts: Sequence[Any]) -> list[Any]:
    """Return the same with single numbers in 32 bits where the columns beside them are and the numbers fit.

    Only for what cannot leave that range: comparing, the least, the greatest.
    """
    if any(part.type != pa.int32() for part in parts if isinstance(part, pa.Array)):
        return list(parts)
    numbers = [part.as_py() for part in parts if isinstance(part, pa.Scalar)]
    if not all(isinstance(number, int) and abs(number) <= INT32_MAX for number in numbers):
        return list(parts)
    return [part if isinstance(part, pa.Array) else pa.scalar(part.as_py(), pa.int32()) for part in parts]


def rebased(array: pa.Array) -> pa.Array:
    """Return the same array starting at the beginning of its buffers, copied only where it must be."""
    if not array.offset:
        return array
    kind = array.type
    if array.offset % 8 == 0 and pa.types.is_primitive(kind):
        start = array.offset // 8
        validity, data = array.buffers()
        parts = [validity if validity is None else validity.slice(start), data.slice(start * kind.bit_width)]
        return pa.Array.from_buffers(kind, len(array), parts)
    return pa.concat_arrays([array, array.slice(0, 0)])


def bits_of(flags: pa.BooleanArray) -> pa.BooleanArray:
    """Return where a three-valued answer is yes, as plain bits without unknown."""
    if flags.offset:
        flags = rebased(flags)
    validity, values = flags.buffers()
    plain = pa.Array.from_buffers(pa.bool_(), len(flags), [None, values])
    if validity is None or not flags.null_count:
        return plain
    return pc.and_(plain, pa.Array.from_buffers(pa.bool_(), len(flags), [None, validity]))


def maybe_bits(flags: pa.BooleanArray) -> pa.BooleanArray:
    """Return where a three-valued answer is yes or unknown, as plain bits without unknown."""
    known = known_bits(flags)
    if known is None:
        return bits_of(flags)
    return pc.or_(without_unknown(flags), pc.invert(known))


def three_valued(yes: pa.BooleanArray, maybe: pa.BooleanArray) -> pa.BooleanArray:
    """Return the answer that is yes in `yes`, unknown elsewhere in `maybe`, and no in neither; both are plain bits."""
    known = pc.or_(yes, pc.invert(maybe))
    return pa.Array.from_buffers(pa.bool_(), len(yes), [known.buffers()[1], yes.buffers()[1]])


def known_bits(array: pa.Array) -> pa.BooleanArray | None:
    """Return where an array knows its value; nothing where it always does."""
    if not array.null_count:
        return None
    array = rebased(array)
    return pa.Array.from_buffers(pa.bool_(), len(array), [None, array.buffers()[0]])


def without_unknown(found: Any) -> Any:
    """Return the same numbers with whatever stands where they are unknown; a scalar as it is."""
    if isinstance(found, pa.Scalar) or not found.null_count:
        return found
    found = rebased(found)
    return pa.Array.from_buffers(found.type, len(found), [None, *found.buffers()[1:]])


def only_where(array: pa.Array, keep: pa.BooleanArray) -> pa.Array:
    """Return the array with unknown wherever `keep` is not yes; nothing is copied but the bits."""
    array = rebased(array)
    if pa.types.is_null(array.type):
        return array
    keep, known = bits_of(keep), known_bits(array)
    mask = keep if known is None else pc.and_(keep, known)
    return pa.Array.from_buffers(array.type, len(array), [mask.buffers()[1], *array.buffers()[1:]])


def largest(values: pa.Array) -> int:
    """Return the greatest distance from nought among the known values."""
    if len(values) == values.null_count:
        return 0
    ends: dict[str, int] = pc.min_max(values).as_py()
    return max(abs(ends["min"]), abs(ends["max"]))


def exact_sum(values: pa.Array, most: int) -> int:
    """Return the sum of the known values, exact whatever its size; `most` is no less than the largest.

    Arrow's own sum wraps silently: it is used only where it cannot.
    """
    if len(values) == values.null_count:
        return 0
    if most * len(values) <= INT64_MAX:
        return int(pc.sum(values).as_py())
    return int(pc.sum(pc.cast(values, pa.decimal128(38, 0))).as_py())
