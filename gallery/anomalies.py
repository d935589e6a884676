"""Anomalies: votes that look as if they were not opinions, found by stated rules in the votes that stand.

burst      within an hour one work gets BURST stars of one tendency (4 and 5, or 1 and 2) or more from visitors who came
           first that day, and these are BURST_SHARE of all such stars it gets in that hour
one_work   a visitor has voted for a work ONE_WORK times or more, and never for another
one_maker  a visitor has voted for works of one maker ONE_MAKER times or more, and never for any other maker's
one_side   a visitor has judged ONE_SIDE duels or more, SIDE_SHARE of them for the same side; as sides are drawn by lot,
           one visitor in two thousand would by chance

To vote for a work is to choose it in a duel, or to give it four stars or five. A rule finds, it does not judge: a class
that comes to see a friend's work is a burst too. What follows is for curators to say. Works of the house make nobody
suspicious, and neither does a maker who has made half of all that hangs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Rule = Literal["burst", "one_work", "one_maker", "one_side"]
Side = Literal["", "left", "right"]
BURST, BURST_SHARE, BURST_MINUTES = 12, 0.75, 60
ONE_WORK = 4
ONE_MAKER = 6
ONE_SIDE, SIDE_SHARE = 20, 0.9
BIN = 5  # minutes to each bar of a burst


class Cast(NamedTuple):
    """A vote that stands: for a work or against one, or both in a duel; `side` is where the chosen one stood."""

    minute: int
    voter: int
    young: bool
    favoured: int | None
    slighted: int | None
    side: Side = ""


@dataclass(frozen=True)
class Anomaly:
    """What a rule has found: about which work, whose votes, and when. `seen` is its evidence: for a burst the votes of
    each BIN minutes of its hour; else two counts, for those and for others, or for the left and the right."""

    rule: Rule
    work: int
    voters: tuple[int, ...]
    minute: int
    seen: tuple[int, ...]
    against: bool = False

    @property
    def key(self) -> str:
        """By what it is asked for again.

        >>> Anomaly("one_side", 7, (3,), 0, (20, 0)).key
        'one_side-7-3'
        """
        return f"{self.rule}-{self.work}-{self.voters[0]}"


def find(casts: Iterable[Cast], makers: Mapping[int, str], *, house: str) -> list[Anomaly]:
    """All that the rules find, newest first; `makers` of the works, of whom `house` is above suspicion."""
    votes = sorted(casts, key=lambda cast: cast.minute)
    by_voter: dict[int, list[Cast]] = defaultdict(list)
    for cast in votes:
        by_voter[cast.voter].append(cast)
    found = [*_bursts(votes)]
    large = {maker for maker, works in Counter(makers.values()).items() if 2 * works >= len(makers)}
    for own in by_voter.values():
        found += [*_one_work(own), *_one_maker(own, makers, large | {house}), *_one_side(own)]
    return sorted(found, key=lambda one: (-one.minute, one.key))


def _bursts(votes: list[Cast]) -> Iterator[Anomaly]:
    """For each work and tendency, its densest hour."""
    by_work: dict[tuple[int, bool], list[Cast]] = defaultdict(list)
    for cast in votes:
        if not cast.side:
            work = cast.favoured or cast.slighted
            if work is not None:
                by_work[work, cast.favoured is None].append(cast)
    for (work, against), stars in by_work.items():
        hour = max(_hours(stars), key=len)
        young = [cast for cast in hour if cast.young]
        if len(young) >= BURST and len(young) >= BURST_SHARE * len(hour):
            began = hour[0].minute
            counts = Counter((cast.minute - began) // BIN for cast in hour)
            bars = tuple(counts[number] for number in range(BURST_MINUTES // BIN))
            yield Anomaly("burst", work, tuple(sorted({cast.voter for cast in young})), began, bars, against)


def _hours(stars: list[Cast]) -> Iterator[list[Cast]]:
    """For each vote, those within an hour from it on."""
    end = 0
    for start, cast in enumerate(stars):
        while end < len(stars) and stars[end].minute < cast.minute + BURST_MINUTES:
            end += 1
        yield stars[start:end]


def _one_work(own: list[Cast]) -> Iterator[Anomaly]:
    works = {cast.favoured for cast in own if cast.favoured is not None}
    count = sum(cast.favoured is not None for cast in own)
    if len(works) == 1 and count >= ONE_WORK:
        yield Anomaly("one_work", works.pop(), (own[0].voter,), own[-1].minute, (count, 0))


def _one_maker(own: list[Cast], makers: Mapping[int, str], trusted: set[str]) -> Iterator[Anomaly]:
    works = Counter(cast.favoured for cast in own if cast.favoured is not None)
    found = {makers.get(work, "") for work in works}
    if len(works) > 1 and len(found) == 1 and not found & trusted and works.total() >= ONE_MAKER:
        most = max(works, key=lambda work: (works[work], -work))
        yield Anomaly("one_maker", most, (own[0].voter,), own[-1].minute, (works.total(), 0))


def _one_side(own: list[Cast]) -> Iterator[Anomaly]:
    duels = [cast for cast in own if cast.side]
    left = sum(cast.side == "left" for cast in duels)
    most = max(left, len(duels) - left)
    if len(duels) >= ONE_SIDE and most >= SIDE_SHARE * len(duels):
        last = duels[-1].favoured or 0
        yield Anomaly("one_side", last, (own[0].voter,), own[-1].minute, (left, len(duels) - left))
