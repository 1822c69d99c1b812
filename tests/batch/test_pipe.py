# SPDX-License-Identifier: Apache-2.0
"""What is sent through a pipe arrives as it was, however often it was sent before; what is the same is sent once."""

from __future__ import annotations

from multiprocessing.connection import Pipe

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.batch import pipe
from borderready.batch.pipe import Receiver, Sender
from tests.build import LAW

TEXT = b"a long text that is said of every manifest " * 20
POOL = tuple(bytes([letter]) * size for letter in b"abc" for size in (1, 40, 500))


def through(*things: object) -> list[object]:
    from_sender, to_receiver = Pipe(duplex=False)
    sender, receiver = Sender(to_receiver), Receiver(from_sender)
    arrived = []
    for thing in things:
        sender.send(thing)
        arrived.append(receiver.receive())
    return arrived


@settings(LAW, max_examples=100)
@given(things=st.lists(st.lists(st.sampled_from(POOL) | st.binary(max_size=5), max_size=6).map(tuple), max_size=40))
def test_things_arrive_as_they_were_sent_wherever_both_ends_forget(things: list[tuple[bytes, ...]]) -> None:
    before, pipe.FORGET_AFTER_BYTES = pipe.FORGET_AFTER_BYTES, 150
    try:
        assert through(*things) == things
    finally:
        pipe.FORGET_AFTER_BYTES = before


def test_what_was_sent_before_arrives_as_the_very_same() -> None:
    first, second = through((1, TEXT), (2, TEXT))
    assert isinstance(first, tuple)
    assert isinstance(second, tuple)
    assert first[1] is second[1]


def test_it_is_sent_once() -> None:
    from_sender, to_receiver = Pipe(duplex=False)
    sender = Sender(to_receiver)
    sizes = []
    for number in range(3):
        sender.send((number, TEXT))
        sizes.append(len(from_sender.recv_bytes()))
    assert sizes[0] > len(TEXT)
    assert max(sizes[1:]) < 50


def test_nothing_is_remembered_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a run would hold all that was ever sent."""
    monkeypatch.setattr(pipe, "FORGET_AFTER_BYTES", len(TEXT))
    first, second = through(TEXT, TEXT)
    assert (first is second, first == second) == (False, True)


def test_end_of_the_sender_is_the_end_of_what_comes() -> None:
    from_sender, to_receiver = Pipe(duplex=False)
    receiver = Receiver(from_sender)
    to_receiver.close()
    with pytest.raises(EOFError):
        receiver.receive()
