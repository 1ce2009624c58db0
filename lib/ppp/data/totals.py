"""Rows that sum up others: totals, means and their like above or below the patients."""

import re

import pandas as pd

from ppp.catalogue.dictionary import fold

WORDS = set(
    "total|totals|totale|toplam|subtotal|sum|sums|somme|mean|means|average|averages|avg|median|medians|sd|"
    "std|stdev|sem|iqr|q1|q3|min|max|minimum|maximum|range|summe|gesamt|gesamtsumme|insgesamt|"
    "mittelwert|mittelwerte|mittel|mw|durchschnitt|standardabweichung|stabw|spannweite|media|"
    "mediana|promedio|moyenne|médiane|ortalama|ortanca|medyan|standart|sapma|écart|desviación|"
    "deviazione|suma|somma|somme|effectif|percentile|geomean|konfidenzintervall|置信区间|"
    "合计|总计|总和|小计|共计|总数|平均|平均值|平均数|均值|均数|"
    "中位数|标准差|四分位数|四分位间距|最大值|最小值|范围|合計|總計|平均値|中央値|標準偏差".split(
        "|"
    )
)
LINKS = set(
    "grand|and|und|of|all|patients|patienten|cases|et|y|95|ci|ki|ic|n|s|ss|ds|de|dt|type|estándar|"
    "standard|deviation|error|se|geometric|value".split("|")
)
SHORT = set(  # may be a patient's initials
    "n|p|sd|ss|de|ds|se|ci|mw|min|max|count|anzahl|somme|suma|media|sayı".split("|")
)
COUNT = re.compile(r"\bn ?[=:] ?\d+")
SIGNS = re.compile(
    r"[x̅x̄]+ ?± ?sd?|n ?\(%\)|(?:95 ?% ?)(?:ci|ki|ic|置信区间)|"
    r"p[ -]?(?:values?|werte?|值|wert|valeur|valor|değeri)"
)
SHARE = re.compile(r"(?:%|percent|percentage|prozent|proportion|百分比)(?!\w)")
HAN = re.compile(r"[\u4e00-\u9fff]")


def found(ids: pd.Series) -> pd.Series:
    """Tell which rows the ids show to sum up others; a short word only beside such a row."""
    short = _where(ids, lambda text: fold(text) in SHORT)
    sums = _where(ids, is_total) & ~short
    return sums | (short & sums.any())


def in_any(raw: pd.DataFrame) -> pd.Series:
    """Tell the same where there are no ids: by any cell of the row."""
    return pd.concat([_where(raw[name], _is_word) for name in raw], axis=1).any(axis=1)


def _where(column: pd.Series, told) -> pd.Series:
    texts = [cell for cell in column.dropna().unique() if isinstance(cell, str)]
    return column.isin([text for text in texts if told(text)])


def is_total(text: str) -> bool:
    """Tell whether a text in place of an id names a statistic.

    >>> names = ["Mean ± SD", "Median [IQR]", "Total (n=12)", "n=12", "% female", "均值±标准差"]
    >>> names += ["p-Wert", "x̄ ± s", "Ortalama ± SS", "Moyenne ± ET", "Media ± DE", "95% CI"]
    >>> all(map(is_total, names))
    True
    >>> any(map(is_total, ["N", "P", "N12", "Max M", "P01", "12"]))
    False
    """
    word = fold(text)
    return bool(SHARE.match(word) or COUNT.fullmatch(word)) or _is_word(text)


def _is_word(text: str) -> bool:
    word = COUNT.sub(" ", fold(text))
    parts = set(re.findall(r"\w+", word.replace(" ", "") if HAN.search(word) else word))
    named = bool(parts & WORDS) and parts <= WORDS | LINKS
    return named or bool(SIGNS.fullmatch(fold(text)))
