# SPDX-License-Identifier: Apache-2.0
"""`borderready pack verify`: who signed a built pack, and whether that is enough."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.tell import tell_lines
from borderready.errors import UsageError
from borderready.model import Message

if TYPE_CHECKING:
    from borderready.read.pack_manifest import PackManifest


def verify(
    file: Annotated[Path, typer.Argument(help="A zip that pack build made.", metavar="ZIP", dir_okay=False)],
    keyring: Annotated[
        Path | None,
        typer.Option("--keyring", metavar="FILE", help="Configuration with [trust]; the nearest one if left out."),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option("--key", metavar="KEY", help="Public key that must have signed, in place of those (repeatable)."),
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Tell what a zip holds and who signed it. Exit code 0 only where the keys for its name have signed, else 5.

    Example: borderready pack verify cn-2026.12.0.zip
    """
    from borderready.cli.chosen_pack import terms_of
    from borderready.cli.settings import read_trust
    from borderready.keep.packs import named_by
    from borderready.read.pack_manifest import MANIFEST, SIGNATURES, parse_manifest, refusal
    from borderready.read.pack_trust import judge_seals, read_signatures
    from borderready.read.pack_zip import read_zip
    from borderready.settings import Trust, judge_trust

    contents = read_zip(file)
    manifest = parse_manifest(contents[MANIFEST], file=str(file))
    trust = read_trust(keyring) if not key else {}
    if key:
        problem = judge_trust(manifest.name, {"keys": key, "threshold": len(key)})
        if problem is not None:
            raise UsageError(problem, Message("config.trust_hint"))
        trust = {manifest.name: Trust(keys=tuple(key), threshold=len(key))}
    signed = read_signatures(contents[SIGNATURES], file=str(file)) if SIGNATURES in contents else ()
    tell_lines(
        [
            Message("packs.holds", {"file": str(file), **_args(manifest), "sha256": manifest.digest}),
            *(Message("packs.says_signed", {"key": one.key, "expires": one.expires}) for one in signed),
        ],
        lang,
    )
    if manifest.name not in trust:
        raise refusal(str(file), "packs.no_trust", _args(manifest), "packs.no_trust_hint")
    sealed = judge_seals(contents, terms_of(trust), file=str(file), named=named_by(file))
    count, threshold = str(len(sealed.keys)), str(trust[manifest.name].threshold)
    tell_lines([Message("packs.verified", {**_args(manifest), "count": count, "threshold": threshold})], lang)
    return ExitCode.READY


def _args(manifest: PackManifest) -> dict[str, str]:
    return {"name": manifest.name, "version": manifest.version}
