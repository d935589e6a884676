"""Rooms as rows: the next number or none, each act once, nothing changed afterwards; and hands of a work."""

from __future__ import annotations

import pytest

import db
from db import Hand, RoomEvent, RoomRecord
from tests.db.test_works import POEM, hang

ROOM = RoomRecord("ABC234", "verse", "alice", 1, True, "{}")


def event(seq: int, action: str, *, visitor: str = "alice", kind: str = "said") -> RoomEvent:
    return RoomEvent(seq, seq, visitor, action, kind, "{}")


@pytest.fixture
def opened(database: db.Db) -> db.Db:
    """A database with one room in it."""
    with database.writing() as tx:
        assert db.rooms.open_room(tx, ROOM)
    return database


def test_a_code_is_given_once(opened: db.Db) -> None:
    with opened.writing() as tx:
        assert not db.rooms.open_room(tx, ROOM._replace(owner="bob"))
        assert db.rooms.find(tx, "ABC234") == ROOM
        assert db.rooms.find(tx, "ZZZZZZ") is None


def test_an_event_has_the_next_number_or_is_not_taken(opened: db.Db) -> None:
    with opened.writing() as tx:
        assert db.rooms.append(tx, "ABC234", event(1, "a"))
        assert not db.rooms.append(tx, "ABC234", event(1, "b"))
        assert not db.rooms.append(tx, "ABC234", event(3, "c"))
        assert db.rooms.append(tx, "ABC234", event(2, "d"))
        assert [one.action for one in db.rooms.events(tx, "ABC234")] == ["a", "d"]
        assert [one.action for one in db.rooms.events(tx, "ABC234", after=1)] == ["d"]


def test_an_act_of_one_visitor_happens_once_and_does_not_block_anothers(opened: db.Db) -> None:
    with opened.writing() as tx:
        db.rooms.append(tx, "ABC234", event(1, "same"))
        db.rooms.append(tx, "ABC234", event(2, "same", visitor="bob"))
        assert db.rooms.done(tx, "ABC234", visitor="bob", action="same") == 2
        assert db.rooms.done(tx, "ABC234", visitor="carol", action="same") is None
    with pytest.raises(Exception, match="UNIQUE"), opened.writing() as tx:
        db.rooms.append(tx, "ABC234", event(3, "same"))


def test_a_room_ends_once_and_is_then_not_among_the_open_ones(opened: db.Db) -> None:
    with opened.writing() as tx:
        assert db.rooms.unended(tx, limit=9, owner="alice") == [ROOM]
        assert db.rooms.unended(tx, limit=9, owner="bob") == []
        db.rooms.append(tx, "ABC234", event(1, "a", kind="ended"))
        assert db.rooms.unended(tx, limit=9) == []
    with pytest.raises(Exception, match="UNIQUE"), opened.writing() as tx:
        db.rooms.append(tx, "ABC234", event(2, "b", kind="ended"))


def test_hands_are_written_with_the_work_and_stay(database: db.Db) -> None:
    hung = hang(database, POEM)[0]
    written = (Hand("阿宁", False), Hand("诗画", True), Hand("Wen", False, "mount"))
    with database.writing() as tx:
        db.rooms.record_hands(tx, hung.id, written)
        db.rooms.record_hands(tx, hung.id, [Hand("Somebody else", False)])
        assert db.rooms.hands_of(tx, hung.id) == written
        assert db.rooms.hands_of(tx, hung.id + 1) == ()
