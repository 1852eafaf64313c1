"""Folding, missing words, and texts as days, minutes, decimals and codes.

Apart because it is most of the work. Every step is an expression of polars where there is one, and numpy over all rows
at once where there is none; nothing here is a loop over values.
"""

from datetime import date

import numpy as np
import polars as pl

import facts
from facts import FIRST_DAY, INVISIBLE, MISSING
from tables import Table

WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " ", "\u00a0": " "}
FOLDED = WIDE | dict.fromkeys(INVISIBLE, "")

TIME = "(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
DAY = (
    "[0-9]{4}(?:-[0-9]{1,2}-[0-9]{1,2}|/[0-9]{1,2}/[0-9]{1,2}|\\.[0-9]{1,2}\\.[0-9]{1,2}"
    "|年[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4})"
)


def folded(frame: pl.LazyFrame, table: Table) -> pl.LazyFrame:
    """A column a field beside the column as typed: full-width letters narrow, invisible ones and outer blanks away,
    missing words null."""

    def text(name: str) -> pl.Expr:
        return pl.col(table.header[name]).str.replace_many(FOLDED).str.strip_chars()

    def value(name: str) -> pl.Expr:
        return pl.when(pl.col(name).is_in(MISSING)).then(None).otherwise(pl.col(name)).alias(name)

    key = pl.col(table.key).fill_null("") if table.key else pl.lit("")
    frame = frame.with_columns(text(name).alias(name) for name in table.fields)
    return frame.with_columns(*(value(name) for name in table.fields), key_text=key)


def rest(text: pl.Expr, value: pl.Expr) -> pl.Expr:
    """The text where a value is null, so that the slow way sees only the rest."""
    return pl.when(value.is_null()).then(text)


def day(text: pl.Expr) -> pl.Expr:
    plain = text.str.to_date("%Y-%m-%d", strict=False)
    plain = pl.when(plain >= date(1000, 1, 1)).then(plain)
    other = rest(text, plain).str.extract(f"^({DAY})(?:[ T]{TIME})?$")
    other = other.str.replace_all("[/.年月]", "-").str.replace_all("日", "", literal=True)
    return pl.coalesce(plain, other.str.to_date("%Y-%m-%d", strict=False), other.str.to_date("%Y%m%d", strict=False))


def minute(text: pl.Expr) -> pl.Expr:
    """Minutes since 1970 of a day with a time, seconds dropped; null where there is no time."""
    plain = text.str.to_datetime("%Y-%m-%d %H:%M", strict=False, time_unit="ms").cast(pl.Int64) // 60_000
    other = rest(text, plain)
    hours = other.str.extract(r"[ T]([0-9]{1,2}):[0-9]{2}(?::[0-9]{2})?$").cast(pl.Int64)
    minutes = other.str.extract(r"[ T][0-9]{1,2}:([0-9]{2})(?::[0-9]{2})?$").cast(pl.Int64)
    return pl.coalesce(plain, day(other).cast(pl.Int64) * 1440 + hours * 60 + minutes)


def decimal(text: pl.Expr) -> pl.Expr:
    exact = pl.Decimal(38, 6)
    plain = text.cast(exact, strict=False)
    grouped = rest(text, plain).str.extract(r"^([+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?)$")
    return pl.coalesce(plain, grouped.str.replace_all(",", "", literal=True).cast(exact, strict=False))


def calendar(folder: str) -> pl.Series:
    """The working days from FIRST_DAY up to and with each day."""
    return pl.Series(facts.working_days(folder))


def working_days(since: str, until: str, counted: pl.Series) -> pl.Expr:
    def at(name: str) -> pl.Expr:
        index = pl.col(name).cast(pl.Int32) + (date(1970, 1, 1) - FIRST_DAY).days
        return index.clip(0, len(counted) - 1).map_batches(counted.gather, return_dtype=pl.Int32)

    return at(until) - at(since)


CHARACTERS = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1], dtype=np.int32)
VALUES = np.full(256, -1, dtype=np.int32)
VALUES[np.frombuffer(CHARACTERS, dtype=np.uint8)] = np.arange(len(CHARACTERS))


def credit_code_is_wrong(codes: pl.Series) -> pl.Series:
    """Whether a code is none of GB 32100-2015: all codes at once, as a matrix of bytes."""
    plain = (codes.str.len_bytes() == 18) & (codes.str.len_chars() == 18)
    positions = plain.fill_null(False).arg_true()
    letters = np.frombuffer("".join(codes.gather(positions).to_list()).encode(), dtype=np.uint8).reshape(-1, 18)
    values = VALUES[letters]
    digits = (letters[:, 2:8] >= ord("0")) & (letters[:, 2:8] <= ord("9"))
    firsts = np.isin(letters[:, 0], np.frombuffer(b"123456789ANY", dtype=np.uint8))
    right = (values >= 0).all(axis=1) & digits.all(axis=1) & firsts & ((values * WEIGHTS).sum(axis=1) % 31 == 0)
    wrong = np.ones(len(codes), dtype=bool)
    wrong[positions.to_numpy()] = ~right
    return pl.select(pl.when(codes.is_not_null()).then(pl.Series(wrong))).to_series()
