# SPDX-License-Identifier: Apache-2.0
"""Where update and store meet: which version is in use, and how another one comes into use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from borderready.update.offer import order_of

if TYPE_CHECKING:
    from borderready.keep.packs import Judge, Terms

_BUILT_IN = "cn"


def current_version(name: str, root: Path, own: Path) -> str | None:
    """Return the version of a pack that is in use, or would be; None where there is none.

    Args:
        name: Of the pack.
        root: Folder of the store.
        own: The rule base that came with the program.
    """
    from borderready.keep.packs import PackStore

    store = PackStore(root)
    used = store.state().use.get(name)
    if used is not None:
        return used
    if name == _BUILT_IN:
        return (own / "VERSION").read_text("utf-8").strip()
    return max((kept.version for kept in store.versions() if kept.name == name), key=order_of, default=None)


def install_pack(path: Path, root: Path, terms: Terms, judge: Judge) -> None:
    """Install a zip beside what is there, and use it from now on; raises RuleBaseError for a pack that is refused.

    Args:
        path: The zip, proved to be what the repository offers.
        root: Folder of the store.
        terms: What this machine asks of packs, such as signatures.
        judge: Raises RuleBaseError for files that are no rule base.
    """
    from borderready.keep.packs import PackStore

    store = PackStore(root)
    installed = store.install(path, terms, judge=judge)
    store.use(installed.name, installed.version, is_signed=bool(installed.keys))
