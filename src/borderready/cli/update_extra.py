# SPDX-License-Identifier: Apache-2.0
"""What `pack update` and `pack publish-repo` need beside the program itself."""

from __future__ import annotations

from importlib.util import find_spec

from borderready.errors import UsageError
from borderready.model import Message

_MODULES = ("tuf", "securesystemslib", "cryptography")


def need_extra() -> None:
    """Raise UsageError when it is not installed."""
    for module in _MODULES:
        if find_spec(module) is None:
            raise UsageError(Message("update.no_extra", {"module": module}), Message("update.no_extra_hint"))
