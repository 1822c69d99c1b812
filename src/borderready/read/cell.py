# SPDX-License-Identifier: Apache-2.0
"""Cells of published lists: a status in three languages, and days as they are written in China and Viet Nam."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Literal

Standing = Literal["active", "suspended", "delisted"]

_NOISE = re.compile(r"[\W_]+")
# Longer cells are remarks, and a remark is no status.
_MAX_STATUS_CHARACTERS = 40
_STATUSES: dict[Standing, str] = {
    "active": (
        "active|valid|registered|approved|effective|in force|normal|resumed|restored|reinstated|current|"
        "有效|正常|已注册|注册|已登记|已批准|批准|在册|生效|恢复|已恢复|恢复注册|恢复进口|恢复输华|有效期内|"
        "còn hiệu lực|đang hiệu lực|có hiệu lực|hiệu lực|hoạt động|đang hoạt động|đã cấp|được phê duyệt|phê duyệt|"
        "đã phê duyệt|bình thường|phục hồi|đã phục hồi|khôi phục"
    ),
    "suspended": (
        "suspended|suspension|temporarily suspended|on hold|paused|import suspended|"
        "暂停|已暂停|暂停进口|暂停注册|暂停输华|暂停出口|暂停受理|中止|"
        "tạm dừng|tạm ngừng|tạm ngưng|đình chỉ|tạm đình chỉ|bị đình chỉ|bị tạm dừng|đang tạm dừng|"
        "tạm dừng xuất khẩu|tạm dừng nhập khẩu"
    ),
    "delisted": (
        "delisted|revoked|cancelled|canceled|withdrawn|removed|terminated|deregistered|expired|invalid|inactive|"
        "not active|not valid|not registered|closed|"
        "注销|已注销|取消|已取消|取消注册|撤销|已撤销|撤销注册|注销注册|吊销|已吊销|失效|已失效|无效|过期|已过期|"
        "thu hồi|đã thu hồi|bị thu hồi|hủy|huỷ|đã hủy|đã huỷ|bị hủy|bị huỷ|hủy bỏ|huỷ bỏ|hết hiệu lực|"
        "hết hạn|không hoạt động|ngừng hoạt động|không còn hiệu lực|mất hiệu lực"
    ),
}
_DAY_FORMS = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"),
    re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日?"),
    re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})"),
    re.compile(r"(?:ngay )?(?P<day>\d{1,2}) thang (?P<month>\d{1,2}) nam (?P<year>\d{4})"),
    re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"),
)
_TIME = re.compile(r"[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?z?$")


@lru_cache(maxsize=4096)
def fold_words(text: str) -> str:
    """Fold width, case, diacritics, punctuation and white space: `Mã số (vùng trồng)` is `ma so vung trong`.

    Vietnamese is often typed without its marks, and Excel files bear them in two Unicode forms.
    """
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(character for character in parts if not unicodedata.combining(character))
    return " ".join(_NOISE.sub(" ", bare.replace("đ", "d")).split())


_BY_WORDS: dict[str, Standing] = {
    fold_words(words): status for status, listed in _STATUSES.items() for words in listed.split("|")
}


def read_status(cell: str) -> Standing | None:
    """Return the status that a cell gives, None when it says nothing that is known.

    The whole cell must be known words, or all its parts of the same status (`有效 Valid`): `not suspended` or
    `active until June` is for a person to judge.
    """
    if len(cell) > _MAX_STATUS_CHARACTERS:
        return None
    whole = _BY_WORDS.get(fold_words(cell))
    if whole is not None:
        return whole
    found = {_BY_WORDS.get(fold_words(part)) for part in split_scripts(cell)}
    return found.pop() if len(found) == 1 else None


def read_day(cell: str) -> str | None:
    """Return a day as ISO writes it, None when the cell is no day.

    Where the year comes last the day comes first, as in Viet Nam: 01/11/2026 is the first of November, and
    11/26/2026 is None. A time of day is passed over.
    """
    text = _TIME.sub("", unicodedata.normalize("NFKC", cell).strip().casefold())
    candidates = [re.sub(r"\s", "", text), fold_words(text)]
    for form in _DAY_FORMS:
        for candidate in candidates:
            match = form.fullmatch(candidate)
            if match is not None:
                return _day(int(match["year"]), int(match["month"]), int(match["day"]))
    return None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


_BRACKETS = re.compile(r"[()\[\]{}（）【】〔〕［］<>《》]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_BREAK = re.compile(r"[/|;\n\r、／；]|\s-\s")


def split_scripts(text: str) -> list[str]:
    """Return the parts of a cell in several languages: between brackets, slashes and lines, and by script.

    `注册登记号(Registration No.)` is two parts, and so is `果园名称 Name of orchard`.
    """
    parts = []
    for piece in _BREAK.split(_BRACKETS.sub("\n", unicodedata.normalize("NFKC", text))):
        run = ""
        was_han: bool | None = None
        for character in piece:
            # Digits, spaces and punctuation go with what stands before them.
            is_han = bool(_HAN.match(character)) if _HAN.match(character) or character.isalpha() else was_han
            if was_han is not None and is_han != was_han:
                parts.append(run)
                run = ""
            run += character
            was_han = is_han
        parts.append(run)
    return [part.strip() for part in parts if fold_words(part)]
