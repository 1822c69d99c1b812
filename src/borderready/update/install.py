# SPDX-License-Identifier: Apache-2.0
"""Where update and store meet: which version is in use, and how another one comes into use."""

from __future__ import annotations

from pathlib import Path

from borderready.update.offer import VERSION


def current_version(name: str, root: Path, own: Path) -> str | None:
    """Return the version of a pack that is in use: of the store, else of the program; None where there is none.

    Args:
        name: Of the pack.
        root: Folder of the store.
        own: The rule base that came with the program.
    """
    from borderready.keep.packs import PackStore  # type: ignore[import-untyped]  # until the store is there

    store = PackStore(root)
    if any(installed.name == name for installed in store.versions()):
        version: str = store.find(name, None).version
        return version if VERSION.fullmatch(version) else None
    if name != "cn":
        return None
    return (own / "VERSION").read_text("utf-8").strip()


def install_pack(path: Path, root: Path, terms: object) -> None:
    """Install a zip beside what is there, and use it from now on; raises RuleBaseError for a pack that is refused.

    Args:
        path: The zip, proved to be what the repository offers.
        root: Folder of the store.
        terms: What this machine asks of packs, such as signatures.
    """
    from borderready.keep.packs import PackStore

    store = PackStore(root)
    installed = store.install(path, terms)
    store.use(installed.name, installed.version)
