"""The command line of the gallery: `python -m gallery serve | sweep | backup | restore | doctor | curator | …`.

Thin: it parses, calls a journey and prints; a bad setting or an unusable home is one sentence and exit code 2.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from getpass import getpass
from pathlib import Path
from typing import get_args

from tqdm import tqdm

from db import WorkKind
from gallery.errors import CannotWrite, GalleryError, OtherPassword
from gallery.files import GRACE_S
from gallery.journeys import (
    House,
    accounts,
    bring_in,
    doctor,
    find,
    keep,
    ledger,
    open_house,
    preserve,
    press,
    say,
    take_out,
    taste,
)
from gallery.journeys.trash import DAYS
from gallery.settings import Settings, SettingsError
from gallery.texts import load_texts
from models.engine import Engine

COMMANDS = ("serve", "sweep", "backup", "restore", "doctor", "curator", "export", "import", "secret", "taste")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit code: 0, 1 for what does not agree, 2 for what its user can mend."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.make({name: getattr(options, name) for name in ("home", "host", "port", "language")})
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        return _run(options, settings)
    except CannotWrite as error:  # visitors are told of their drafts, but whoever starts it has none
        print(load_texts().say("cli.no_home", settings.language, **error.values), file=sys.stderr)
        return 2
    except GalleryError as error:
        print(say(error, settings.language), file=sys.stderr)
        return 2


def _run(options: argparse.Namespace, settings: Settings) -> int:
    match options.command:
        case "serve":
            return _serve(settings)
        case "sweep":
            return _sweep(settings, remove=options.remove)
        case "backup" | "restore":
            return _carry(settings, options.command, options.file)
        case "curator":
            return _curator(settings, options)
        case "secret":
            return _secret(settings, forget=options.forget)
        case "taste":
            return _taste(settings)
        case "export" | "import":
            return (_export if options.command == "export" else _import)(settings, options)
        case _ if options.ratings:
            return _doctor_of_ratings(settings)
        case _ if options.wall or options.rebuild_wall:
            return _doctor_of_wall(settings, rebuild=options.rebuild_wall)
        case _:
            return _doctor(settings, mend=options.repair)


def _parser() -> argparse.ArgumentParser:
    texts = load_texts()

    def both(key: str) -> str:
        return f"{texts.say(key, 'zh')} / {texts.say(key, 'en')}"

    parser = argparse.ArgumentParser(prog="python -m gallery", description=both("cli.about"))
    commands = parser.add_subparsers(dest="command", required=True)
    made = {name: commands.add_parser(name, help=both(f"cli.{name}")) for name in COMMANDS}
    made["sweep"].add_argument("--remove", action="store_true", help=both("cli.sweep_remove"))
    for name in ("backup", "restore"):
        made[name].add_argument("file", type=Path, help=both(f"cli.{name}_file"))
    made["curator"].add_argument("act", choices=("add", "passwd", "disable", "list"), help=both("cli.curator_act"))
    made["curator"].add_argument("name", nargs="?", default="", help=both("cli.curator_name"))
    made["curator"].add_argument(
        "--role", choices=("curator", "keeper"), default="curator", help=both("cli.curator_role")
    )
    made["secret"].add_argument("--forget", action="store_true", help=both("cli.secret_forget"))
    _add_carrying(made, both)
    either = made["doctor"].add_mutually_exclusive_group()
    either.add_argument("--ratings", action="store_true", help=both("cli.doctor_ratings"))
    for what in ("wall", "rebuild-wall"):
        either.add_argument(f"--{what}", action="store_true", help=both(f"cli.doctor_{what.replace('-', '_')}"))
    either.add_argument("--repair", action="store_true", help=both("cli.doctor_repair"))
    for name, command in made.items():
        for setting in ("home", "host", "port", "language") if name == "serve" else ("home", "language"):
            command.add_argument(f"--{setting}", help=Settings.model_fields[setting].description)
        if name != "serve":
            command.set_defaults(host=None, port=None)
    return parser


def _add_carrying(made: Mapping[str, argparse.ArgumentParser], both: Callable[[str], str]) -> None:
    """The options of export and import."""
    made["export"].add_argument("file", type=Path, help=both("cli.export_file"))
    made["export"].add_argument("--as", dest="form", choices=tuple(take_out.FORMS), help=both("cli.export_as"))
    what = made["export"].add_mutually_exclusive_group(required=True)
    for name in ("collection", "show", "search"):
        what.add_argument(f"--{name}", help=both(f"cli.export_{name}"))
    made["export"].add_argument("--kind", choices=get_args(WorkKind), help=both("cli.export_kind"))
    made["import"].add_argument("folder", type=Path, help=both("cli.import_folder"))


def _serve(settings: Settings) -> int:
    from gallery.web import serving  # brings gradio, which no other command waits for

    return serving.serve(settings)


def _sweep(settings: Settings, *, remove: bool) -> int:
    erased = keep.erase(settings, time.time(), remove=remove)
    if erased:
        _say(settings, "erased" if remove else "to_erase", count=erased, days=DAYS)
    found = keep.sweep(settings, remove=remove)
    count = len(found.orphans) + len(found.leftovers)
    key = "swept_nothing" if not count else "swept_removed" if remove else "swept_found"
    _say(settings, key, count=count, size=found.size, minutes=GRACE_S // 60)
    return 0


def _secret(settings: Settings, *, forget: bool) -> int:
    with keep.alone(settings):
        keep.renew_secret(settings, time.time(), at_once=True, forget=forget)
    _say(settings, "secret_forgotten" if forget else "secret_renewed")
    return 0


def _taste(settings: Settings) -> int:
    """Learns what visitors prefer, and says how well."""
    learnt = taste.learn_all(settings, time.time_ns() // 1_000_000, anew=True)
    for kind, found in learnt.items():
        what = load_texts().say(f"kind.{kind}", settings.language)
        if found.trial is None:
            _say(settings, "taste_early", kind=what, duels=int(found.voices), enough=taste.ENOUGH)
            continue
        shares = {name: round(100 * getattr(found.trial, name)) for name in ("right", "low", "high", "older")}
        _say(settings, "taste_learnt", kind=what, duels=found.duels, pairs=found.trial.pairs, **shares)
    if not learnt:
        _say(settings, "taste_none")
    return 0


def _carry(settings: Settings, command: str, file: Path) -> int:
    with _progress() as show:
        found = (preserve.back_up if command == "backup" else preserve.restore)(settings, file, show)
    place = file if command == "backup" else settings.home
    _say(settings, f"{command}_done", place=place, works=found.works, files=found.files, size=found.size)
    return 0


def _doctor_of_ratings(settings: Settings) -> int:
    """1 when a score is not what the votes come to."""
    proof = ledger.prove(settings)
    for fault in proof.faults:
        print(load_texts().say(fault.key, settings.language, **fault.values))
    key = "doctor_ill" if proof.faults else "doctor_well"
    _say(settings, key, entries=proof.entries, works=proof.works, faults=len(proof.faults))
    return 1 if proof.faults else 0


def _doctor_of_wall(settings: Settings, *, rebuild: bool) -> int:
    """1 when the index of the wall is not what the works come to."""
    found = keep.examine(settings, rebuild=rebuild)
    values = {"works": found.works, "ailing": len(found.ailing), "cells": found.cells}
    print(load_texts().say("cli.wall_well" if found.well else "cli.wall_ill", settings.language, **values))
    return 0 if found.well else 1


def _doctor(settings: Settings, *, mend: bool) -> int:
    """1 when anything is ill, or is still so after the repair."""
    engine = Engine(devices=(settings.device,), queue_size=settings.queue_size)  # starts only if a picture is needed
    with keep.alone(settings) if mend else nullcontext(), engine, closing(open_house(settings, engine)) as house:
        with _progress() as show:
            found = doctor.examine(house, show)
        for finding in found.findings:
            told = load_texts().say(finding.fault.key, settings.language, **finding.fault.values)
            print(told, load_texts().say("cli.ill_mendable", settings.language) if finding.mendable else "")
        if not found.findings:
            proof = found.proof
            _say(settings, "house_well", works=found.works, entries=proof.entries)
            return 0
        return _mend(settings, house, found) if mend else _advise(settings, found)


def _advise(settings: Settings, found: doctor.Examination) -> int:
    mendable = sum(finding.mendable for finding in found.findings)
    _say(settings, "house_ill", works=found.works, faults=len(found.findings), mendable=mendable)
    return 1


def _mend(settings: Settings, house: House, found: doctor.Examination) -> int:
    with _progress() as show:
        done = doctor.repair(house, found, show)
    _say(settings, "mended", mended=len(done.mended), left=len(done.left), kept=done.kept or "-")
    return 1 if done.left else 0


def _curator(settings: Settings, options: argparse.Namespace) -> int:
    name = options.name if options.act == "list" else accounts.check_name(options.name)
    match options.act:
        case "add":
            password = _ask_password(settings)
            accounts.add(settings, name, password, options.role, time.time_ns() // 1_000_000)
            _say(
                settings,
                "curator_added",
                name=name,
                role=load_texts().say(f"desk.role_{options.role}", settings.language),
            )
        case "passwd":
            accounts.change_password(settings, name, _ask_password(settings))
            _say(settings, "curator_changed", name=name)
        case "disable":
            accounts.disable(settings, name)
            _say(settings, "curator_disabled", name=name)
        case _:
            _list_curators(settings)
    return 0


def _export(settings: Settings, options: argparse.Namespace) -> int:
    """Whoever may use the command line may take out what a keeper may."""
    ending = {suffix: form for form, suffix in reversed(take_out.FORMS.items())}
    form = options.form or ending.get(options.file.suffix.removeprefix("."), "folder")
    with _house(settings) as house, _progress() as show:
        source = _source(house, options)
        order = press.Order(source, form, settings.language, options.show or "")
        count, size = press.write_file(house, order, options.file, show)
    _say(settings, "export_done", count=count, file=options.file, size=size)
    return 0


def _source(house: House, options: argparse.Namespace) -> take_out.Source:
    language = house.settings.language
    if options.collection is not None:
        return take_out.of_collection(house, options.collection, accounts.Curator("", "keeper"), language)
    if options.show is not None:
        return take_out.of_show(house, options.show, language)
    return take_out.of_search(house, find.Wish(q=options.search, kind=options.kind))


def _import(settings: Settings, options: argparse.Namespace) -> int:
    with _house(settings) as house, _progress() as show:
        found = bring_in.bring_in(house, options.folder, show)
    _say(settings, "import_done", added=found.added, known=found.known)
    if found.left:
        _say(settings, "import_left", count=len(found.left), names=", ".join(found.left[:20]))
    return 0


@contextmanager
def _house(settings: Settings) -> Iterator[House]:
    """The open house; its engine starts only if something is made."""
    engine = Engine(devices=(settings.device,), queue_size=settings.queue_size)
    with engine, closing(open_house(settings, engine)) as house:
        yield house


def _list_curators(settings: Settings) -> None:
    known = accounts.everyone(settings)
    for one in known:
        shut = load_texts().say("desk.is_disabled", settings.language) if one.disabled else ""
        print(one.name, load_texts().say(f"desk.role_{one.role}", settings.language), shut)
    if not known:
        _say(settings, "curator_none")


def _ask_password(settings: Settings) -> str:
    """Asked twice on a terminal, else the first line of the input; never an argument, which others could see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    asked = [getpass(load_texts().say(f"cli.curator_{which}", settings.language)) for which in ("ask", "again")]
    if asked[0] != asked[1]:
        raise OtherPassword()
    return asked[0]


def _say(settings: Settings, key: str, **values: object) -> None:
    print(load_texts().say(f"cli.{key}", settings.language, **values))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal, where there is one."""
    with tqdm(leave=False, disable=None) as bar:

        def show(done: int, total: int) -> None:
            bar.total, bar.n = total, done
            bar.update(0)

        yield show


if __name__ == "__main__":
    sys.exit(main())
