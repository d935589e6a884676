"""Training: one loop, its schedule and its checkpoints.

Cross-entropy of every character of whole poems, AdamW (Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101), a
learning rate that warms up, stays and falls linearly to nothing over the last part of the budget (warm-up, stable,
decay: Hu et al. 2024, https://arxiv.org/abs/2404.06395). Because it stays, the budget `characters` may be changed when
a run is resumed; the state before the fall is kept in `plateau.safetensors`, from which a longer run can go on.

A run may start from given weights instead of from chance (`start`), which it widens if it is wider itself (grow.py).
Against learning poems by heart it may drop features (`dropout`) and, as long as the rate is high, read pieces of longer
poems, which are of none of the four forms (`more_until`). On processors that multiply bfloat16 faster, products of
matrices use it (autocast; 1.6 times as fast on AVX512-BF16); weights, recurrence, softmax and optimiser stay in single
precision.

A checkpoint holds network, optimiser and counters; all randomness depends on the seed and the counters, so that a run
that was killed goes on to the very same weights (on one thread of a CPU, bit for bit). What is measured is in
evaluate.py, what is written into the run's folder in journal.py.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from tqdm import tqdm

from models import checkpoint
from models.poem_rnn.dataset import MORE, Batch, Data, Ints, Poems, asked, batches, chance_for
from models.poem_rnn.evaluate import form_only
from models.poem_rnn.grow import widen
from models.poem_rnn.journal import Journal
from models.poem_rnn.network import PoemRnn, PoemRnnConfig
from models.poem_rnn.prosody import rhyme_book
from models.poem_rnn.weights import read_weights

LAST, PLATEAU, BEST = "last.safetensors", "plateau.safetensors", "best.safetensors"
COUNTERS = ("step", "characters", "epoch", "index", "seconds", "evaluated", "best")


class CannotStart(ValueError):
    """The weights that a run should start from do not fit it; the message says what to do."""


@dataclass(frozen=True)
class Options:
    """What decides a run; written to options.json. Lengths are in characters read, `characters` is the whole budget."""

    characters: int = 14_000_000
    seed: int = 0
    batch: int = 1024  # characters of one form in one product
    grow_at: int = 6_000_000  # from here on, two batches a step
    rate: float = 4e-3
    warm_up: int = 100_000
    decay: float = 0.28  # part of the budget over which the rate falls
    weight_decay: float = 0.01
    clip: float = 1.0
    evaluate_every: int = 500_000
    save_every: float = 300.0  # seconds
    embedding: int = 256
    hidden: int = 384
    layers: int = 4
    condition: int = 160
    start: str = ""  # a weights file to start from
    bfloat16: bool = False
    told: float = 0.6  # of so many poems anything but the form is told
    dropout: float = 0.0  # of what each layer and the softmax read
    more_until: float = 0.0  # pieces of longer poems are read over so much of the budget, then the four forms alone


@dataclass
class Run:
    """A training run in memory: what a checkpoint holds. `best` is the lowest validation perplexity so far."""

    network: PoemRnn
    optimiser: torch.optim.Optimizer
    step: int = 0
    characters: int = 0
    epoch: int = 0
    index: int = 0
    seconds: float = 0.0
    evaluated: int = 0
    best: float = float("inf")
    order: tuple[int, list[tuple[str, Ints]]] = (-1, [])  # an epoch's batches; made again, never saved


def learning_rate(options: Options, characters: int) -> float:
    """The rate after so many characters: warm-up, plateau, linear fall to nothing.

    >>> [round(learning_rate(Options(characters=100, warm_up=10, decay=0.5, rate=1.0), c), 2) for c in (5, 30, 75, 100)]
    [0.5, 1.0, 0.5, 0.0]
    """
    fall = options.decay * options.characters
    left = max(options.characters - characters, 0)
    return options.rate * min(1.0, characters / options.warm_up, left / fall)


def new_network(data: Data, options: Options) -> PoemRnn:
    """A network of the options' size with the tables of sounds and the unigram biases of the data, from the seed."""
    torch.manual_seed(options.seed)
    book, characters = rhyme_book(), data.vocabulary.characters
    config = PoemRnnConfig(
        characters=characters,
        counts=tuple(data.counts),
        doubled=data.doubled,
        rare_kinds=data.rare_kinds,
        groups=len(book.names),
        authors=len(data.authors),
        embedding=options.embedding,
        hidden=options.hidden,
        layers=options.layers,
        condition=options.condition,
        cutoffs=(min(800, len(characters) // 3), min(2500, len(characters) * 2 // 3)),
        shapes=tuple(data.shapes.items()),
        parts=data.parts,
    )
    network = PoemRnn(config)
    kinds = {"平": 0, "仄": 1, "两": 2, "？": 3}
    groups_of = [sorted(book.groups(character)) for character in characters]
    network.learn_sounds(groups_of, [kinds[book.tone(character)] for character in characters], data.counts)
    return network


def given_network(data: Data, options: Options) -> PoemRnn:
    """The network in the file `start`, as wide as the options say; raises CannotStart."""
    found = read_weights(Path(options.start))
    facts = found.config.characters, found.config.authors, found.config.layers, found.config.embedding
    if facts != (data.vocabulary.characters, len(data.authors), options.layers, options.embedding):
        raise CannotStart(
            f"{options.start} is of another vocabulary or depth: start from chance, or prepare its corpus"
        )
    if options.hidden < found.config.hidden:
        raise CannotStart(f"{options.start} has {found.config.hidden} units a layer: give at least as many to --hidden")
    network = widen(found, options.hidden, options.seed)
    network.requires_grad_(True)
    return network


def new_run(data: Data, options: Options) -> Run:
    """A run before its first step; matrices decay, vectors and biases do not. Raises CannotStart."""
    if options.more_until and MORE not in data.sides:
        raise CannotStart("these data hold no pieces of longer poems: prepare them again, or leave --more-until out")
    network = given_network(data, options) if options.start else new_network(data, options)
    network.train()
    network.dropout = options.dropout
    plain = [p for p in network.parameters() if p.ndim < 2]
    matrices = [p for p in network.parameters() if p.ndim >= 2]
    groups = [{"params": matrices, "weight_decay": options.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    return Run(network, torch.optim.AdamW(groups, lr=options.rate, betas=(0.9, 0.98), fused=True))


def next_batches(run: Run, data: Data, options: Options) -> Iterator[Batch]:
    """The batches of the next step, in the order that seed, epoch and index alone decide; advances the counters."""
    groups = run.network.config.groups
    for part in range(1 if run.characters < options.grow_at else 2):
        poems, rows = _next_poems(run, data, options)
        chance = chance_for(options.seed, run.step, part, 3)
        wishes = asked(poems, rows, data, groups, chance, options.told)
        yield Batch(poems.form, torch.from_numpy(poems.text[rows]), wishes)


def _next_poems(run: Run, data: Data, options: Options) -> tuple[Poems, Ints]:
    """The next poems of the epoch and the rows of a batch; pieces of longer poems are passed over once they end."""
    own, more = data.sides["train"], data.sides[MORE] if options.more_until else {}
    poems = own | {f"{form} {MORE}": found for form, found in more.items()}
    while True:
        if run.order[0] != run.epoch:
            run.order = (run.epoch, batches(poems, options.batch, options.seed, run.epoch))
        name, rows = run.order[1][run.index]
        run.index += 1
        if run.index == len(run.order[1]):
            run.epoch, run.index = run.epoch + 1, 0
        if name in own or run.characters < options.more_until * options.characters:
            return poems[name], rows


def train_step(run: Run, data: Data, options: Options) -> float:
    """One update; returns the mean loss in nats a character."""
    torch.manual_seed(options.seed * 1_000_003 + run.step)  # what is dropped depends on seed and step alone
    for group in run.optimiser.param_groups:
        group["lr"] = learning_rate(options, run.characters + options.batch // 2)
    run.optimiser.zero_grad()
    parts, loss, read = list(next_batches(run, data, options)), 0.0, 0
    total = sum(batch.text.numel() for batch in parts)
    for batch in parts:
        share = batch.text.numel() / total
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bfloat16):
            found = run.network(batch.text, form=batch.form, wishes=batch.wishes).loss * share
        found.backward()
        loss, read = loss + found.item(), read + batch.text.numel()
    torch.nn.utils.clip_grad_norm_(run.network.parameters(), options.clip)
    run.optimiser.step()
    run.step, run.characters = run.step + 1, run.characters + read
    return loss


def save_run(run: Run, path: Path) -> None:
    """Writes the checkpoint whole or not at all; the network's sizes travel with the counters."""
    checkpoint.save(
        path,
        networks={"network": run.network},
        optimizers={"optimiser": run.optimiser},
        counters={name: getattr(run, name) for name in COUNTERS} | {"config": run.network.config.to_dict()},
    )


def restore_run(run: Run, path: Path) -> None:
    """Puts the checkpoint's state into the run."""
    counters = checkpoint.restore(path, networks={"network": run.network}, optimizers={"optimiser": run.optimiser})
    for name in COUNTERS:
        setattr(run, name, counters[name])


def read_network(path: Path) -> PoemRnn:
    """The network of a checkpoint, ready to be measured."""
    network = PoemRnn(PoemRnnConfig(**checkpoint.read_counters(path)["config"]))
    network.load_state_dict(checkpoint.read_network(path, "network"))
    network.eval().requires_grad_(False)
    return network


def return_to_plateau(folder: Path) -> None:
    """Makes the run go on from before the learning rate fell; what came after is dropped."""
    (folder / BEST).unlink(missing_ok=True)
    (folder / LAST).write_bytes((folder / PLATEAU).read_bytes())


def train(data: Data, folder: Path, options: Options) -> Run:
    """Trains, or goes on training, in the folder until the budget is used; returns the run at its end."""
    journal = Journal(folder)
    journal.write_options(asdict(options))
    run = new_run(data, options)
    if (folder / LAST).exists():
        restore_run(run, folder / LAST)
        journal.cut(run.characters)
    saved, plateau = time.monotonic(), (1 - options.decay) * options.characters
    with tqdm(total=options.characters, initial=run.characters, unit="char", unit_scale=True, mininterval=5) as bar:
        while run.characters < options.characters:
            start, before = time.monotonic(), run.characters
            loss = train_step(run, data, options)
            run.seconds += time.monotonic() - start
            journal.add_step(run.characters, run.characters - before, time.monotonic() - start, loss)
            bar.update(run.characters - before)
            if before < plateau <= run.characters:
                save_run(run, folder / PLATEAU)
            if run.characters - run.evaluated >= options.evaluate_every or run.characters >= options.characters:
                bar.set_postfix(loss=f"{loss:.3f}", perplexity=f"{_evaluate(run, data, options, journal):.1f}")
                saved = float("-inf")
            if time.monotonic() - saved >= options.save_every:
                save_run(run, folder / LAST)
                saved = time.monotonic()
    return run


def _evaluate(run: Run, data: Data, options: Options, journal: Journal) -> float:
    """Measures on a fixed quarter of the validation side (at the end also on all of it); keeps the best weights."""
    found = form_only(run.network, data, side="validation", stride=4)
    run.evaluated = run.characters
    rate = learning_rate(options, run.characters)
    facts: dict[str, object] = {"step": run.step, "seconds": round(run.seconds, 1), "rate": rate}
    if run.characters >= options.characters:
        facts["whole_side"] = form_only(run.network, data, side="validation")
    journal.add_evaluation(characters=run.characters, perplexity=found, **facts)
    if found["all"] < run.best:
        run.best = found["all"]
        save_run(run, journal.folder / BEST)
    return found["all"]
