# SPDX-License-Identifier: Apache-2.0
"""Names of columns in lists of orchards, packing houses, plants and laboratories: English, Chinese, Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from borderready.read.cell import fold_words, split_scripts

FIELDS = ("code", "name", "address", "product", "status", "start", "until", "holder", "area_ha", "market", "origin")


class Strength(IntEnum):
    """How sure a name is: a weak one counts only where no other column is strong."""

    WEAK = 1
    STRONG = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The field that a column's name stands for."""

    field: str
    strength: Strength


# Whose code, name or address it is. Written without marks and in lower case, as fold_words leaves them.
_WHO = (
    r"(orchards?|farms?|growers?|plantations?|plots?|growing areas?|production units?|packing ?houses?|pack ?houses?|"
    r"packing (facility|plant|center|centre)|packers?|facility|establishments?|enterprises?|company|firms?|plants?|"
    r"factory|producers?|manufacturers?|processors?|exporters?|laboratory|laboratories|labs?|treatment facility)"
)
_WHO_ZH = (
    r"(果园|种植园|种植基地|基地|种植企业|农场|包装厂|包装企业|包装场|包装加工厂|企业|生产企业|加工企业|出口企业|"
    r"境外企业|境外生产企业|生产加工企业|生产厂|工厂|加工厂|公司|实验室|检测机构|处理设施|处理企业|单位|种植者)"
)
_WHO_VI = (
    r"(vung trong|vung nuoi|vuon|vuon trong|trang trai|co so|co so dong goi|nha dong goi|co so san xuat|co so che bien|"
    r"doanh nghiep|cong ty|nha may|phong thu nghiem|phong kiem nghiem|don vi|co so xu ly)"
)
_STRONG: Mapping[str, tuple[str, ...]] = {
    "code": (
        rf"((gacc|ciq|aqsiq|china|chinese|nppo|official) )?({_WHO} )?"
        rf"(registration|registered|register|registry|regn|reg|approval|approved|accreditation|licen[cs]e)"
        rf"( (number|no|code|id|nr|num|numbers|codes))( (of|for) (the )?{_WHO})?( (in|by|with|for) (china|gacc))?",
        rf"(gacc|ciq|puc|phc|{_WHO})( (number|no|code|id|codes))( (in|by|with|for) (china|gacc))?",
        rf"(code|number) (of|for) (the )?{_WHO}",
        r"code|puc|phc|puc phc|production unit code|packing ?house code|growing area code|registration",
        rf"(在华|输华|中国|对华|海关|海关总署|gacc)?(境外)?{_WHO_ZH}?(注册登记|注册|登记|备案|批准|认可|许可)"
        rf"(编号|号|号码|代码|编码|证号|证书编号)",
        rf"{_WHO_ZH}(编号|代码|编码|号)",
        r"gacc(编号|代码|号)",
        rf"ma( so)?( {_WHO_VI})( (puc|phc))?( (xuat khau|duoc cap|da cap))?( (sang|di) trung quoc)?",
        rf"ma( so)? (dang ky|gacc|puc|phc|duoc cap|xuat khau|cap)( {_WHO_VI})?( (gacc|puc|phc))?",
        r"so dang ky|so hieu dang ky|so dang ky gacc",
    ),
    "name": (
        rf"({_WHO} )?names?( (of|for) (the )?(registered )?{_WHO})?",
        rf"{_WHO}",
        rf"(注册|境外)?{_WHO_ZH}(名称|名|英文名称|中文名称)",
        r"名称",
        rf"ten( {_WHO_VI})?",
        rf"{_WHO_VI}",
    ),
    "address": (
        rf"({_WHO} )?(address|location)( (of|for) (the )?{_WHO})?",
        rf"({_WHO_ZH}|注册|详细|生产)?(地址|所在地|位置)",
        rf"dia (chi|diem)( {_WHO_VI})?|vi tri",
    ),
    "product": (
        r"(registered |approved )?(products?|commodity|commodities|fruits?|crops?|species|plants)"
        r"( (name|names|type|types|kind|category))?",
        r"(type|kind|name) of (the )?(fruit|product|commodity|crop)s?",
        r"(注册|出口|输华|允许)?(产品|水果|商品|作物|货物)(名称|种类|类别|品种|品名|类型)?|品名|水果",
        r"(ten |loai )?(san pham|trai cay|qua|cay trong|cay|nong san|mat hang|hang hoa)( dang ky| xuat khau)?",
        r"chung loai|loai cay trong",
    ),
    "status": (
        r"(registration |current |approval )?(status|state)",
        r"(注册|登记|当前|资格|有效)?(状态|状况)",
        r"(trang thai|tinh trang)( (dang ky|hien tai|ma so|hoat dong|hieu luc))?",
    ),
    "start": (
        r"((registration|registered|approval|approved|effective|start|issue|issued|issuing|validity start) dates?|"
        r"dates? of (registration|approval|issue|issuance)|valid from|effective from|start|registered on|approved on|"
        r"date (registered|approved|issued))",
        r"(首次)?(注册|登记|批准|生效|备案|获批|核准|发证|起始|开始)(登记)?(日期|时间|日)|有效期起|有效期(开始|起始)(日期)?|有效期自",
        r"ngay (cap|hieu luc|co hieu luc|phe duyet|dang ky|bat dau|cap ma|cap ma so|duoc cap|duoc phe duyet)",
        r"hieu luc tu( ngay)?",
    ),
    "until": (
        r"((expiry|expiration|expire|end|validity end) dates?|dates? of (expiry|expiration)|expiry|expires( on)?|"
        r"valid (until|till|to|thru|through)|validity|until|valid until date|registration expiry( date)?)",
        r"(注册|登记)?有效期(限|至|到|止|截止|届满|结束)?(日期|时间|日)?|(截止|到期|失效|终止|届满)(日期|时间|日)|有效日期",
        r"ngay (het han|het hieu luc|ket thuc)|het han|han su dung|thoi han( hieu luc)?|hieu luc den( ngay)?",
        r"co gia tri den( ngay)?",
    ),
    "holder": (
        r"(registration |code |orchard |farm )?(holders?|owners?|operators?|registrants?|legal representative|"
        r"representatives?)( names?)?",
        r"name of (the )?(owner|holder|operator|registrant|representative)",
        r"(owning|managing) (company|enterprise|firm)",
        r"(所有|持有|注册|负责|经营|申请)(人|者)(名称|姓名)?|所有权人|业主|园主|法定代表人|法人|持有企业|所属企业|所属公司|管理企业",
        r"(ten )?(chu so huu|chu the|nguoi so huu|chu ma so|chu vuon|nguoi dai dien|dai dien|don vi dai dien|"
        r"don vi quan ly|to chuc ca nhan|to chuc ca nhan dai dien)( vung trong| co so)?( phap luat)?",
    ),
    "market": (
        r"(export |destination |importing |target )?markets?|importing country|destination( country)?|exported? to|"
        r"country of destination",
        r"(出口|目标|目的|输往|进口)(市场|国家|国|地|国别|地区)(地区)?|目的国|市场",
        r"thi truong( (xuat khau|nhap khau|dich|dang ky))?|nuoc nhap khau|nuoc den",
    ),
    "origin": (
        r"(exporting |producing )?country( of)?( origin)?( (name|region))?|origin|country region|place of origin",
        r"(原产|所在|输出|来源|生产|出口来源)(国|国家|地区|国家地区|地|国别)(地区)?|国家|国别|国家地区|国家或地区|原产国",
        r"quoc gia|nuoc|nuoc xuat khau|xuat xu|nuoc xuat xu|noi xuat xu",
    ),
    "area_ha": (
        rf"({_WHO} |planted |planting |total |cultivated |growing )?(area|acreage|size)"
        r"( (in|unit))? (ha|hectares?|hec)",
        r"(ha|hectares?)",
        r"(种植|果园|总|栽培|登记|注册)?面积 ?(公顷|ha)|公顷",
        r"(tong )?dien tich( (vung trong|trong|canh tac|dang ky))? (ha|hecta|hec ta)",
    ),
}
_WEAK: Mapping[str, tuple[str, ...]] = {
    "code": (
        r"codes|number|numbers|id|identifier|code (no|number)",
        r"编号|代码|编码|号码|代号",
        r"ma|ma so|ma hieu|so hieu",
    ),
    "name": (
        r"company name|enterprise name|name of (the )?(company|enterprise)|full name",
        r"(生产|加工|出口|境外|境外生产)?企业名称|公司名称|单位名称|名字",
        r"ten (doanh nghiep|cong ty|don vi)",
    ),
    "product": (r"variety|varieties|cultivar", r"品种|种类|类别", r"giong|giong cay|loai|chung loai giong"),
    "start": (r"from", r"自", r"tu ngay"),
    "until": (r"to", r"至", r"den ngay"),
    "holder": (r"company|enterprise|firm", r"企业|公司|单位", r"doanh nghiep|cong ty|don vi"),
    "area_ha": (
        rf"({_WHO} |planted |planting |total |cultivated |growing )?(area|acreage)",
        r"(种植|果园|总|栽培|登记|注册)?面积",
        r"(tong )?dien tich( (vung trong|trong|canh tac|dang ky))?",
    ),
}
_FORMS: tuple[tuple[Meaning, re.Pattern[str]], ...] = tuple(
    (Meaning(field=field, strength=strength), re.compile("|".join(f"(?:{form})" for form in forms)))
    for strength, table in ((Strength.WEAK, _WEAK), (Strength.STRONG, _STRONG))
    for field, forms in table.items()
)
_SPACE_IN_HAN = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_AREA = re.compile(r"\b(area|acreage|dien tich)\b|面积")
# 15 mu are a hectare, 6.25 rai too: an area in another unit is none in hectares.
_OTHER_UNIT = re.compile(r"亩|平方|\b(mu|rai|acres?|m2|sqm|km2|cong|sao|square)\b")
_HECTARES = re.compile(r"公顷|\b(ha|hectares?|hec|hecta|hec ta)\b")
_SERIAL = re.compile(
    r"(stt|tt|so tt|so thu tu|thu tu|no|nr|n|s n|sn|s no|sl no|sr no|serial|serial (no|number)|item|item no|index|row|"
    r"seq|sequence|#|order|序号|序|序列号|顺序号|项目|行号)+"
)


def is_serial(header: str) -> bool:
    """Return whether a column only counts its rows: 序号, STT, No."""
    words = fold_words(header)
    if header.strip() == "#" or _SERIAL.fullmatch(words):
        return True
    return bool(words) and all(_SERIAL.fullmatch(fold_words(part)) for part in split_scripts(header))


def find_meaning(header: str) -> Meaning | None:
    """Return the field that the name of a column stands for, None when it is not known or stands for two."""
    whole = _SPACE_IN_HAN.sub("", fold_words(header))
    if not whole or is_serial(header):
        return None
    if _AREA.search(whole) and _OTHER_UNIT.search(whole):
        return None
    known = _find_words(whole)
    if known is not None and known.strength is Strength.STRONG:
        return known
    found = [meaning for part in split_scripts(header) if (meaning := _find_words(fold_words(part))) is not None]
    if _AREA.search(whole):
        found = [meaning for meaning in found if meaning.field == "area_ha"]
    candidates = [*found, *([known] if known is not None else [])]
    strong = [meaning for meaning in candidates if meaning.strength is Strength.STRONG] or candidates
    return strong[0] if len({meaning.field for meaning in strong}) == 1 else None


def _find_words(words: str) -> Meaning | None:
    """Return what folded words stand for; those of the weak table are weak even where a strong form covers them."""
    for meaning, form in _FORMS:
        if form.fullmatch(words):
            return meaning
    return None


def has_unit(header: str) -> bool:
    """Return whether the name of a column of areas says that they are in hectares."""
    return bool(_HECTARES.search(fold_words(header)))
