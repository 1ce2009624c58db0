"""Words that stand in a cell for no value or no patient: none, not known, totals and their like."""

import re
from collections.abc import Callable

import pandas as pd

from ppp.catalogue.dictionary import fold

NAMES = ("term", "soc", "stop_reason")  # beside all lists: fields whose words name something
NO = (
    "no|none|nil|nothing|not any|without|kein|keine|keiner|keines|keinen|nein|nichts|ohne|"
    "yok|hayır|否|不"
)
NOT = "无|無|没有|沒有|未见|未見|未发生|未發生|未出现|未出現|暂无|暫無"
MORE = (
    "any|known|other|further|relevant|bekannte|bekannten|weitere|weiteren|其他|其它|特殊|明显|任何"
)
THINGS = (
    "adverse events?|adverse reactions?|adverse effects?|side effects?|aes?|events?|"
    "comorbidity|comorbidities|(?:prior|previous) (?:treatments?|therapy|therapies)|"
    "nebenwirkung(?:en)?|unerwünschten? (?:ereignisse?|wirkung(?:en)?)|ue|ereignisse?|"
    "begleiterkrankung(?:en)?|komorbidität(?:en)?|vorerkrankung(?:en)?|vortherapien?|"
    "不良事件|不良反应|不良反應|副作用|异常|異常|合并症|合併症|合并疾病|基础疾病|既往史|既往治疗|病史"
)
SAID = "reported|recorded|observed|noted|known|occurred|bekannt|berichtet|aufgetreten|发生|發生"
NONE = re.compile(
    rf"(?:{NO}|{NOT})(?: ?(?:{MORE}))?(?: ?(?:{THINGS}))?(?: ?(?:{SAID}))?|[-–—/]+|[0ø∅]"
)
NOT_APPLICABLE = re.compile(r"n ?[./] ?a|na|not applicable|nicht zutreffend|entfällt|不适用|不適用")
UNKNOWN = set(
    "|n.d.|n.d|nd|n.a.|n/a|na|n.b.|k.a.|k. a.|-|--|–|—|?|.|unknown|unk|missing|not done|"
    "not recorded|not available|keine angabe|nicht erhoben|nicht bekannt|unbekannt|fehlt|"
    "未测|未查|未做|未检|未记录|不详|缺失|未知|bilinmiyor|ölçülmedi|bakılmadı|yapılmadı|"
    "non fait|inconnu|desconocido".split("|")
)
TOTALS = set(
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
INITIALS = set(  # may be a patient's initials
    "n|p|sd|ss|de|ds|se|ci|mw|min|max|count|anzahl|somme|suma|media|sayı".split("|")
)
COUNT = re.compile(r"\bn ?[=:] ?\d+")
SIGNS = re.compile(
    r"[x̅x̄]+ ?± ?sd?|n ?\(%\)|(?:95 ?% ?)(?:ci|ki|ic|置信区间)|"
    r"p[ -]?(?:values?|werte?|值|wert|valeur|valor|değeri)"
)
SHARE = re.compile(r"(?:%|percent|percentage|prozent|proportion|百分比)(?!\w)")
HAN = re.compile(r"[\u4e00-\u9fff]")


def means_none(text: str, *, alone: bool) -> bool:
    """Tell whether a text says that there is none; `alone`: "n/a" says so too.

    >>> [means_none(text, alone=False) for text in ("None.", "keine Nebenwirkungen", "无", "–")]
    [True, True, True, True]
    >>> means_none("n/a", alone=True), means_none("n/a", alone=False)
    (True, False)
    """
    word = fold(text).rstrip("。.!;, ")
    return bool(NONE.fullmatch(word) or (alone and NOT_APPLICABLE.fullmatch(word)))


def are_totals(ids: pd.Series) -> pd.Series:
    """Tell which rows the ids show to sum up others; a short word only beside such a row."""
    short = where(ids, lambda text: fold(text) in INITIALS)
    sums = where(ids, is_total) & ~short
    return sums | (short & sums.any())


def hold_totals(raw: pd.DataFrame) -> pd.Series:
    """Tell the same where there are no ids: by any cell of the row."""
    return pd.concat([where(raw[name], _is_word) for name in raw], axis=1).any(axis=1)


def where(column: pd.Series, told: Callable[[str], bool]) -> pd.Series:
    """Tell which cells of a column are a text that `told` holds of."""
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
    named = bool(parts & TOTALS) and parts <= TOTALS | LINKS
    return named or bool(SIGNS.fullmatch(fold(text)))
