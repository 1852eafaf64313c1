"""Cells as pandas reads them from a workbook: folded, and as days, minutes, amounts and codes.

Apart because every check begins with it. Whole columns at once where pandas can, a function a value for the credit code.
"""

import numpy as np
import pandas as pd

from facts import FIRST_DAY, INVISIBLE, MISSING

FOLDED = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
FOLDED |= {ord(character): None for character in INVISIBLE}
TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
# a day with whichever separators, or eight digits
DAYS = [r"(\d{4})-(\d{1,2})-(\d{1,2})", r"(\d{4})/(\d{1,2})/(\d{1,2})", r"(\d{4})\.(\d{1,2})\.(\d{1,2})"]
DAYS += [r"(\d{4})年(\d{1,2})月(\d{1,2})日", r"(\d{4})(\d{2})(\d{2})"]
CODE = {character: value for value, character in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1]


def as_typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Days without the midnight that pandas gives to cells of dates."""
    return frame.apply(lambda column: column.str.removesuffix(" 00:00:00"))


def narrow(column: pd.Series) -> pd.Series:
    """Full-width letters narrow, invisible ones and outer blanks away."""
    return column.str.translate(FOLDED).str.strip()


def folded(frame: pd.DataFrame) -> pd.DataFrame:
    """The same of all columns, and missing words null."""
    folded = frame.apply(narrow)
    return folded.mask(folded.isin(MISSING))


def day(text: pd.Series) -> pd.Series:
    days = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    for pattern in DAYS:
        parts = text[days.isna() & text.notna()].str.extract(f"^{pattern}(?:[ T]{TIME})?$")
        iso = parts[0] + "-" + parts[1].str.zfill(2) + "-" + parts[2].str.zfill(2)
        days = days.fillna(pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce"))
    return days


def moment(text: pd.Series, days: pd.Series) -> pd.Series:
    """A day with its time, seconds dropped; null where there is no time."""
    time = text.str.extract(r"[ T](\d{1,2}):(\d{2})(?::\d{2})?$").astype(float)
    return days + pd.to_timedelta(time[0] * 60 + time[1], unit="min")


def amount(text: pd.Series) -> pd.Series:
    grouped = text.str.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", na=False)
    return pd.to_numeric(text.mask(grouped, text.str.replace(",", "")), errors="coerce")


def between(since: pd.Series, until: pd.Series, counted: np.ndarray) -> pd.Series:
    """Working days from one day to another; null where one is."""

    def at(days: pd.Series) -> pd.Series:
        index = (days - pd.Timestamp(FIRST_DAY)).dt.days.clip(0, len(counted) - 1)
        return pd.Series(counted[index.fillna(0).astype(int)], index.index).where(index.notna())

    return at(until) - at(since)


def credit_code_is_wrong(code: str) -> bool:
    """Whether a code is none of GB 32100-2015."""
    if len(code) != 18 or code[0] not in "123456789ANY" or not code[2:8].isdecimal() or not code.isascii():
        return True
    values = [CODE.get(character) for character in code]
    return None in values or sum(value * weight for value, weight in zip(values, WEIGHTS)) % 31 != 0
