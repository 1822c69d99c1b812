# SPDX-License-Identifier: Apache-2.0
"""New files of a pack, in canonical form from the start."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from borderready.pack.form.kinds import kind_of, order_keys
from borderready.pack.form.tree import Entry, File, Many, Text, Value
from borderready.pack.form.write import write_file

# What stands in a new file; every scalar is text, and the schema of its place says what it means.
Content: TypeAlias = str | Sequence["Content"] | Mapping[str, "Content"]
# What a person writes without quotes: a word, or a number with its sign.
_BARE = re.compile(r"-?[^\W_]")


def write_content(content: Content, *, path: str) -> str:
    """Return the text of a file whose path, as in kinds.kind_of, says what kind of file it is."""
    root = _tree(content)
    kind = kind_of(path, root)
    order_keys(kind, root)
    return write_file(File(root=root), kind)


def _tree(content: Content) -> Value:
    if isinstance(content, str):
        return _text(content)
    if isinstance(content, Mapping):
        pairs = (Entry(key=_text(key), value=_tree(value)) for key, value in content.items())
        return Many(is_mapping=True, entries=list(pairs))
    return Many(is_mapping=False, entries=[Entry(key=None, value=_tree(member)) for member in content])


def _text(text: str) -> Text:
    return Text(value=text, is_bare=_BARE.match(text) is not None)
