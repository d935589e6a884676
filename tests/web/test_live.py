"""Live rooms by real sockets on a real server: what is sent, what is refused in a sentence, what survives."""

from __future__ import annotations

import html
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from gallery import web
from gallery.journeys import House, open_house, rooms
from gallery.journeys.rooms import messages
from gallery.journeys.rooms.state import fold
from gallery.journeys.rooms.verse import Verse
from gallery.settings import Settings
from gallery.visitors import COOKIE, Visitor
from gallery.web import live, table
from gallery.web.gathering import add_room_routes
from gallery.web.guard import Guard
from gallery.web.serving import SOCKETS
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, POET, FakeEngine

FIRST, SECOND = "空山新雨月", "天气晚来秋"
CAROL = Visitor("ca401" + "0" * 27)
_ids = count(10_000_000)


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The host and port at which a site is served for real."""
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", **SOCKETS)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@contextmanager
def opened(settings: Settings, build: Callable[[House], ASGIApp] = web.build_app) -> Iterator[tuple[House, str]]:
    """A house and the host of its site."""
    with (
        closing(open_house(settings, FakeEngine(), cards=(PAINTER, POET))) as house,
        served(build(house)) as host,
    ):
        yield house, host


def rooms_alone(house: House) -> ASGIApp:
    """The site without what takes time to build."""
    app = FastAPI()
    add_room_routes(app, house)
    return Guard(app, house)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """One house and its site for all tests here, each of which opens a room of its own."""
    with opened(Settings.make({"home": tmp_path_factory.mktemp("home"), "language": "en"})) as site:
        yield site


@pytest.fixture
def house(site: tuple[House, str]) -> House:
    return site[0]


class Tab:
    """A tab of a visitor's in a room: what it has heard, and a voice."""

    def __init__(self, socket: ClientConnection, code: str) -> None:
        self.socket, self.code = socket, code
        self.unread: list[dict[str, Any]] = []
        self.heard = ""  # every word that was ever sent here

    def hear(self, say: str, within_s: float = 20, **values: object) -> dict[str, Any]:
        """The next message of that sort with those values; the others stay to be heard."""
        until = time.monotonic() + within_s
        for n in count():
            while n >= len(self.unread):
                text = str(self.socket.recv(max(0.0, until - time.monotonic())))
                self.heard += text
                self.unread.append(json.loads(text))
            said = self.unread[n]
            if said["say"] == say and all(said[name] == value for name, value in values.items()):
                return self.unread.pop(n)
        raise AssertionError

    def see(self, text: str) -> dict[str, Any]:
        """The next scene that shows this."""
        while text not in json.dumps(scene := self.hear("scene"), ensure_ascii=False):
            pass
        return scene

    def send(self, do: str, **rest: Any) -> str:
        """Sends an act and returns its id."""
        said = {"v": 1, "room": self.code, "id": str(next(_ids)), "do": do, **rest}
        self.socket.send(json.dumps(said))
        return str(said["id"])

    def act(self, do: str, **rest: Any) -> int:
        """Does something and waits until it is done; returns the number of the event."""
        return int(self.hear("done", id=self.send(do, **rest))["seq"])

    def refused(self, do: str, **rest: Any) -> str:
        """The sentence by which an act is refused."""
        return str(self.hear("refused", id=self.send(do, **rest))["text"])


@contextmanager
def tab(
    site: tuple[House, str], code: str, visitor: Visitor | None, seen: int = 0, language: str = "en"
) -> Iterator[Tab]:
    """A tab that is open for a while."""
    house, host = site
    cookie = {"cookie": f"{COOKIE}={house.signer.cookie(visitor)}"} if visitor else {}
    address = f"ws://{host}/live/{code}?language={language}&seen={seen}"
    with connect(address, additional_headers=cookie, origin=Origin(f"http://{host}"), max_queue=None) as socket:
        yield Tab(socket, code)


Enter = Callable[..., Tab]


@pytest.fixture
def enter(site: tuple[House, str]) -> Iterator[Enter]:
    """Opens tabs, and closes them at the end."""
    with ExitStack() as tabs:
        yield lambda code, visitor, *rest: tabs.enter_context(tab(site, code, visitor, *rest))


@pytest.fixture
def code(house: House) -> Iterator[str]:
    """A room of Alice's, closed at the end."""
    room = rooms.open_room(house, ALICE, "阿宁", rooms.VerseWish("五绝"))
    yield room.code
    if not rooms.find_room(house, room.code).ended:
        rooms.append(house, rooms.find_room(house, room.code), ALICE, "close", lambda _: ("ended", {"why": "closed"}))


def test_everybody_sees_what_is_done_in_the_same_order(enter: Enter, code: str) -> None:
    alice, bob, watcher = enter(code, ALICE), enter(code, BOB), enter(code, None)
    bob.act("join", name="Bob <b>")
    alice.act("start")
    alice.act("write", turn=0, text=FIRST)
    seen = [[tab.hear("scene", seq=n)["entries"] for n in (2, 3, 4)] for tab in (alice, bob, watcher)]
    assert seen[0] == seen[1] == seen[2]
    assert "Bob &lt;b&gt; takes a seat." in seen[0][0][0]


def test_a_poem_is_written_to_its_end_and_hangs_with_its_hands(
    enter: Enter, code: str, site: tuple[House, str]
) -> None:
    alice = enter(code, ALICE)
    alice.act("start")
    alice.act("write", turn=0, text=FIRST)
    alice.see("Line 3 is 阿宁")
    alice.act("call", turn=2)
    alice.see("Finished")
    cookies = {COOKIE: site[0].signer.cookie(ALICE)}
    with httpx.Client(base_url=f"http://{site[1]}", cookies=cookies) as browser:
        kept = browser.post(f"/en/rooms/{code}/keep", data={"title": "Rain", "signature": ""})
        page = browser.get(kept.headers["location"]).text
        assert '<p class="acts again">' in browser.get(f"/en/rooms/{code}").text
    assert kept.status_code == 303
    assert f'<b lang="zh">{FIRST}</b> 阿宁' in page
    assert alice.see("Rain")["entries"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("{", "did not understand that (JSON)"),
        ("[]", "did not understand that"),
        ('{"v": 1}', "did not understand that"),
        ('{"v": 2, "do": "start"}', "older than the gallery"),
        ('{"v":1,"room":"CODE","id":"12345678","do":"dance"}', "did not understand that"),
        ('{"v":1,"room":"CODE","id":"12345678","do":"say"}', "did not understand that (say.text)"),
        (
            '{"v":1,"room":"CODE","id":"12345678","do":"say","text":"a","by":"ALICE"}',
            "did not understand that (say.by)",
        ),
        ('{"v":1,"room":"CODE","id":"1","do":"start"}', "did not understand that (start.id)"),
        ('{"v":1,"room":"ZZZZZZ","id":"12345678","do":"start"}', "another room"),
        ("x" * 3000, "longer than 2000 characters"),
        ("[" * 1900, "did not understand that (JSON)"),
        (b"\x00\x01", "did not understand that (JSON)"),
    ],
)
def test_a_bad_message_is_answered_in_a_sentence_and_the_room_goes_on(
    enter: Enter, code: str, said: str | bytes, sentence: str
) -> None:
    alice = enter(code, ALICE)
    alice.socket.send(said.replace("CODE", code) if isinstance(said, str) else said)
    assert sentence in alice.hear("refused")["text"]
    alice.act("start")


def test_out_of_turn_and_after_the_end_are_told_to_whoever_asked(enter: Enter, code: str) -> None:
    alice, bob = enter(code, ALICE), enter(code, BOB)
    assert "You are looking on" in bob.refused("write", turn=0, text=FIRST)
    bob.act("join", name="Bob")
    alice.act("start")
    assert "It is 阿宁's turn" in bob.refused("write", turn=0, text=FIRST)
    alice.act("end")
    assert "This room has ended" in bob.refused("say", text="hello")


def test_who_keeps_no_cookie_may_look_on_and_check_but_not_act(enter: Enter, code: str) -> None:
    stranger = enter(code, None)
    assert stranger.hear("you")["known"] is False
    assert "keeps no cookie" in stranger.refused("join", name="Nobody")
    assert "月" in stranger.hear("checked", id=stranger.send("check", text=FIRST))["html"]


def test_talk_that_is_too_fast_is_left_out(enter: Enter, code: str) -> None:
    alice = enter(code, ALICE)
    ids = [alice.send("say", text=f"line {number}") for number in range(8)]
    assert "too fast" in alice.hear("refused", id=ids[5])["text"]
    assert "line 4" in json.dumps(enter(code, BOB).hear("scene")["entries"])


def test_a_flood_of_messages_is_held_off_for_one_screen_alone(enter: Enter, code: str) -> None:
    alice, bob = enter(code, ALICE), enter(code, BOB)
    for _ in range(60):
        alice.socket.send("{}")
    while "too fast" not in alice.hear("refused")["text"]:
        pass
    bob.act("join", name="Bob")


def test_a_tab_that_comes_back_hears_what_it_missed_and_nothing_twice(enter: Enter, code: str) -> None:
    alice = enter(code, ALICE)
    seen = alice.act("start")
    alice.socket.close()
    enter(code, BOB).act("join", name="Bob")
    again = enter(code, ALICE, seen).hear("scene")
    assert again["seq"] == seen + 1
    assert ["Bob takes a seat" in entry for entry in again["entries"]] == [True]


def test_who_comes_back_hears_also_what_was_told_in_another_language_meanwhile(enter: Enter, code: str) -> None:
    alice, bob = enter(code, ALICE), enter(code, BOB, 0, "zh")
    seen = alice.act("start")
    alice.socket.close()
    bob.hear("present", members=[], watching=1)
    bob.act("join", name="Bob")
    assert "Bob入座" in bob.see("Bob入座")["entries"][0]
    assert "Bob takes a seat" in enter(code, ALICE, seen).hear("scene")["entries"][0]


def test_an_act_sent_again_over_another_line_happens_once(enter: Enter, code: str) -> None:
    first, second = enter(code, ALICE), enter(code, ALICE)
    said = json.dumps({"v": 1, "room": code, "id": "sent-twice", "do": "say", "text": "once"})
    for tab in (first, second):
        tab.socket.send(said)
        tab.hear("done", id="sent-twice")
    entries = json.dumps(enter(code, BOB).hear("scene")["entries"])
    assert entries.count("once") == 1


def test_two_tabs_of_one_person_are_one_member_in_both(enter: Enter, code: str) -> None:
    first, second = enter(code, BOB), enter(code, BOB)
    first.act("join", name="Bob")
    assert second.hear("you", seated=True)["member"] == 2
    assert first.hear("present", members=[2])["watching"] == 0
    second.act("leave")
    assert first.hear("you", member=2, seated=False)["owner"] is False


def test_who_vanishes_in_the_middle_of_a_turn_is_waited_for_only_shortly(
    enter: Enter, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.journeys.rooms.verse.ABSENCE_S", 0.5)
    alice, bob = enter(code, ALICE), enter(code, BOB)
    bob.act("join", name="Bob")
    alice.act("start")
    alice.socket.close()
    bob.see("Line 2 is Bob")
    bob.act("write", turn=1, text=SECOND, as_written=True)


def test_a_poet_who_cannot_write_now_says_so_and_writes_later(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "RETRY_S", 0.1)
    with opened(settings, rooms_alone) as site:
        code = rooms.open_room(site[0], ALICE, "阿宁", rooms.VerseWish("五绝")).code
        with tab(site, code, ALICE) as alice:
            alice.act("start")
            site[0].engine.failures.append(TimeoutError())  # type: ignore[attr-defined]
            alice.act("call", turn=0)
            assert "was not ready" in alice.hear("note")["text"]
            alice.see("诗画: “")


def test_a_room_survives_a_restart_of_the_server(settings: Settings) -> None:
    with opened(settings, rooms_alone) as site:
        code = rooms.open_room(site[0], ALICE, "阿宁", rooms.VerseWish("五绝")).code
        with tab(site, code, ALICE) as alice:
            alice.act("start")
            seen = alice.act("write", turn=0, text=FIRST)
    with opened(settings, rooms_alone) as site, tab(site, code, ALICE, seen) as again:
        assert again.hear("you")["member"] == 1
        assert "诗画" in again.hear("scene", seq=seen + 1)["entries"][0]


def test_a_room_there_is_none_of_and_one_that_is_full_say_so_and_close(
    enter: Enter, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = enter("ZZZZZZ", ALICE)
    assert "No room has the code" in nowhere.hear("refused")["text"]
    with pytest.raises(ConnectionClosed) as closed:
        nowhere.hear("scene")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == live.GONE
    monkeypatch.setattr(live, "MOST_OF_ONE", 1)
    assert enter(code, ALICE).hear("scene")
    assert "as many as the room takes" in enter(code, ALICE).hear("refused")["text"]


def test_a_vote_shows_on_all_screens_and_the_last_one_breeds_shortly(
    house: House, site: tuple[House, str], enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.journeys.rooms.brood.HASTE_S", 0.2)
    code = rooms.open_room(house, BOB, "Bob", rooms.BroodWish("shanshui")).code
    bob, watcher = enter(code, BOB), enter(code, None)
    bob.act("vote", generation=0, child=2)
    watcher.see("Picture 3, votes: 1")
    assert watcher.hear("clock")["left"] <= 0.2
    watcher.see("Generation 2 is here: children of 3.")
    with httpx.Client(base_url=f"http://{site[1]}") as browser:
        picture, none = browser.get(f"/live/{code}/1/0"), browser.get(f"/live/{code}/1/6")
    assert (picture.headers["content-type"], none.status_code) == ("image/webp", 400)


def test_pages_of_rooms_open_in_both_languages_and_bad_wishes_are_told_there(
    house: House, site: tuple[House, str]
) -> None:
    cookies = {COOKIE: house.signer.cookie(CAROL)}
    with httpx.Client(base_url=f"http://{site[1]}", cookies=cookies, headers={"accept-language": "en"}) as browser:
        opened = browser.post("/en/rooms", data={"name": "Carol", "kind": "verse", "form": "七律", "timer": "30"})
        code = opened.headers["location"].rsplit("/", 1)[1]
        assert browser.get(f"/r/{code}").headers["location"] == f"/en/rooms/{code}"
        assert browser.get(f"/en/rooms?code={code.lower()}").headers["location"] == f"/en/rooms/{code}"
        pages = [
            f"/{language}/rooms{rest}" for language in ("zh", "en") for rest in ("", f"/{code}", f"/{code}/replay")
        ]
        assert [browser.get(page).status_code for page in pages] == [200] * 6
        assert '<p class="acts again" hidden>' in browser.get(f"/en/rooms/{code}").text  # nothing to watch again yet
        lobby = browser.get("/en/rooms").text
        assert "opened by Carol" in lobby
        assert re.findall('name="kind" value="([a-z]+)" checked', lobby) == ["verse"]
        for wish, sentence in (
            ({"name": ""}, "Give a name first"),
            ({"name": "C", "form": "词"}, "no form of verse"),
            ({"name": "C", "kind": "brood", "subject": "x"}, "no subject called"),
            ({"name": "C", "form": "五绝", "timer": "x"}, "no such room (timer)"),
        ):
            assert sentence in html.unescape(browser.post("/en/rooms", data=wish).text)
        for asked, sentence in (
            ("/en/rooms?code=zzzzzz", "No room has the code “ZZZZZZ”"),
            ("/zh/rooms/zzzzzz", "「ZZZZZZ」"),
        ):
            nowhere = browser.get(asked, headers={"accept": "text/html"})  # as browsers ask, who saw "No such page"
            assert (nowhere.status_code, sentence in nowhere.text) == (404, True)
            assert 'id="code" name="code" value="zzzzzz"' in nowhere.text
        kept = browser.post(f"/en/rooms/{code}/keep", data={"title": "T"})
        assert "not finished yet" in kept.text


def test_a_socket_from_another_site_is_refused(site: tuple[House, str], code: str) -> None:
    address, evil = f"ws://{site[1]}/live/{code}", Origin("http://evil.test")
    with pytest.raises(InvalidStatus) as refused, connect(address, origin=evil):
        pass
    assert refused.value.response.status_code == 403


def test_a_screen_that_does_not_read_is_let_go_and_the_others_hear_on() -> None:
    screen = table.Screen(ALICE, known=True, language="en")
    for number in range(table.OUTBOX + 1):
        screen.send(str(number))
    sent = [screen.outbox.get_nowait() for _ in range(table.OUTBOX)]
    assert sent[-1] is None


def test_a_clock_that_is_hurried_ends_sooner_and_gets_its_time_back() -> None:
    game = Verse("五绝", 4, 5, timer_s=60)
    clock = table.Clock((0, 1))
    assert 59 < (clock.left(game) or 0) <= 60
    clock.hurry(2.0)
    assert 1 < (clock.left(game) or 0) <= 2
    clock.hurry(None)
    assert (clock.left(game) or 0) > 59
    clock.follow(None)
    assert clock.left(game) is None


@pytest.fixture
def scroll(house: House) -> Iterator[str]:
    """A room of Alice's for a scroll, in which Bob writes and Carol mounts, closed at the end."""
    room = rooms.open_room(house, ALICE, "阿宁", rooms.ScrollWish("五绝", "shanshui"))
    for who, name in ((BOB, "Bob"), (CAROL, "Carol")):
        told = {"v": 1, "room": room.code, "id": str(next(_ids)), "do": "join", "name": name}
        room = fold(room, rooms.act(house, room, who, messages.read(json.dumps(told), room=room.code)))
    yield room.code
    if not rooms.find_room(house, room.code).ended:
        rooms.append(house, rooms.find_room(house, room.code), ALICE, "close", lambda _: ("ended", {"why": "closed"}))


def pictures(site: tuple[House, str], who: Visitor | None, *addresses: str) -> list[int]:
    """The status with which each of these is answered to that visitor."""
    cookies = {COOKIE: site[0].signer.cookie(who)} if who else {}
    with httpx.Client(base_url=f"http://{site[1]}", cookies=cookies) as browser:
        return [browser.get(address).status_code for address in addresses]


def one_round(alice: Tab, bob: Tab, carol: Tab, step: int, child: int, text: str, value: str) -> None:
    """A step of each, by hand."""
    alice.act("pick", turn=step, child=child)
    bob.act("write", turn=step + 1, text=text, as_written=True)
    carol.act("choose", turn=step + 2, value=value)


def test_of_a_scroll_nobody_is_sent_what_is_not_theirs_to_see_before_the_reveal(
    enter: Enter, scroll: str, site: tuple[House, str]
) -> None:
    alice, bob, carol, watcher = (enter(scroll, who) for who in (ALICE, BOB, CAROL, None))
    alice.act("start")
    one_round(alice, bob, carol, 0, 2, FIRST, "indigo")
    one_round(alice, bob, carol, 3, 4, SECOND, "fan")
    again = [enter(scroll, who) for who in (ALICE, BOB, CAROL, None)]
    for tab in (*again, alice, bob, carol, watcher):
        while tab.hear("scene")["seq"] < 9:
            pass
    for tab in (alice, watcher, again[0], again[3]):
        assert FIRST not in tab.heard
        assert SECOND not in tab.heard
    for tab in (bob, watcher, again[1], again[3]):
        assert "Indigo" not in tab.heard
        assert "Round fan" not in tab.heard
    assert f"/live/{scroll}/" not in carol.heard + watcher.heard + again[2].heard + again[3].heard
    assert (SECOND in again[2].heard, FIRST in again[2].heard) == (True, False)
    assert ("Mount, Round fan" in again[0].heard, "Indigo" in again[0].heard) == (True, False)
    assert f"/live/{scroll}/1/4" in again[1].heard
    assert f"/live/{scroll}/0/2" not in again[1].heard
    assert "truncation" not in "".join(tab.heard for tab in (alice, bob, carol, watcher))


def test_pictures_and_pages_of_a_scroll_in_the_making_are_as_closed_as_its_screens(
    enter: Enter, scroll: str, site: tuple[House, str]
) -> None:
    alice, bob = enter(scroll, ALICE), enter(scroll, BOB)
    alice.act("start")
    alice.act("pick", turn=0, child=2)
    bob.act("write", turn=1, text=FIRST)
    chosen, other, laid, whole = (f"/live/{scroll}/{rest}" for rest in ("0/2", "0/1", "1/0", "scroll"))
    assert pictures(site, ALICE, chosen, other, laid, whole) == [200, 200, 200, 400]
    assert pictures(site, BOB, chosen, other, laid, whole) == [200, 400, 400, 400]
    for who in (CAROL, None):
        assert pictures(site, who, chosen, other, laid, whole) == [400] * 4
    assert alice.hear("checked", id=alice.send("check", text=FIRST))["html"].strip() == ""
    with httpx.Client(base_url=f"http://{site[1]}") as browser:
        for page in ("", "/replay", "/replay?step=9"):
            seen = browser.get(f"/en/rooms/{scroll}{page}").text
            assert "out of sight" in seen
            assert FIRST not in seen
            assert "/live/" not in seen
        assert FIRST not in browser.get("/en/rooms").text


def test_the_scroll_is_revealed_to_everybody_and_hangs_and_can_be_watched_again(
    enter: Enter, scroll: str, site: tuple[House, str]
) -> None:
    alice, bob, carol, watcher = (enter(scroll, who) for who in (ALICE, BOB, CAROL, None))
    alice.act("start")
    one_round(alice, bob, carol, 0, 2, FIRST, "indigo")
    alice.act("end")
    for tab in (alice, bob, carol, watcher):
        assert FIRST in json.dumps(tab.see("Here is the scroll"), ensure_ascii=False)
    assert pictures(site, None, f"/live/{scroll}/scroll", f"/live/{scroll}/0/2") == [200, 200]
    with httpx.Client(base_url=f"http://{site[1]}", cookies={COOKIE: site[0].signer.cookie(CAROL)}) as browser:
        steps = [browser.get(f"/en/rooms/{scroll}/replay?step={step}").text for step in (3, 99)]
        kept = browser.post(f"/en/rooms/{scroll}/keep", data={"title": "Same scroll"})
        page = html.unescape(browser.get(kept.headers["location"]).text)
    assert [FIRST in step for step in steps] == [True, True]
    assert [f"/live/{scroll}/scroll" in step for step in steps] == [False, True]
    assert "Mount and seal were chosen by Carol, 诗画." in page
    assert watcher.see("Same scroll")["entries"]


def test_a_step_out_of_turn_of_another_seat_or_after_the_end_is_told_and_the_room_goes_on(
    enter: Enter, scroll: str
) -> None:
    alice, bob, carol = (enter(scroll, who) for who in (ALICE, BOB, CAROL))
    assert "has not begun" in alice.refused("pick", turn=0, child=0)
    alice.act("start")
    assert "It is 阿宁's turn" in bob.refused("write", turn=0, text=FIRST)
    assert "another seat's to do" in alice.refused("choose", turn=0, value="plum")
    assert "did not understand that (pick.child)" in alice.refused("pick", turn=0, child="0")
    assert "did not understand that (sit.seat)" in carol.refused("sit", seat="emperor")
    alice.act("pick", turn=0, child=0)
    assert "yours has 2" in bob.refused("write", turn=1, text="空山")
    alice.act("end")
    assert "This room has ended" in carol.refused("choose", turn=2, value="plum")


def test_the_house_does_the_step_of_a_player_who_vanishes_and_both_tabs_of_another_go_on(
    enter: Enter, scroll: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.journeys.rooms.exquisite.ABSENCE_S", 0.5)
    alice, first, second = enter(scroll, ALICE), enter(scroll, BOB), enter(scroll, BOB)
    alice.act("start")
    alice.socket.close()
    for tab in (first, second):
        tab.see("Bob is writing a line.")
    first.act("write", turn=1, text=FIRST)
    assert FIRST in json.dumps(second.see("Your lines so far"), ensure_ascii=False)
    assert "an earlier turn" in second.refused("write", turn=1, text=FIRST)


def test_a_scroll_survives_a_restart_of_the_server_and_each_seat_sees_its_own_again(settings: Settings) -> None:
    with opened(settings, rooms_alone) as site:
        code = rooms.open_room(site[0], ALICE, "阿宁", rooms.ScrollWish("五绝", "shanshui")).code
        with tab(site, code, ALICE) as alice, tab(site, code, BOB) as bob:
            bob.act("join", name="Bob")
            alice.act("start")
            seen = alice.act("pick", turn=0, child=3)
    with opened(settings, rooms_alone) as site, tab(site, code, BOB, seen) as again, tab(site, code, ALICE) as alice:
        assert f"/live/{code}/0/3" in again.hear("scene", seq=seen)["stage"]
        again.act("write", turn=1, text=FIRST)
        alice.see("Answer it with the painting.")


def test_the_film_of_a_breeding_room_rolls_on_all_screens_and_hangs(
    house: House, site: tuple[House, str], enter: Enter
) -> None:
    code = rooms.open_room(house, BOB, "Bob", rooms.BroodWish("shanshui")).code
    bob, watcher = enter(code, BOB), enter(code, None)
    for generation in (0, 1):
        bob.act("vote", generation=generation, child=generation)
        bob.act("breed", generation=generation)
    assert "once the room has ended" in bob.refused("film")
    bob.act("end")
    assert "keeps no cookie" in watcher.refused("film")
    bob.hear("done", id=bob.send("film"))
    for tab in (bob, watcher):
        assert tab.hear("film", ready=True)["rolling"] is False
    assert pictures(site, None, f"/live/{code}/film") == [200]
    with httpx.Client(base_url=f"http://{site[1]}", cookies={COOKIE: house.signer.cookie(BOB)}) as browser:
        kept = browser.post(f"/en/rooms/{code}/keep", data={"title": "Evolution", "signature": "", "film": "1"})
        page = html.unescape(browser.get(kept.headers["location"]).text)
    assert "Chosen from generation to generation by Bob." in page
    assert 'data-filmed="' in watcher.see("Evolution")["stage"]
    assert enter(code, None).hear("film")["ready"] is True


def test_a_film_that_cannot_be_painted_now_is_told_and_can_be_asked_for_again(settings: Settings) -> None:
    with opened(settings, rooms_alone) as site:
        code = rooms.open_room(site[0], BOB, "Bob", rooms.BroodWish("shanshui")).code
        with tab(site, code, BOB) as bob:
            for generation in (0, 1):
                bob.act("vote", generation=generation, child=0)
                bob.act("breed", generation=generation)
            bob.act("end")
            site[0].engine.failures += [None, TimeoutError()]  # type: ignore[attr-defined]
            bob.send("film")
            assert "was not ready" in bob.hear("note")["text"]
            assert bob.hear("film", rolling=False, ready=False, total=0)
            bob.send("film")
            assert bob.hear("film", ready=True)
