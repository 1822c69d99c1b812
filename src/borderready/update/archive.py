# SPDX-License-Identifier: Apache-2.0
"""What a built pack says of itself, in MANIFEST.json. Whether the pack is good is judged where it is installed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from borderready.errors import Fault, RuleBaseError
from borderready.model import Message
from borderready.update.offer import Pack, make_pack

MANIFEST = "MANIFEST.json"
_LARGEST_BYTES = 20_000_000


def read_facts(path: Path) -> Pack:
    """Return name, version, engine range and news of a zip; raises RuleBaseError where it does not tell them."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(MANIFEST) as stream:
            content = stream.read(_LARGEST_BYTES + 1)
        pack = make_pack(json.loads(content)) if len(content) <= _LARGEST_BYTES else None
    except (
        OSError,
        KeyError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        RecursionError,
        zipfile.BadZipFile,
    ) as error:
        raise _no_facts(path) from error
    if pack is None:
        raise _no_facts(path)
    return pack


def _no_facts(path: Path) -> RuleBaseError:
    what = Message("update.no_facts", {"manifest": MANIFEST})
    return RuleBaseError([Fault(file=path.name, span=None, path="", what=what, hint=Message("update.no_facts_hint"))])
