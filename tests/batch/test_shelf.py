# SPDX-License-Identifier: Apache-2.0
"""Equal pieces of text are held once, and only what is new counts as memory."""

from __future__ import annotations

from borderready.batch.shelf import Shelf

TEXT = "a long text that is said of every manifest " * 20


def test_equal_pieces_become_the_very_same() -> None:
    shelf = Shelf()
    first = shelf.put((TEXT.encode(), b"1"))
    second = shelf.put((TEXT.encode(), b"2"))
    assert (first, second) == ((TEXT.encode(), b"1"), (TEXT.encode(), b"2"))
    assert first[0] is second[0]


def test_only_what_is_new_counts() -> None:
    shelf = Shelf()
    shelf.put([TEXT.encode()])
    whole_bytes = shelf.size_bytes
    assert whole_bytes > len(TEXT)
    shelf.put([TEXT.encode()])
    assert shelf.size_bytes - whole_bytes < 20
    shelf.put([b"short", b"short"])
    assert shelf.size_bytes - whole_bytes > 80
