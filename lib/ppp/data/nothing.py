"""Words for nothing ("none", "keine", "无", "-"): where a name belongs they say there is none."""

import re

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
WORDS = re.compile(
    rf"(?:{NO}|{NOT})(?: ?(?:{MORE}))?(?: ?(?:{THINGS}))?(?: ?(?:{SAID}))?|[-–—/]+|[0ø∅]"
)
NOT_APPLICABLE = re.compile(r"n ?[./] ?a|na|not applicable|nicht zutreffend|entfällt|不适用|不適用")


def means_none(text: str, *, alone: bool) -> bool:
    """Tell whether a text says that there is none; `alone`: "n/a" says so too.

    >>> [means_none(text, alone=False) for text in ("None.", "keine Nebenwirkungen", "无", "–")]
    [True, True, True, True]
    >>> means_none("n/a", alone=True), means_none("n/a", alone=False)
    (True, False)
    """
    word = fold(text).rstrip("。.!;, ")
    return bool(WORDS.fullmatch(word) or (alone and NOT_APPLICABLE.fullmatch(word)))
