# SPDX-License-Identifier: Apache-2.0
"""`borderready pack new-rule`: a rule and its cases, as far as they are told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from borderready.cli.pack_put import SLUG, Folder, Lang, day_of, put, view
from borderready.cli.session import choose_language, today_in_china
from borderready.errors import UsageError
from borderready.model import Message, path_of_rule

if TYPE_CHECKING:
    from borderready.pack.form.content import Content

Option = typer.Option
_Texts = list[str] | None


def new_rule(
    folder: Folder,
    rule: Annotated[str, typer.Argument(help="Where it stands: ORIGIN or any/PRODUCT, GROUP or any/REQUIREMENT.")],
    title: Annotated[_Texts, Option("--title", metavar="LANG=TEXT", help="Name of the requirement.")] = None,
    area: Annotated[str | None, Option("--area", help="What it is about.")] = None,
    each: Annotated[str | None, Option("--each", help="What it is asked of; lot.")] = None,
    basis: Annotated[str | None, Option("--basis", help="Event whose day selects the wording; arrival.")] = None,
    severity: Annotated[str | None, Option("--severity", help="must or should; should.")] = None,
    acts: Annotated[str | None, Option("--acts", help="Who can mend it; exporter.")] = None,
    consequence: Annotated[str | None, Option("--consequence", help="What happens otherwise; corrected.")] = None,
    given: Annotated[
        list[str] | None, Option("--given", metavar="PATH", help="Only where this has a value (repeatable).")
    ] = None,
    check: Annotated[str | None, Option("--check", help="Kind of check.")] = None,
    field: Annotated[str | None, Option("--field", metavar="PATH", help="What the check looks at.")] = None,
    option: Annotated[
        list[str] | None, Option("--option", metavar="KEY=VALUE", help="Of the check, as in YAML: max=20 (repeatable).")
    ] = None,
    start: Annotated[str | None, Option("--start", metavar="DATE", help="First day; today.")] = None,
    says: Annotated[_Texts, Option("--says", metavar="LANG=TEXT", help="The requirement in a sentence.")] = None,
    fix: Annotated[_Texts, Option("--fix", metavar="LANG=TEXT", help="What to do when it is not met.")] = None,
    instrument: Annotated[str | None, Option("--instrument", metavar="ID", help="Text that it rests on.")] = None,
    locator: Annotated[str | None, Option("--locator", help="Section, article, table or row.")] = None,
    seen: Annotated[str | None, Option("--seen", help="primary, secondary or memory; memory.")] = None,
    witness: Annotated[
        list[str] | None, Option("--witness", metavar="NAME", help="Who reports it, where secondary (repeatable).")
    ] = None,
    checked: Annotated[
        str | None, Option("--checked", metavar="DATE", help="Day on which the source was looked at; today.")
    ] = None,
    lang: Lang = None,
) -> int:
    """Write a new rule and its cases; at a terminal, what is not given is asked for. Nothing is overwritten.

    Texts that nobody gives, and the cases, are marked TODO for you to fill in; pack lint refuses them until then.

    Example: borderready pack new-rule acme vn/durian-fresh/box-weight --area packaging --check limit --field
    quantity.net_kg --option max=18000 --instrument acme-handbook
    """
    from borderready.cli.ask_for import Asker
    from borderready.pack.case import cases_path
    from borderready.pack.draft import RuleDraft, draft_rule
    from borderready.pack.put import refuse_existing
    from borderready.schemas import load_schema

    pack = view(folder)
    path = path_of_rule(rule.removesuffix(".yaml"))
    if not re.fullmatch(f"{SLUG}/{SLUG}/{SLUG}", path):
        raise UsageError(Message("new.bad_rule", {"rule": rule}), Message("new.bad_rule_hint"))
    refuse_existing(folder, (f"{path}.yaml", cases_path(path)))
    keys = load_schema("rule")["properties"]
    grades = load_schema("rule")["$defs"]["source"]["properties"]["seen"]["enum"]
    asker = Asker(choose_language(lang))
    names = asker.texts(title or [], "title")
    words = {
        key: asker.word(value, key, default=default, allowed=keys[key]["enum"])
        for key, value, default in (
            ("area", area, None),
            ("each", each, "lot"),
            ("basis", basis, "arrival"),
            ("severity", severity, "should"),
            ("acts", acts, "exporter"),
            ("consequence", consequence, "corrected"),
            ("check", check, None),
        )
    }
    looked_at = asker.word(field, "field")
    answer = asker.maybe(None, "options", hint=_example_of(words["check"])) if not option else ""
    options = _options(option or [], answer)
    today = today_in_china()
    first = day_of(asker.word(start, "start", default=today))
    sentences = {"title": names, "says": asker.texts(says or [], "says"), "fix": asker.texts(fix or [], "fix")}
    cited = asker.word(instrument, "instrument")
    place = asker.maybe(locator, "locator")
    grade = asker.word(seen, "seen", default="memory", allowed=grades)
    witnesses = [asker.maybe(None, "witness")] if grade == "secondary" and not witness else witness or []
    asker.finish()
    if cited not in pack.whole.instruments:
        raise UsageError(Message("pack.no_instrument", {"instrument": cited}), Message("new.no_instrument_hint"))
    draft = RuleDraft(
        path=path,
        pack=pack.rule_base.pack.name if "pack.yaml" in pack.contents else None,
        texts=sentences,
        field=looked_at,
        options=options,
        given=tuple(given or ()),
        start=first,
        instrument=cited,
        locator=place,
        seen=grade,
        witnesses=tuple(filter(None, witnesses)),
        checked=day_of(checked or today),
        **words,
    )
    return put(folder, pack, draft_rule(draft), lang)


def _example_of(check: str) -> str:
    """Return the options that a check kind has, as they are written."""
    from borderready.checks import KINDS

    properties = KINDS[check].options.get("properties", {}) if check in KINDS else {}
    assert isinstance(properties, Mapping)
    return ", ".join(f"{name}: ..." for name in properties)


def _options(given: Sequence[str], answer: str) -> Mapping[str, Content]:
    """Return options given as KEY=VALUE, or as one line of YAML; raises UsageError for what is neither."""
    from borderready.read.strict_yaml import parse_yaml

    pairs = [one.partition("=") for one in given]
    for one, (key, equals, value) in zip(given, pairs, strict=True):
        if not key or not equals or not value.strip():
            raise UsageError(Message("new.bad_option", {"text": one}), Message("new.bad_option_hint"))
    text = answer or ", ".join(f"{key}: {value}" for key, _, value in pairs)
    parsed = parse_yaml(f"{{{text}}}\n".encode(), file="options")
    if parsed.faults or len(parsed.documents) != 1 or parsed.documents[0].root is None:
        raise UsageError(Message("new.bad_option", {"text": text}), Message("new.bad_option_hint"))
    content = _content(parsed.documents[0].root)
    if not isinstance(content, Mapping):
        raise UsageError(Message("new.bad_option", {"text": text}), Message("new.bad_option_hint"))
    return content


def _content(node: Any) -> Content:
    import yaml

    if isinstance(node, yaml.MappingNode):
        return {key.value: _content(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_content(member) for member in node.value]
    return str(node.value)
