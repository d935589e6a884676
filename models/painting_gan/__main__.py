"""Command line of the painter: python -m models.painting_gan train | ablate | sample | evaluate | shelve | export | …

Parses and calls; what is wrong with an option or a file is one sentence and exit code 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import Card, catalogue, load, shelve
from models.recipe import Picture, RecipeError, UnknownInput

if TYPE_CHECKING:
    from models.painting_gan.enlarging import Losses
    from models.painting_gan.train import Report


def _card(label: str) -> Card:
    """The card of the painter of that subject; raises UnknownInput."""
    painters = [card for card in catalogue() if card.kind == "painting"]
    known = [name for card in painters for name in card.facts["asks"]["labels"]]
    if label not in known:
        raise UnknownInput(f"subject {label!r}: choose one of {', '.join(known)}", allowed=known)
    return next(card for card in painters if label in card.facts["asks"]["labels"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.painting_gan", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="play the game; the same command goes on after a kill")
    train.add_argument("--data", type=Path, required=True, help="folder with one folder of pictures per subject")
    train.add_argument("--run", type=Path, required=True, help="where checkpoints, curves and grids go")
    train.add_argument("--size", type=int, default=64, choices=(64, 128, 256))
    train.add_argument("--label", default="shanshui")
    for name, kind in (("images", int), ("batch", int), ("rate", float), ("flat", float), ("seed", int)):
        train.add_argument(f"--{name}", type=kind)
    train.add_argument("--augmentation", type=float, help="share of the pictures that are augmented; 1 by itself")
    train.add_argument("--cutout", type=float, help="share of the pictures that lose a square besides; 0 by itself")
    train.add_argument("--start", help="shipped weights to begin a new run with, of this size or half of it")
    train.add_argument(
        "--bfloat16",
        action=argparse.BooleanOptionalAction,
        help="products in bfloat16; on by itself where the processor has instructions for it",
    )
    train.add_argument("--device", choices=("cpu", "cuda"), help="cuda: see on_gpu.py")
    train.add_argument("--seconds", type=float, help="budget in time in place of --images; the rate falls by it")
    train.add_argument("--evaluate-every", type=int, help="images between evaluations")
    train.add_argument("--judged", type=int, help="pictures per evaluation")
    train.add_argument("--threads", type=int, default=1)
    ablate = commands.add_parser("ablate", help="what each part of the recipe brings; goes on after a kill")
    ablate.add_argument("--data", type=Path, required=True, help="folder with one folder of pictures per subject")
    ablate.add_argument("--run", type=Path, required=True, help="where checkpoints, grids and the table go")
    ablate.add_argument("--label", default="shanshui")
    ablate.add_argument("--minutes", type=float, default=9.0, help="CPU time that each variant trains")
    ablate.add_argument("--judged", type=int, default=1000, help="pictures by which each is judged")
    ablate.add_argument("--figures", type=Path, help="folder for a picture of all the grids, as WebP")
    sample = commands.add_parser("sample", help="paint; the same seed gives the same bytes")
    sample.add_argument("--seed", type=int, required=True)
    sample.add_argument("--count", type=int, default=1)
    sample.add_argument("--label", default="shanshui")
    sample.add_argument("--truncation", type=float, default=1.0)
    sample.add_argument("--out", type=Path, required=True)
    evaluate = commands.add_parser("evaluate", help="one JSON line: fd, kid, their floors, diversity, copying")
    evaluate.add_argument("--real", type=Path, required=True, help="folder of the training paintings")
    evaluate.add_argument("--held-out", type=Path, help="folder never trained on, in place of the validation split")
    evaluate.add_argument("--label", default="shanshui")
    evaluate.add_argument("--count", type=int, default=1000)
    shelf = commands.add_parser("shelve", help="keep what ships now, so that its works can be made again")
    shelf.add_argument("--label", default="shanshui")
    export = commands.add_parser("export", help="the best generator of a run -> models/weights and its card")
    export.add_argument("--run", type=Path, required=True)
    export.add_argument("--device", default="cpu", choices=("cpu", "cuda"), help="where to measure")
    export.add_argument("--figures", type=Path, help="folder for the curve and an uncurated grid, as WebP")
    _add_enlarger(commands)
    return parser


def _add_enlarger(commands: Any) -> None:
    enlarger = commands.add_parser("enlarger", help="teach the enlarger, or put a run's into the shipped weights")
    enlarger.add_argument("--data", type=Path, required=True, help="folder with one folder of pictures per subject")
    enlarger.add_argument("--run", type=Path, required=True, help="where checkpoints and pairs of pictures go")
    enlarger.add_argument("--label", default="shanshui")
    for name, kind in (("patches", int), ("batch", int), ("rate", float), ("seed", int), ("blocks", int)):
        enlarger.add_argument(f"--{name}", type=kind)
    enlarger.add_argument("--channels", type=int, nargs="+", help="of its maps at 1, 2 (and 4) times the side")
    enlarger.add_argument("--threads", type=int, default=1)
    enlarger.add_argument("--export", action="store_true", help="do not train: ship what the run has, and judge it")
    enlarger.add_argument("--figures", type=Path, help="with --export: folder for pictures before and after, as WebP")


def _train(args: argparse.Namespace) -> int:
    import torch

    from models.bfloat16 import multiplies_bfloat16
    from models.painting_gan.train import Options, train

    torch.set_num_threads(args.threads)
    known = {f.name for f in fields(Options)}
    given = {k: v for k, v in vars(args).items() if k in known and v is not None}
    fast = args.device == "cuda" or multiplies_bfloat16()
    wanted: dict[str, Any] = {"bfloat16": fast, **given, "data": str(args.data)}
    options = Options(**wanted)
    train(options, args.run, show=_progress(options.images))
    return 0


def _progress(total: int) -> Callable[[Report], None]:
    from tqdm import tqdm

    bar = tqdm(total=total, unit="img", unit_scale=True)

    def show(report: Report) -> None:
        bar.update(report.images - bar.n)
        held_back = {"kid held out": f"{report.scores.kid_validation:.4f}"} if report.scores else {}
        bar.set_postfix({"D": f"{report.loss_d:.2f}", "G": f"{report.loss_g:.2f}"} | held_back)

    return show


def _ablate(args: argparse.Namespace) -> int:
    import torch

    from models.bfloat16 import multiplies_bfloat16
    from models.painting_gan import plots
    from models.painting_gan.ablation import ablate, table
    from models.painting_gan.train import Options

    if args.minutes <= 0:
        raise ValueError("--minutes must be more than nothing, or nobody learns anything")
    torch.set_num_threads(1)
    options = Options(
        data=str(args.data),
        label=args.label,
        flat=1 / 3,
        judged=args.judged,
        bfloat16=multiplies_bfloat16(),
        seconds=60 * args.minutes,
    )
    results = ablate(options, args.run, show=lambda name, share: print(f"{name} {share:.0%}", file=sys.stderr))
    print(table(results, options), end="")
    if args.figures is not None:
        plots.save_webp(args.run / "grids.png", args.figures / f"{_card(args.label).name}-ablation.webp", scale=2)
    return 0


def _sample(args: argparse.Namespace) -> int:
    from PIL import Image

    from models.painting_gan.wishes import recipe

    card = _card(args.label)
    wishes = [
        recipe(card=card, label=args.label, seed=args.seed + i, truncation=args.truncation) for i in range(args.count)
    ]
    args.out.mkdir(parents=True, exist_ok=True)
    pictures = load(card).run(wishes, lambda i, stage: None, lambda i: False)
    for wish, picture in zip(wishes, pictures, strict=True):
        assert isinstance(picture, Picture)  # noqa: S101 (a painter's result; for the type checker)
        path = args.out / f"{args.label}-{wish.seed}.png"
        Image.frombytes("RGB", (picture.width, picture.height), picture.pixels).save(path)
        print(path)
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    from models import check_weights
    from models.painting_gan.dataset import Paintings, find_pictures, open_split
    from models.painting_gan.evaluate import Judge
    from models.painting_gan.networks import GeneratorConfig
    from models.painting_gan.sample import open_generator

    card = _card(args.label)
    check_weights(card)
    config = GeneratorConfig(**card.facts["architecture"])
    learn, hold = open_split(args.real, args.label, config.side)
    if args.held_out:
        hold = Paintings.open(find_pictures(args.held_out, args.label), config.side)
    scores = Judge(learn, hold, count=args.count).score(open_generator(card.weights, config))
    print(json.dumps(asdict(scores)))
    return 0


def _shelve(args: argparse.Namespace) -> int:
    print(shelve(_card(args.label)).weights)
    return 0


def _export(args: argparse.Namespace) -> int:
    from models.painting_gan.export import export

    label = json.loads((args.run / "options.json").read_text(encoding="utf-8"))["label"]
    print(json.dumps(asdict(export(args.run, _card(label), args.figures, device=args.device))))
    return 0


def _enlarger(args: argparse.Namespace) -> int:
    import torch

    from models import check_weights
    from models.painting_gan import enlarging
    from models.painting_gan.dataset import PATCH, open_split
    from models.painting_gan.export import export_enlarger
    from models.painting_gan.networks import GeneratorConfig
    from models.painting_gan.sample import open_generator

    card = _card(args.label)
    check_weights(card)
    torch.set_num_threads(args.threads)
    if args.export:
        print(json.dumps(asdict(export_enlarger(args.run, card, args.data, args.figures))))
        return 0
    known = {f.name for f in fields(enlarging.Options)}
    given = {k: v for k, v in vars(args).items() if k in known and v is not None}
    options = enlarging.Options(**given | {"channels": tuple(given["channels"])} if "channels" in given else given)
    generator = open_generator(card.weights, GeneratorConfig(**card.facts["architecture"]))
    learn, _ = open_split(args.data, args.label, PATCH)
    enlarging.train(options, args.run, learn, generator, show=_patches(options.patches))
    return 0


def _patches(total: int) -> Callable[[Losses], None]:
    from tqdm import tqdm

    bar = tqdm(total=total, unit="patch", unit_scale=True)

    def show(losses: Losses) -> None:
        bar.update(losses.patches - bar.n)
        bar.set_postfix(pixels=f"{losses.pixels:.4f}", features=f"{losses.features:.3f}", D=f"{losses.told:.2f}")

    return show


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 2 with one sentence when what is asked cannot be done."""
    args = _parser().parse_args(argv)
    commands = {
        "train": _train,
        "ablate": _ablate,
        "sample": _sample,
        "evaluate": _evaluate,
        "shelve": _shelve,
        "export": _export,
        "enlarger": _enlarger,
    }
    try:
        return commands[args.command](args)
    except (RecipeError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
