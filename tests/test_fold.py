# SPDX-License-Identifier: Apache-2.0
"""What counts as the same text, phrase, code and scientific name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.fold import fold, fold_code, fold_phrase, fold_scientific
from tests.build import LAW

MANDATED = "Exported to the People's Republic of China"
VIETNAMESE = "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
# What stands in codes: Latin letters as typed in three countries, digits, separators, Chinese characters of plates.
CODE_ALPHABET = "ABCxyzĐđ0189 -./\\:_–—ＡＢａ１２　粤海" + VIETNAMESE

words = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Cd", "cd"),
        ("Ｃｄ ", "cd"),
        ("  Auramine\n\tO ", "auramine o"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("镉", "镉"),
        ("Đắk Lắk", "đắk lắk"),
        ("", ""),
        (" \n　", ""),
    ],
)
def test_width_case_and_runs_of_white_space_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


@settings(LAW, max_examples=300)
@given(st.text(max_size=30))
@pytest.mark.parametrize("folding", [fold, fold_phrase, fold_scientific])
def test_folding_twice_is_folding_once(folding: Callable[[str], str], written: str) -> None:
    assert folding(folding(written)) == folding(written)


@settings(LAW, max_examples=300)
@given(st.text(alphabet=CODE_ALPHABET, max_size=30))
def test_folding_a_code_twice_is_folding_it_once(written: str) -> None:
    assert fold_code(fold_code(written)) == fold_code(written)


@settings(LAW, max_examples=200)
@given(st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " ", max_size=30))
@pytest.mark.parametrize("folding", [fold, fold_phrase, fold_code, fold_scientific])
def test_vietnamese_letters_are_the_same_in_both_unicode_forms(folding: Callable[[str], str], written: str) -> None:
    assert folding(unicodedata.normalize("NFD", written)) == folding(unicodedata.normalize("NFC", written))


@settings(LAW, max_examples=200)
@given(st.text(alphabet=VIETNAMESE, min_size=1, max_size=10))
def test_vietnamese_diacritics_are_never_folded_away(written: str) -> None:
    assert fold(written) == fold_phrase(written) == written
    assert fold_code(written) == written.upper()


@pytest.mark.parametrize(
    "written",
    [
        "Exported to the People’s Republic of China",
        "Exported to the People‘s Republic of China",
        "EXPORTED TO THE PEOPLE'S REPUBLIC OF CHINA",
        "Exported to the\nPeople's Republic\r\n of China.",
        "Ｅｘｐｏｒｔｅｄ　ｔｏ　ｔｈｅ　Ｐｅｏｐｌｅ＇ｓ　Ｒｅｐｕｂｌｉｃ　ｏｆ　Ｃｈｉｎａ",
        "exported_to_the-people's/republic (of) china!",
        "Exported to the People\u2032s Republic of\u00a0China",
        "«Exported to the People´s Republic of China»",
    ],
)
def test_a_phrase_is_the_same_whatever_its_case_width_marks_and_line_breaks(written: str) -> None:
    assert fold_phrase(written) == "exportedtothepeoplesrepublicofchina" == fold_phrase(MANDATED)


@pytest.mark.parametrize(
    "written",
    [
        "Exported to the Peoples Republic China",
        "Exported to People's Republic of China",
        "Exported to the Republic of China",
        "Export to the People's Republic of China",
        "Exported to the P.R. China",
    ],
)
def test_a_missing_or_another_word_makes_another_phrase(written: str) -> None:
    assert fold_phrase(written) != fold_phrase(MANDATED)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("输往中华人民共和国", "输往中华人民共和国"),
        ("输往\n中华 人民共和国。", "输往中华人民共和国"),
        ("「输往中华人民共和国」", "输往中华人民共和国"),
        ("输往中国", "输往中国"),
    ],
)
def test_a_chinese_phrase_loses_only_marks_and_spaces(written: str, folded: str) -> None:
    assert fold_phrase(written) == folded


@settings(LAW, max_examples=100)
@given(st.lists(st.sampled_from([" ", "\n", "\t", "\u3000", ", ", "-", "’", "'", "。"]), min_size=6, max_size=6))
def test_no_mark_between_words_changes_a_phrase(marks: list[str]) -> None:
    phrase = ["Exported", "to", "the", "People", "s", "Republic", "of China"]
    written = phrase[0] + "".join(mark + word for mark, word in zip(marks, phrase[1:], strict=True))
    assert fold_phrase(written) == fold_phrase(MANDATED)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("VN-DLOR-0123", "VNDLOR0123"),
        ("vn dlor 0123", "VNDLOR0123"),
        ("VN–DLOR—0123", "VNDLOR0123"),
        ("VN_DLOR_0123", "VNDLOR0123"),
        ("ＶＮ－ＤＬＯＲ－０１２３", "VNDLOR0123"),
        ("29H-123.45", "29H12345"),
        ("VN-CN 26/02/12345", "VNCN260212345"),
        ("CSQU 305438 3", "CSQU3054383"),
        ("粤Z·1234", "粤Z·1234"),
        ("", ""),
    ],
)
def test_a_code_loses_case_spaces_hyphens_dots_and_slashes(written: str, folded: str) -> None:
    assert fold_code(written) == folded


@settings(LAW, max_examples=150)
@given(
    st.lists(st.sampled_from("VNDLOR0123"), min_size=1, max_size=12),
    st.lists(st.sampled_from(["", " ", "-", ".", "/", "\\", ":", "–", "_", "　"]), min_size=12, max_size=12),
)
def test_no_separator_anywhere_changes_a_code(characters: list[str], separators: list[str]) -> None:
    written = "".join(character + separator for character, separator in zip(characters, separators, strict=False))
    assert fold_code(written) == "".join(characters)


def test_two_codes_that_differ_in_one_character_stay_two() -> None:
    assert fold_code("VN-DLOR-0123") != fold_code("VN-DLOR-0132")
    assert fold_code("VN-DLOR-0123") != fold_code("VN-DLOR-123")


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Durio zibethinus", "durio zibethinus"),
        ("DURIO ZIBETHINUS", "durio zibethinus"),
        ("Durio zibethinus Murr.", "durio zibethinus"),
        ("Durio zibethinus L. ex Murray", "durio zibethinus"),
        ("Durio zibethinus (Murr.)", "durio zibethinus"),
        ("Durio  zibethinus,\nMurr.", "durio zibethinus"),
        ("Ｄｕｒｉｏ　ｚｉｂｅｔｈｉｎｕｓ", "durio zibethinus"),
        ("Hylocereus undatus (Haw.) Britton & Rose", "selenicereus undatus"),
        ("Selenicereus undatus (Haw.) D.R.Hunt", "selenicereus undatus"),
        ("Hylocereus", "selenicereus"),
        ("Hylocereus sp.", "selenicereus"),
        ("Musa sp.", "musa"),
        ("Musa spp.", "musa"),
        ("Musa sp", "musa"),
        ("Musa", "musa"),
        ("Musa × paradisiaca L.", "musa paradisiaca"),
        ("Musa x paradisiaca", "musa paradisiaca"),
        ("Musa L.", "musa"),
        ("Xanthium x", "xanthium"),
        ("Bactrocera correcta (Bezzi)", "bactrocera correcta"),
        ("", ""),
        (" . ", ""),
    ],
)
def test_a_scientific_name_keeps_genus_and_species(written: str, folded: str) -> None:
    assert fold_scientific(written) == folded


@settings(LAW, max_examples=150)
@given(words, words.filter(lambda word: word != "spp"), st.text(alphabet="ABCdef.,()& ", max_size=20))
def test_no_authority_changes_a_scientific_name(genus: str, species: str, authority: str) -> None:
    assert fold_scientific(f"{genus.title()} {species} {authority}") == fold_scientific(f"{genus} {species}")


@settings(LAW, max_examples=100)
@given(words)
def test_the_two_genera_of_pitaya_are_one(species: str) -> None:
    assert fold_scientific(f"Hylocereus {species}") == fold_scientific(f"Selenicereus {species}")


def test_other_genera_stay_apart() -> None:
    assert fold_scientific("Musa acuminata") != fold_scientific("Ensete acuminata")
    assert fold_scientific("Durio zibethinus") != fold_scientific("Durio kutejensis")
