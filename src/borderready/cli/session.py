# SPDX-License-Identifier: Apache-2.0
"""What the commands share: the language, the rule base, the console, and output written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from difflib import get_close_matches
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from borderready import __version__
from borderready.errors import ReaderLeftError, UsageError
from borderready.i18n import LANGUAGES
from borderready.model import Instrument, Message, Rule, RuleBase, RuleId

if TYPE_CHECKING:
    from rich.console import Console

    from borderready.read.rule_base import KindSchemas
    from borderready.read.rule_cache_file import Goods
    from borderready.report.terminal import Layout
    from borderready.settings import Trust

PLAIN_WIDTH = 80
CHINA = timezone(timedelta(hours=8))


def choose_language(asked: str | None) -> str:
    """Return the language asked for, else that of the locale, else English."""
    if asked is not None:
        if asked not in LANGUAGES:
            raise UsageError(Message("cli.no_lang", {"lang": asked}))
        return asked
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return value[:2] if value[:2] in LANGUAGES else "en"
    return "en"


def kind_schemas() -> KindSchemas:
    """Return what the reader of a pack must know of the check kinds."""
    from borderready.checks import KINDS
    from borderready.checks.forms import problem_of
    from borderready.read.rule_base import KindSchemas

    return KindSchemas(options={name: kind.options for name, kind in KINDS.items()}, problem_of_pattern=problem_of)


def rules_dir(asked: Path | None) -> Path:
    """Return the folder of the pack: the one named, else the pack `cn` that came with the program."""
    from borderready.read.rule_base import default_rules_dir

    return asked if asked is not None else default_rules_dir()


def load_rules(
    asked: Path | None,
    goods: Goods | None = None,
    *,
    cache: Path | None = None,
    trust: Mapping[str, Trust] | None = None,
) -> RuleBase:
    """Return the rule base, from the cache where it can be trusted; with goods only what can concern them.

    Args:
        asked: A folder, a zip, NAME or NAME@VERSION; the version of `cn` in use if left out.
        goods: As in load_rule_base.
        cache: Where compiled rule bases lie.
        trust: Whose signatures packs need; that of the configuration here if left out.

    Raises:
        RuleBaseError: When it cannot be read or trusted.
    """
    if trust is None:
        from borderready.cli.settings import read_trust

        trust = read_trust()
    if asked is None and not trust and not os.path.exists(packs_root()):
        return _load_own(cache or rule_cache_dir(), goods)
    from borderready.cli.chosen_pack import choose, load_choice, terms_of

    choice = choose(None if asked is None else str(asked))
    return load_choice(choice, terms_of(trust), cache=cache or rule_cache_dir(), goods=goods)


def _load_own(cache: Path, goods: Goods | None) -> RuleBase:
    """Return the rule base of the program where it is the only one: nothing that judges packs is waited for."""
    from borderready.read.rule_base import default_rules_dir
    from borderready.read.rule_cache import load_rule_base

    folder = default_rules_dir()
    return load_rule_base(folder, kind_schemas(), cache_dir=cache, engine=__version__, name="cn", goods=goods)


def packs_root() -> Path:
    """Return the folder in which this machine keeps packs; it need not be there."""
    import platformdirs

    return Path(platformdirs.user_data_dir("borderready", appauthor=False)) / "packs"


def rule_cache_dir() -> Path:
    """Return the folder in which this machine keeps compiled packs; it need not be there."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("borderready", appauthor=False))


def find_rule(rule_base: RuleBase, name: str) -> Rule:
    """Return a rule by its id; raises UsageError with the nearest id when there is none."""
    known = {rule.id: rule for rule in rule_base.rules}
    rule = known.get(RuleId(name.removesuffix(".yaml").removeprefix("rules/")))
    if rule is not None:
        return rule
    near = get_close_matches(name, [*known], n=1, cutoff=0.5)
    hint = Message("cli.no_rule_near", {"near": near[0]}) if near else Message("cli.no_rule_hint")
    raise UsageError(Message("cli.no_rule", {"rule": name}), hint)


def known_words(rule_base: RuleBase, product: str | None) -> set[str] | None:
    """Return a product and its groups, None for no product; raises UsageError for one that the pack does not know."""
    if product is None:
        return None
    if product not in rule_base.products:
        near = get_close_matches(product, [*rule_base.products], n=1, cutoff=0.5)
        hint = Message("cli.no_rule_near", {"near": near[0]}) if near else None
        raise UsageError(Message("cli.no_product", {"product": product}), hint)
    return {product, *rule_base.products[product].groups}


def known_day(text: str | None) -> str | None:
    """Return a day given on the command line; raises UsageError when it is none."""
    if text is None:
        return None
    return parse_day(text)


def parse_day(text: str) -> str:
    """Return a day written year-month-day; raises UsageError for anything else."""
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise UsageError(Message("cli.bad_day", {"text": text}), Message("cli.bad_day_hint"))


def day_or_today(text: str | None) -> str:
    """Return the day asked for, else today in China, where rules bind."""
    return known_day(text) or today_in_china()


def today_in_china() -> str:
    """Return today's day in China, where days are counted."""
    return datetime.now(CHINA).date().isoformat()


def registers_path() -> Path:
    """Return the file in which this machine keeps registers; it need not be there."""
    import platformdirs

    from borderready.keep import REGISTERS_FILE

    return Path(platformdirs.user_data_dir("borderready", appauthor=False)) / REGISTERS_FILE


def known_origin(text: str | None) -> str | None:
    """Return an ISO country code in capitals; raises UsageError for anything else."""
    if text is None:
        return None
    if not re.fullmatch("[A-Za-z]{2}", text):
        raise UsageError(Message("cli.bad_origin", {"text": text}), Message("cli.bad_origin_hint"))
    return text.upper()


def make_console(*, stderr: bool = False) -> Console:
    """Return a console: colours and the width of the terminal, or plain and 80 columns wide when piped."""
    from borderready.report.terminal import PipeConsole

    stream = sys.stderr if stderr else sys.stdout
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese gets the codes
    wants_colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    if stream.isatty() and wants_colour:
        return PipeConsole(stderr=stderr, highlight=False, emoji=False, markup=False)
    width = None if stream.isatty() else PLAIN_WIDTH
    return PipeConsole(
        stderr=stderr,
        highlight=False,
        emoji=False,
        markup=False,
        width=width,
        color_system=None,
        force_terminal=False,
    )


def make_layout(
    console: Console, language: str, instruments: Mapping[str, Instrument] | None = None, *, verbose: bool = False
) -> Layout:
    """Return an empty layout as wide as a console."""
    from borderready.read.manifest import placeholder_of
    from borderready.report.terminal import Layout

    return Layout(
        width=console.width, language=language, instruments=instruments or {}, fill=placeholder_of, verbose=verbose
    )


def print_plain(content: str) -> None:
    """Print text for a machine: UTF-8, whatever the terminal speaks."""
    print_bytes(content.encode("utf-8", "backslashreplace"))


def print_bytes(content: bytes) -> None:
    """Print text for a machine that is written already."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError as error:
        raise ReaderLeftError from error


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; raises UsageError when it cannot be written."""
    partial = None
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file():  # a pipe or a device: nothing to put in its place
            with path.open("wb") as stream:
                stream.write(data)
            return
        handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(partial, 0o666 & ~umask_now())
        os.replace(partial, path)
    except OSError as error:
        if partial is not None:
            with contextlib.suppress(OSError):
                os.unlink(partial)
        args = {"file": str(path), "reason": error.strerror or str(error)}
        raise UsageError(Message("cli.cannot_write", args), Message("cli.cannot_write_hint")) from error


def umask_now() -> int:
    """Return which rights new files do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
