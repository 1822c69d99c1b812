# SPDX-License-Identifier: Apache-2.0
"""Countries as published lists name them, for the column that says whose orchards, or for which market."""

from __future__ import annotations

import re
from collections.abc import Mapping

from borderready.read.cell import fold_words, split_scripts

_NAMES: Mapping[str, tuple[str, ...]] = {
    "AU": ("Australia", "澳大利亚", "Úc"),
    "BR": ("Brazil", "巴西"),
    "CL": ("Chile", "智利", "Chi Lê"),
    "CN": ("China", "People's Republic of China", "PR China", "中国", "中华人民共和国", "Trung Quốc"),
    "EC": ("Ecuador", "厄瓜多尔"),
    "ID": ("Indonesia", "印度尼西亚", "印尼"),
    "IN": ("India", "印度", "Ấn Độ"),
    "JP": ("Japan", "日本", "Nhật Bản"),
    "KH": ("Cambodia", "柬埔寨", "Campuchia"),
    "KR": ("Korea", "South Korea", "Republic of Korea", "韩国", "Hàn Quốc"),
    "LA": ("Laos", "Lao PDR", "老挝", "Lào"),
    "LK": ("Sri Lanka", "斯里兰卡"),
    "MM": ("Myanmar", "缅甸"),
    "MX": ("Mexico", "墨西哥"),
    "MY": ("Malaysia", "马来西亚"),
    "NZ": ("New Zealand", "新西兰"),
    "PE": ("Peru", "秘鲁"),
    "PH": ("Philippines", "The Philippines", "菲律宾"),
    "PK": ("Pakistan", "巴基斯坦"),
    "TH": ("Thailand", "泰国", "Thái Lan"),
    "TW": ("Taiwan", "台湾", "中国台湾", "Đài Loan"),
    "US": ("United States", "United States of America", "USA", "美国", "Hoa Kỳ", "Mỹ"),
    "VN": ("Viet Nam", "Vietnam", "越南", "Việt Nam"),
    "ZA": ("South Africa", "南非", "Nam Phi"),
}
_CODES = {fold_words(name): code for code, names in _NAMES.items() for name in names}


def find_country(cell: str) -> str | None:
    """Return the ISO code of the country that a cell names, None when it is not known or names several."""
    if re.fullmatch("[A-Z]{2}", cell.strip()):
        return cell.strip()
    whole = _CODES.get(fold_words(cell))
    if whole is not None:
        return whole
    found = {_CODES.get(fold_words(part)) for part in split_scripts(cell)}
    return found.pop() if len(found) == 1 else None
