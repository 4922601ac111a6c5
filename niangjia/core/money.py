"""Money: integer fen in, sentences and capitals out."""

from __future__ import annotations

FEN_PER_YUAN = 100
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SMALL_UNITS = ("", "拾", "佰", "仟")
_BIG_UNITS = ("", "万", "亿", "万亿")


def yuan(fen: int) -> str:
    """Fen as yuan with thousands separators and two decimals: 500000 gives `5,000.00`."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{rest:02d}"


def parse_yuan(text: str) -> int:
    """Yuan as a person types them (5000, 5,000.5, ５０００元) to fen; anything else raises ValueError."""
    cleaned = text.strip().translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,"))
    cleaned = cleaned.removesuffix("元").removeprefix("¥").removeprefix("￥").replace(",", "").strip()
    whole, _, rest = cleaned.partition(".")
    digits_only = (whole + rest).isascii() and (whole + rest).isdigit()
    if not digits_only or len(rest) > 2 or not whole or len(whole) > 12:
        raise ValueError(text)
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
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text = ""
    gap = False
    for power in range(len(groups) - 1, -1, -1):
        group = groups[power]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1_000):
            text += "零"
        text += _group_capitals(group) + _BIG_UNITS[power]
        gap = False
    return text


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
