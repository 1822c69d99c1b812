# SPDX-License-Identifier: Apache-2.0
"""Folding: what counts as the same text on a label, a certificate and a list."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－_"), "-")
_CODE_NOISE = re.compile(r"[\s./\\:-]+")
_PUNCTUATION_OR_SPACE = re.compile(r"[\W_]+")
# Company forms of Viet Nam, China and English papers, after folding; they say nothing about who the firm is.
_COMPANY_FORMS = re.compile(
    r"\b(?:cong ty|trach nhiem huu han|mot thanh vien|hai thanh vien|co phan|tap doan|xuat nhap khau|thuong mai|dich vu"
    r"|san xuat|doanh nghiep tu nhan|import and export|import export|import|export|trading|trade|joint stock"
    r"|one member|single member|sole member|private enterprise|company|limited|corporation|incorporated"
    r"|co|ltd|corp|inc|jsc|llc|plc|pte|tnhh|mtv|cp|xnk|tm|dv|sx|dntn|va|and)\b"
)
# Chinese writes no spaces, so these are taken out wherever they stand; the longer ones come first. 集团 and the trade
# (果业, 食品) stay: they tell sister firms apart.
_CHINESE_FORMS = re.compile(
    r"股份有限公司|有限责任公司|有限公司|公司|进出口|進出口|国际贸易|國際貿易|贸易|貿易|商贸|商貿"
)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Fold width, case and runs of white space: `Ｃｄ ` and `cd` are one word."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=4096)
def fold_phrase(text: str) -> str:
    """Fold Unicode form, width, case, punctuation and white space away, as mandated wording is compared.

    Diacritics and Chinese characters stay: `Exported to the People’s Republic of China` and the same with a straight
    apostrophe, in capitals or on two lines are equal; a missing word is not.
    """
    return _PUNCTUATION_OR_SPACE.sub("", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=4096)
def fold_code(text: str) -> str:
    """Fold a registration code, container, seal or plate: upper case, no spaces, hyphens, dots or slashes."""
    return _CODE_NOISE.sub("", unicodedata.normalize("NFKC", text).translate(_DASHES)).upper()


@lru_cache(maxsize=4096)
def fold_scientific(text: str) -> str:
    """Fold a scientific name to genus and species, without authorities: `Durio zibethinus Murr.` is `durio zibethinus`.

    `sp.`, `spp.` and an author's single letter (`Musa L.`) leave the genus alone; the cross of a hybrid is passed over
    (`Musa x paradisiaca`). Hylocereus and Selenicereus are one genus here: pitayas were moved from the first to the
    second and certificates bear either.
    """
    words = re.sub(r"[^\w\s-]", " ", unicodedata.normalize("NFKC", text).casefold()).split()
    if len(words) > 2 and words[1] == "x":
        del words[1]
    if not words:
        return ""
    genus = {"hylocereus": "selenicereus"}.get(words[0], words[0])
    if len(words) == 1 or words[1] in ("sp", "spp") or len(words[1]) == 1:
        return genus
    return f"{genus} {words[1]}"


@lru_cache(maxsize=4096)
def fold_firm(text: str) -> str:
    """Fold the name of a firm: diacritics, case, punctuation and company forms fall away.

    `CÔNG TY TNHH An Phú` and `An Phu Co., Ltd.` are one firm, and so are `广西果鲜进出口有限公司` and
    `广西果鲜贸易公司`. A name that is nothing but forms (`进出口贸易公司`, `Trading Co.`) keeps its words.
    """
    plain = unicodedata.normalize("NFKD", text.replace("Đ", "D").replace("đ", "d").casefold())
    words = " ".join(re.sub(r"[^\w\s]", " ", "".join(c for c in plain if not unicodedata.combining(c))).split())
    kept = " ".join(_COMPANY_FORMS.sub(" ", _CHINESE_FORMS.sub(" ", words)).split())
    return kept or words
