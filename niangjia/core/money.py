"""Money: integer fen in, sentences and capitals out."""

from __future__ import annotations

import re

FEN_PER_YUAN = 100
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SMALL_UNITS = ("", "拾", "佰", "仟")
_WAN, _YI = 10**4, 10**8
_AMOUNT = re.compile(r"[¥￥]?\s*(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,2}))?\s*元?", re.ASCII)


def yuan(fen: int) -> str:
    """Fen as yuan with thousands separators and two decimals: 500000 gives `5,000.00`."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{rest:02d}"


def parse_yuan(text: str) -> int:
    """Yuan as a person types them (5000, 5,000.5, ５０００元) to fen; anything else raises ValueError.

    A comma that does not part thousands is refused: 1,5 may mean one and a half or fifteen.
    """
    plain = text.strip().translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,"))
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise ValueError(text)
    whole, rest = found[1].replace(",", ""), found[2] or ""
    return int(whole) * FEN_PER_YUAN + int(rest.ljust(2, "0"))


def capitals(fen: int) -> str:
    """Fen in the capitals of Chinese cheques: 200000 gives 贰仟元整.

    Source of the form: 《支付结算办法》 annex 1, 1997-12-01, on writing amounts.
    """
    if fen < 0:
        return "负" + capitals(-fen)
    whole, rest = divmod(fen, FEN_PER_YUAN)
    jiao, cents = divmod(rest, 10)
    text = (_whole_capitals(whole) + "元") if whole else ""
    if not rest:
        return (text or "零元") + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    return text + (_DIGITS[cents] + "分" if cents else "整")


def _whole_capitals(number: int) -> str:
    for size, unit in ((_YI, "亿"), (_WAN, "万")):
        if number >= size:
            high, low = divmod(number, size)
            text = _whole_capitals(high) + unit
            if low:
                text += ("零" if low < size // 10 else "") + _whole_capitals(low)
            return text
    return _group_capitals(number)


def _group_capitals(group: int) -> str:
    text = ""
    gap = False
    for power in range(3, -1, -1):
        digit = group // 10**power % 10
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _SMALL_UNITS[power]
        gap = False
    return text
