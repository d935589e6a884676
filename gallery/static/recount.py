"""Works every score of a Shihua gallery out again, from nothing but its public log of votes.

    python recount.py votes.csv scores.csv

votes.csv and scores.csv are what /votes.csv and /scores.csv of the gallery gave you, the scores first. It checks that
every entry of the log is chained to the one before it, takes out what was undone, withdrawn or set aside, gives every
star and every duel anew, the duels weighed by the gold pairs that their voter had right before, and compares. It needs
Python 3.11 and `pip install openskill==6.2.0`, and nothing of the gallery.
"""

from __future__ import annotations

import csv
import hashlib
import math
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from openskill.models import BradleyTerryFull

MU, SIGMA = 25.0, 25 / 3  # where every work starts
ENOUGH = 8  # duels from which on a work is ranked
DAILY = 0.15  # how far visitors of less than a day move a ranked work in a day, all together
TRUST = 3  # gold pairs that everybody is taken to have had right
MEAN, WEIGHT = 3.0, 5.0  # five imagined votes of three stars
MODEL = BradleyTerryFull(mu=MU, sigma=SIGMA, beta=25 / 6, tau=0.0, gamma=lambda *_: 1.2)


Entry = dict[str, str]


def check_chain(path: Path) -> list[Entry]:
    """The entries of the log; ends the run at the first that is not chained to the one before it."""
    before, entries = "0" * 64, list[Entry]()
    names, *lines = path.read_text(encoding="utf-8").splitlines()
    for number, text in enumerate(lines, 1):
        line, _, link = text.rpartition(",")
        before = hashlib.sha256(f"{before}\n{line}".encode()).hexdigest()
        if link != before or not line.startswith(f"{number},"):
            sys.exit(f"entry {number} is not chained to the one before it")
        entries.append(dict(zip(names.split(","), text.split(","), strict=True)))
    return entries


def find_aside(entries: list[Entry]) -> set[tuple[str, str]]:
    """Whose votes are set aside in the end: voter and work, or voter and "" for all works."""
    aside: set[tuple[str, str]] = set()
    for entry in entries:
        scope = entry["voter"], "" if entry["value"] == "1" else entry["work"]
        if entry["act"] == "quarantine":
            aside.add(scope)
        elif entry["act"] == "release":
            aside.discard(scope)
    return aside


def count_stars(entries: list[Entry], aside: set[tuple[str, str]]) -> dict[str, list[int]]:
    """For each work, the stars that stand: by each voter the last, unless withdrawn or set aside."""
    given: dict[str, dict[str, int]] = defaultdict(dict)
    for entry in entries:
        if entry["act"] == "stars":
            given[entry["work"]][entry["voter"]] = int(entry["value"])
        elif entry["act"] == "withdraw":
            given[entry["work"]].pop(entry["voter"], None)
    return {
        work: [stars for voter, stars in votes.items() if not aside & {(voter, ""), (voter, work)}]
        for work, votes in given.items()
    }


@dataclass
class Place:
    """Where a work stands, after how many duels, and how far new visitors have moved it on which day."""

    mu: float = MU
    sigma: float = SIGMA
    duels: int = 0
    drift: float = 0.0
    day: str = ""

    def move(self, mu: float, sigma: float, *, young: bool, day: str, share: float) -> None:
        """Moves the work that share of the way there, or as far as new visitors may that day."""
        drift = self.drift if self.day == day else 0.0
        step = share * (mu - self.mu)
        if young and self.duels >= ENOUGH and step:
            allowed = min(max(drift + step, -DAILY), DAILY) - drift
            drift, share = drift + allowed, share * (allowed / step)
        self.mu, self.sigma = self.mu + share * (mu - self.mu), self.sigma + share * (sigma - self.sigma)
        self.duels, self.drift, self.day = self.duels + 1, drift, day


@dataclass
class Eye:
    """How many gold pairs of a kind a voter has been asked so far, and how many of them they had right."""

    asked: int = 0
    right: int = 0

    def weight(self) -> float:
        """How much their duels weigh now: 1 when all were right, 0 when half of them or fewer."""
        return max(0.0, 2 * (self.right + TRUST) / (self.asked + TRUST) - 1)


def fight_duels(entries: list[Entry], aside: set[tuple[str, str]]) -> dict[str, Place]:
    """For each work, where all duels that stand leave it; those with a value are of a challenge and move no ladder."""
    undone = {entry["value"] for entry in entries if entry["act"] == "undo"}
    places: dict[str, Place] = defaultdict(Place)
    eyes: dict[tuple[str, str], Eye] = defaultdict(Eye)
    for entry in entries:
        voter, eye = entry["voter"], eyes[entry["voter"], entry["kind"]]
        if entry["act"] == "gold" and entry["value"]:
            eye.asked, eye.right = eye.asked + 1, eye.right + int(entry["value"])
        elif entry["act"] in ("left", "right") and not entry["value"] and entry["seq"] not in undone:
            pair = [places[entry["work"]], places[entry["rival"]]]
            counts = not aside & {(voter, ""), (voter, entry["work"]), (voter, entry["rival"])}
            if counts:
                fight(pair if entry["act"] == "left" else pair[::-1], entry, eye.weight())
    return places


def fight(pair: list[Place], entry: Entry, weight: float) -> None:
    """One duel: the first of the two was chosen, by somebody of that weight."""
    rated = MODEL.rate([[MODEL.rating(mu=one.mu, sigma=one.sigma)] for one in pair])
    for one, [new] in zip(pair, rated, strict=True):
        one.move(new.mu, new.sigma, young=entry["young"] == "1", day=entry["minute"][:10], share=weight)


def main() -> int:
    """0 when all agrees, 1 when a score does not."""
    votes, scores = map(Path, sys.argv[1:3])
    stored = list(csv.DictReader(scores.read_text(encoding="utf-8").splitlines()))
    entries = [entry for entry in check_chain(votes) if stored and int(entry["seq"]) <= int(stored[0]["as_of"])]
    aside = find_aside(entries)
    stars, places = count_stars(entries, aside), fight_duels(entries, aside)
    wrong = 0
    for row in stored:
        given, place = stars.get(row["work"], []), places[row["work"]]
        score = (WEIGHT * MEAN + sum(given)) / (WEIGHT + len(given))
        counted = (len(given), score, place.mu, place.sigma, place.duels)
        said = [float(row[name]) for name in ("votes", "score", "mu", "sigma", "duels")]
        if not all(math.isclose(one, other, rel_tol=1e-9) for one, other in zip(counted, said, strict=True)):
            wrong += 1
            print(f"work {row['work']}: the votes come to {counted}, the gallery says {said}")
    print(f"{len(entries)} entries, one chain; {len(stored)} works, {wrong} scores that differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
