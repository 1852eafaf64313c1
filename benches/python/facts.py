"""What both programs take as given: missing words, invisible characters, and the working days of the calendar.

Apart because the facts are the same whichever library checks by them. It knows neither polars nor pandas.
"""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import numpy as np

MISSING = ["", "无", "暂无", "-", "--", "/", "N/A", "NA", "n/a", "na", "null", "NULL"]
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 1, 1)


def working_days(folder: str) -> np.ndarray:
    """The working days from FIRST_DAY up to and with each day."""
    off, work = set(), set()
    for path in Path(folder).glob("*.toml"):
        year = tomllib.loads(path.read_text(encoding="utf-8"))
        off.update(map(str, year.get("off", [])))
        work.update(map(str, year.get("work", [])))
    days = [FIRST_DAY + timedelta(index) for index in range((LAST_DAY - FIRST_DAY).days)]
    return np.cumsum([str(day) in work or (day.weekday() < 5 and str(day) not in off) for day in days], dtype=np.int32)
