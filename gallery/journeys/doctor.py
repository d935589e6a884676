"""Doctor: is everything in the house as it should be, and what could be mended; nothing is touched unless told to.

It looks at the database (SQLite's own check), at every file that a work needs (there, and what its name promises), at
the recipes, at the counts and the index of the wall, and at the scores, which must be what the log of votes comes to
(ledger.py).

What can be mended: a thumbnail is drawn again from its picture; a picture is **made again from its recipe** and put
back only if it is the same to the last byte; counts and scores are worked out again. Before the first change the
database is copied beside itself, and a damaged file is set aside, not deleted, so that every repair can be taken back.
Where more is ill than a few works, nothing is mended: then a backup is the honest way.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import db
from db import FileNeeds
from gallery import errors
from gallery.files import name_of
from gallery.images import BadImage, Pixels, decode, encode_png, thumbnail
from gallery.journeys import House, cook, ledger, mount, outcome, standings, store_errors
from gallery.journeys.ledger import Fault
from gallery.journeys.rate import STARS_PRIOR
from models.recipe import Picture, Recipe

MOST = 0.05  # of all works may be ill; more is a disk or a hand, not an accident
ALWAYS = 20  # ill works that are mended in any case
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class Finding:
    """Something ill: the sentence that says it, what is ill about which work, and whether it can be mended here."""

    fault: Fault
    what: str  # database, picture, thumb, recipe, counts, wall, stars, duels, chain
    work: int = 0
    mendable: bool = True


@dataclass(frozen=True)
class Examination:
    """How many works were looked at, and what is ill."""

    works: int
    findings: tuple[Finding, ...]
    proof: ledger.Proof


@dataclass(frozen=True)
class Repair:
    """What was mended, what was not, and where the database as it was before is kept."""

    mended: tuple[Finding, ...]
    left: tuple[Finding, ...]
    kept: Path | None


class _StillIll(Exception):
    """The numbers do not agree even when they are worked out again; what was written is rolled back."""


@dataclass
class _Round:
    """One walk through the works."""

    house: House
    works: int = 0
    findings: list[Finding] = field(default_factory=list)

    def find(self, key: str, what: str, work: int = 0, *, mendable: bool = True, **values: object) -> None:
        told = {"work": work, **values} if work else values
        self.findings.append(Finding(Fault(f"cli.{key}", told), what, work, mendable))


def examine(house: House, on_progress: OnProgress = lambda done, total: None) -> Examination:
    """Looks at everything and changes nothing; on_progress(works done, works in all). Raises StoreTrouble."""
    walk = _Round(house)
    with store_errors(house.settings.home), house.db.reading() as tx:
        for problem in db.backup.problems(tx):
            walk.find("ill_database", "database", mendable=False, problem=problem)
        known = db.health.true_counts(tx)
        if known != db.works.counts(tx):
            walk.find("ill_counts", "counts")
        index = db.search.examine(tx)
        if not index.well:
            walk.find("ill_wall", "wall", count=len(index.works) + index.cells)
        total = sum(known.values())
        for needs in db.health.file_needs(tx):
            on_progress(walk.works, total)
            walk.works += 1
            _look_at(walk, needs)
        proof = ledger.prove_in(tx)
    for fault in proof.faults:
        what = fault.key.removeprefix("cli.doctor_")
        work = fault.values.get("work")
        walk.findings.append(Finding(fault, what, work if isinstance(work, int) else 0, what != "chain"))
    return Examination(walk.works, tuple(walk.findings), proof)


def repair(house: House, found: Examination, on_progress: OnProgress = lambda done, total: None) -> Repair:
    """Mends what can be mended; a picture waits for the engine. Raises TooIll (nothing touched), StoreTrouble."""
    most = max(ALWAYS, round(MOST * found.works))
    if len(found.findings) > most:
        raise errors.TooIll(len(found.findings), most)
    todo = [finding for finding in found.findings if finding.mendable]
    if not todo:
        return Repair((), found.findings, None)
    kept = house.settings.home / time.strftime("gallery.sqlite.before-repair-%Y%m%d-%H%M%S", time.gmtime())
    with store_errors(house.settings.home):
        db.backup.copy_database(house.db.engine, kept)
        mended = _mend_all(house, todo, on_progress)
    return Repair(tuple(mended), tuple(finding for finding in found.findings if finding not in mended), kept)


def _files_of(needs: FileNeeds) -> tuple[tuple[str, str | None], ...]:
    return tuple((name, getattr(needs, name)) for name in _FILES)


def _look_at(walk: _Round, needs: FileNeeds) -> None:
    """A work's files and recipe."""
    try:
        Recipe.from_json(needs.recipe)
    except ValueError:
        walk.find("ill_recipe", "recipe", needs.id, mendable=False)
    for what, name in _files_of(needs):
        if name is not None and not walk.house.files.verify(name):
            there = walk.house.files.path(name).exists()
            walk.find("ill_broken" if there else "ill_missing", what, needs.id, file=name)


def _mend_all(house: House, todo: list[Finding], on_progress: OnProgress) -> list[Finding]:
    """Those that are well now: files one by one, pictures before the thumbnails drawn from them; numbers at once."""
    of = {what: [finding for finding in todo if finding.what == what] for what in (*_FILES, *_NUMBERS)}
    mended: list[Finding] = []
    for done, finding in enumerate(finding for what in _FILES for finding in of[what]):
        on_progress(done, len(todo))
        mended += [finding] if _mend_file(house, finding) else []
    if any(finding.what == "wall" for finding in todo):
        mended += _rebuild(house, todo)
    for what, write in _NUMBERS.items():
        if of[what] and _write(house, what, write):
            mended += of[what]
    on_progress(len(todo), len(todo))
    return mended


def _rebuild(house: House, todo: list[Finding]) -> list[Finding]:
    """The wall's index, made anew from the works."""
    db.search.rebuild(house.db)
    with house.db.reading() as tx:
        well = db.search.examine(tx).well
    return [finding for finding in todo if finding.what == "wall"] if well else []


def _write(house: House, what: str, write: Callable[[db.Tx], None]) -> bool:
    """Whether the numbers agree with the log once they are worked out again; else they stay as they were."""
    try:
        with house.db.writing() as tx:
            write(tx)
            if any(fault.key == f"cli.doctor_{what}" for fault in ledger.prove_in(tx).faults):
                raise _StillIll
    except _StillIll:
        return False
    return True


def _mend_file(house: House, finding: Finding) -> bool:
    name = str(finding.fault.values["file"])
    with house.db.reading() as tx:
        work = db.health.needs_of(tx, finding.work)
    if work is None or work.picture is None:
        return False
    if house.files.verify(name):  # another work's repair has brought it back
        return True
    try:
        if finding.what == "thumb":
            content = thumbnail(decode(house.files.read(work.picture)))
        else:
            made = _made_again(house, work.recipe, finding.what)
            if made is None or name_of(made) != name:
                return False
            content = made
    except (OSError, BadImage, errors.GalleryError):
        return False
    house.files.set_aside(name)  # not before there is something to put in its place
    kept = house.files.put(content)
    if finding.what == "thumb":
        with house.db.writing() as tx:
            db.health.set_thumb(tx, work.id, kept)
    return True


def _made_again(house: House, recipe_json: str, what: str) -> bytes | None:
    """The file of a picture, or one of a film's, as its recipe makes it now; None where that is no longer possible."""
    recipe = Recipe.from_json(recipe_json)
    if not mount.is_current(house, recipe):
        return None
    results = [outcome(house, cook(house, part)) for part in mount.parts_of(recipe)]
    made = mount.finished(house, recipe, results)
    if not isinstance(made, Picture):
        return None
    if isinstance(made, mount.Film) and what in ("film", "loop"):
        return made.cut.mp4 if what == "film" else made.cut.webp
    return encode_png(Pixels(made.pixels, made.width, made.height), recipe=recipe_json)


def _recount(tx: db.Tx) -> None:
    """Every tally from the ratings."""
    for found in db.ratings.recount(tx, prior=STARS_PRIOR):
        db.health.set_tally(tx, found.work, found.counted)


def _replay(tx: db.Tx) -> None:
    """Every standing from the duels of the log."""
    db.health.set_standings(tx, {work: db.State(*state) for work, state in standings.all_anew(tx).items()})


def _put_aside(tx: db.Tx) -> None:
    """Whose votes are set aside, from the entries of the log."""
    db.ballots.put_aside(tx, ledger.aside_by_log(tx))


def _count(tx: db.Tx) -> None:
    """How many works of each kind can be seen."""
    db.health.set_counts(tx, db.health.true_counts(tx))


_FILES = ("picture", "thumb", "film", "loop")  # a thumbnail is drawn from the picture
# in this order: what counts of stars and duels follows from whose are set aside
_NUMBERS: dict[str, Callable[[db.Tx], None]] = {
    "counts": _count,
    "aside": _put_aside,
    "stars": _recount,
    "duels": _replay,
}
