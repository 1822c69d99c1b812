# SPDX-License-Identifier: Apache-2.0
"""`borderready pack new`, `new-rule` and `new-instrument`: new files of a pack, and what is left to fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from borderready import __version__
from borderready.cli.exits import ExitCode
from borderready.cli.session import choose_language, kind_schemas, known_day, make_console, make_layout, today_in_china
from borderready.errors import RuleBaseError, UsageError
from borderready.model import Message, Texts, path_of_rule

if TYPE_CHECKING:
    from borderready.pack.plain_yaml import Content
    from borderready.pack.view import PackView

Option = typer.Option
_SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
_Lang = Annotated[str | None, Option("--lang", help="en, vi or zh; the locale's if left out.")]
_Texts = list[str] | None
_Folder = Annotated[Path, typer.Argument(help="Folder of the pack.", show_default=False)]


def new(
    name: Annotated[str, typer.Argument(help="Name of the pack: small letters, digits and dashes.")],
    extends: Annotated[
        str | None, Option("--extends", metavar="PACK", help="Pack that it extends, such as 'cn >=2026.11'; cn.")
    ] = None,
    alone: Annotated[bool, Option("--alone", help="Extend none: a rule base of its own.")] = False,
    dir_: Annotated[
        Path | None, Option("--dir", metavar="DIR", help="Folder to make; NAME in the working folder if left out.")
    ] = None,
    title: Annotated[_Texts, Option("--title", metavar="LANG=TEXT", help="What it is, in en, vi, zh.")] = None,
    lang: _Lang = None,
) -> int:
    """Make a pack of your own: one invented example that shows how, ready for pack lint and pack test.

    Example: borderready pack new acme --title "en=House rules of Acme"
    """
    from borderready.cli.ask_for import parse_texts
    from borderready.pack.draft import draft_pack
    from borderready.pack.put import put_folder
    from borderready.read.pack_file import PROGRAM_PACK

    if not re.fullmatch(_SLUG, name) or len(name) > 60:
        raise UsageError(Message("new.bad_name", {"name": name}), Message("new.bad_name_hint"))
    if name == PROGRAM_PACK:
        raise UsageError(Message("extend.reserved", {"name": name}))
    if alone and extends is not None:
        raise UsageError(Message("new.alone"))
    target = dir_ or Path(name)
    told = parse_texts(title or [], "title")
    day = today_in_china()
    files = draft_pack(
        name,
        Texts(
            en=told.get("en", f"House rules of {name}"),
            vi=told.get("vi", f"Quy tắc riêng của {name}"),
            zh=told.get("zh", f"{name} 内部规则"),
        ),
        extends=None if alone else _with_version(extends or PROGRAM_PACK, target),
        engine=__version__,
        version=f"{day[:4]}.{int(day[5:7])}.0",
        day=day,
    )
    _judge(target, {}, files)
    put_folder(target, files)
    _tell(Message("new.pack", {"name": name, "folder": str(target), "count": str(len(files))}), lang)
    return ExitCode.READY


def _with_version(extends: str, target: Path) -> str:
    """Return a base with a range of versions: from the one that is here on, where none was given."""
    from borderready.read.extend import find_beside
    from borderready.read.rule_base import load_pack_files

    base, _, versions = extends.strip().partition(" ")
    folder = find_beside(base, target) if re.fullmatch(_SLUG, base) else None
    if folder is None:
        raise UsageError(Message("extend.no_base", {"name": base}))
    if versions.strip():
        return f"{base} {versions.strip()}"
    version = load_pack_files(folder, wants=lambda file: file == "VERSION")["VERSION"].decode("utf-8", "replace")
    numbers = re.match(r"[0-9]+(?:\.[0-9]+)?", version.strip())
    return f"{base} >={numbers[0]}" if numbers is not None else base


def new_rule(
    folder: _Folder,
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
    lang: _Lang = None,
) -> int:
    """Write a new rule and its cases; at a terminal, what is not given is asked for. Nothing is overwritten.

    Texts that nobody gives, and the cases, are marked TODO for you to fill in; pack lint refuses them until then.

    Example: borderready pack new-rule acme vn/durian-fresh/box-weight --area packaging --check limit --field
    quantity.net_kg --option max=18000 --instrument acme-handbook
    """
    from borderready.cli.ask_for import Asker
    from borderready.pack.draft import RuleDraft, draft_rule
    from borderready.schemas import load_schema

    pack = _view(folder)
    path = path_of_rule(rule.removesuffix(".yaml"))
    if not re.fullmatch(f"{_SLUG}/{_SLUG}/{_SLUG}", path):
        raise UsageError(Message("new.bad_rule", {"rule": rule}), Message("new.bad_rule_hint"))
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
    options = _options(
        option or [], asker.maybe(None, "options", hint=_example_of(words["check"])) if not option else ""
    )
    today = today_in_china()
    first = _day(asker.word(start, "start", default=today))
    sentences = {"title": names, "says": asker.texts(says or [], "says"), "fix": asker.texts(fix or [], "fix")}
    cited = asker.word(instrument, "instrument")
    place = asker.maybe(locator, "locator")
    grade = asker.word(seen, "seen", default="memory", allowed=grades)
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
        witnesses=tuple(witness or ()),
        checked=_day(checked or today),
        **words,
    )
    return _put(folder, pack, draft_rule(draft), lang)


def new_instrument(
    folder: _Folder,
    id_: Annotated[str, typer.Argument(metavar="ID", help="Name of its file: small letters, digits and dashes.")],
    title: Annotated[_Texts, Option("--title", metavar="LANG=TEXT", help="Its title.")] = None,
    kind: Annotated[str | None, Option("--kind", help="What it is: law, standard, practice ...")] = None,
    issuer: Annotated[str | None, Option("--issuer", help="Who issued it.")] = None,
    number: Annotated[str | None, Option("--number", help="Official number.")] = None,
    issued: Annotated[str | None, Option("--issued", metavar="DATE", help="Day of issue.")] = None,
    in_force: Annotated[str | None, Option("--in-force", metavar="DATE", help="First day in force.")] = None,
    url: Annotated[str | None, Option("--url", help="Where a person finds it.")] = None,
    url_state: Annotated[str | None, Option("--url-state", help="read, not-opened, dead or unknown.")] = None,
    lang: _Lang = None,
) -> int:
    """Write a new instrument, a text that rules cite; at a terminal, what is not given is asked for.

    A title that nobody gives is marked TODO for you to fill in; pack lint refuses it until then.

    Example: borderready pack new-instrument acme acme-handbook --kind practice --issuer Acme
    """
    from borderready.cli.ask_for import Asker
    from borderready.pack.draft import InstrumentDraft, draft_instrument
    from borderready.schemas import load_schema

    pack = _view(folder)
    if not re.fullmatch(_SLUG, id_):
        raise UsageError(Message("new.bad_name", {"name": id_}), Message("new.bad_name_hint"))
    keys: Mapping[str, Any] = load_schema("instrument")["properties"]
    asker = Asker(choose_language(lang))
    names = asker.texts(title or [], "title")
    told = asker.word(kind, "kind", allowed=keys["kind"]["enum"])
    by = asker.word(issuer, "issuer")
    days = {key: asker.maybe(day, key) for key, day in (("issued", issued), ("in-force", in_force))}
    official, address = asker.maybe(number, "number"), asker.maybe(url, "url")
    state = "not-opened" if address else "unknown"
    if address or url_state is not None:
        state = asker.word(url_state, "url-state", default=state, allowed=keys["url_state"]["enum"])
    asker.finish()
    draft = InstrumentDraft(
        id=id_,
        title=names,
        kind=told,
        issuer=by,
        number=official,
        issued=_maybe_day(days["issued"]),
        in_force=_maybe_day(days["in-force"]),
        url=address,
        url_state=state,
    )
    return _put(folder, pack, draft_instrument(draft), lang)


def _view(folder: Path) -> PackView:
    from borderready.pack.view import view_pack

    return view_pack(folder, kind_schemas(), name=folder.resolve().name)


def _day(text: str) -> str:
    day = known_day(text)
    assert day is not None
    return day


def _maybe_day(text: str) -> str:
    return _day(text) if text else ""


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


def _put(folder: Path, pack: PackView, files: Mapping[str, str], lang: str | None) -> int:
    """Write new files of a pack that is right with them, and tell what is left to fill in."""
    from borderready.pack.lint import lint_pack
    from borderready.pack.put import put_files
    from borderready.report.terminal import print_fault, show

    _judge(folder, pack.contents, files)
    put_files(folder, files)
    console = make_console()
    layout = make_layout(console, choose_language(lang))
    for name in files:
        layout.add(layout.say(Message("new.written", {"file": str(folder / name)})))
    left = [one for one in lint_pack(_view(folder), day=today_in_china()) if one.fault.file in files]
    if left:
        layout.add(layout.say(Message("new.left", {"count": str(len(left))})))
    for finding in left:
        print_fault(finding.fault, layout, is_error=finding.is_error)
    show(layout, console)
    return ExitCode.READY


def _judge(folder: Path, contents: Mapping[str, bytes], files: Mapping[str, str]) -> None:
    """Raise UsageError, with what is wrong, where a pack could not be read with these files in it."""
    from borderready.read.extend import read_chain

    whole = {**contents, **{name: text.encode() for name, text in files.items()}}
    try:
        read_chain(folder, whole, kind_schemas(), engine=__version__, name=folder.resolve().name)
    except RuleBaseError as error:
        refused = UsageError(Message("new.refused"), Message("new.refused_hint"))
        refused.faults = (*error.faults, *refused.faults)
        raise refused from error


def _tell(message: Message, lang: str | None) -> None:
    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, choose_language(lang))
    layout.add(layout.say(message))
    show(layout, console)
