"""The command line of the gallery: `python -m gallery serve`, `sweep` and `doctor`.

Thin: it parses, calls a journey and prints; a bad setting or an unusable home is one sentence and exit code 2.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from gallery.errors import CannotWrite, GalleryError
from gallery.files import GRACE_S
from gallery.journeys import keep, ledger, say
from gallery.settings import Settings, SettingsError
from gallery.texts import load_texts


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
        case _ if options.ratings:
            return _doctor(settings)
        case _:
            return _examine(settings, rebuild=options.rebuild_wall)


def _parser() -> argparse.ArgumentParser:
    texts = load_texts()

    def both(key: str) -> str:
        return f"{texts.say(key, 'zh')} / {texts.say(key, 'en')}"

    parser = argparse.ArgumentParser(prog="python -m gallery", description=both("cli.about"))
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help=both("cli.serve"))
    sweep = commands.add_parser("sweep", help=both("cli.sweep"))
    sweep.add_argument("--remove", action="store_true", help=both("cli.sweep_remove"))
    doctor = commands.add_parser("doctor", help=both("cli.doctor"))
    asked = doctor.add_mutually_exclusive_group(required=True)
    for what in ("ratings", "wall", "rebuild-wall"):
        asked.add_argument(f"--{what}", action="store_true", help=both(f"cli.doctor_{what.replace('-', '_')}"))
    for command in (serve, sweep, doctor):
        for name in ("home", "host", "port", "language") if command is serve else ("home", "language"):
            command.add_argument(f"--{name}", help=Settings.model_fields[name].description)
    for command in (sweep, doctor):
        command.set_defaults(host=None, port=None)
    return parser


def _serve(settings: Settings) -> int:
    from gallery import web  # brings gradio, which no other command waits for

    return web.serve(settings)


def _sweep(settings: Settings, *, remove: bool) -> int:
    found = keep.sweep(settings, remove=remove)
    count = len(found.orphans) + len(found.leftovers)
    key = "cli.swept_nothing" if not count else "cli.swept_removed" if remove else "cli.swept_found"
    print(load_texts().say(key, settings.language, count=count, size=found.size, minutes=GRACE_S // 60))
    return 0


def _doctor(settings: Settings) -> int:
    """1 when a score is not what the votes come to."""
    proof = ledger.prove(settings)
    for fault in proof.faults:
        print(load_texts().say(fault.key, settings.language, **fault.values))
    key = "cli.doctor_ill" if proof.faults else "cli.doctor_well"
    values = {"entries": proof.entries, "works": proof.works, "faults": len(proof.faults)}
    print(load_texts().say(key, settings.language, **values))
    return 1 if proof.faults else 0


def _examine(settings: Settings, *, rebuild: bool) -> int:
    """1 when the index of the wall is not what the works come to."""
    found = keep.examine(settings, rebuild=rebuild)
    values = {"works": found.works, "ailing": len(found.ailing), "cells": found.cells}
    print(load_texts().say("cli.wall_well" if found.well else "cli.wall_ill", settings.language, **values))
    return 0 if found.well else 1


if __name__ == "__main__":
    sys.exit(main())
