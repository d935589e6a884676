"""Training on one accelerator, by the clock: the whole corpus lies on the device, and the budget is seconds.

The loss, the optimiser and the checkpoint are those of train.py. What differs follows from the machine: products in
bfloat16 (autocast; weights, recurrence, softmax and optimiser in single precision), large steps of several pieces of
verse, each of one form, whose gradients add up; what is told is drawn on the device; the softmax goes over all classes
(`whole_softmax`), so that nothing waits for the labels. The learning rate warms up and falls to nothing as the seconds
pass, so that a run ends where it should on a machine of any speed. The tunes of 词 are few and are read `again` times
an epoch. `graphs` replays whole pieces as CUDA graphs (https://pytorch.org/blog/accelerating-pytorch-with-cuda-graphs/);
where a piece cannot be captured the run goes on without.

The best weights so far are written as they are (half precision) and in parts of at most PART bytes (parts.py), since
such machines are often reached through a narrow door. Randomness depends on the seed and the counters, but sums on a
GPU have no fixed order: a resumed run is the same run, not the same bits.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.poem_rnn import train
from models.poem_rnn.corpus import FORMS
from models.poem_rnn.dataset import KEYWORDS, MORE, Data, Ints, Poems, batches
from models.poem_rnn.evaluate import form_only
from models.poem_rnn.network import PoemRnn, Wishes
from models.poem_rnn.parts import split_file
from models.poem_rnn.train import LAST, CannotStart, Run, restore_run, save_run
from models.poem_rnn.weights import write_weights

WEIGHTS = "best.safetensors"


@dataclass(frozen=True)
class Options:
    """What decides a run on a device; written to options.json. Sizes of steps are in characters."""

    seconds: float = 300.0
    seed: int = 0
    batch: int = 16_000  # a step has at least so many
    piece: int = 8_192  # of one form in one product
    rate: float = 3e-3
    warm_up: float = 0.02  # part of the budget
    decay: float = 0.9  # part of the budget over which the rate falls
    weight_decay: float = 0.05
    clip: float = 1.0
    evaluate_every: float = 30.0  # seconds
    save_every: float = 120.0  # seconds
    embedding: int = 384
    hidden: int = 1024
    layers: int = 4
    condition: int = 256
    told: float = 0.6
    dropout: float = 0.25
    more_until: float = 0.8  # pieces of longer poems and other tunes are read over so much of the budget
    again: int = 3  # how often an epoch reads the tunes of 词
    bfloat16: bool = True
    graphs: bool = False


@dataclass(frozen=True)
class Held:
    """N poems of one form on the device: text (N, T), title (N, K), rhyme, author, dynasty (N,)."""

    form: str
    text: Tensor
    title: Tensor
    rhyme: Tensor
    author: Tensor
    dynasty: Tensor

    @classmethod
    def of(cls, poems: Poems, device: str) -> Held:
        """The poems, on the device."""
        columns = {name: value for name, value in vars(poems).items() if name != "form"}
        return cls(poems.form, **{name: torch.from_numpy(value).to(device) for name, value in columns.items()})


@dataclass
class Bench:
    """Where a run works: the device, the poems on it by the name that an epoch calls them, and its captured pieces.

    weight: (classes + 1,) how likely a character is left out as a keyword; more: names read only for a part of the run.
    """

    device: str
    data: Data
    poems: dict[str, Poems]
    held: dict[str, Held]
    more: frozenset[str]
    weight: Tensor
    captured: dict[tuple[str, int], Captured] = field(default_factory=dict)


def set_up(data: Data, options: Options, device: str) -> Bench:
    """Puts the corpus on the device."""
    own = data.sides["train"]
    poems = dict(own)
    for time_again in range(1, options.again):
        poems |= {f"{form} {time_again + 1}": found for form, found in own.items() if form not in FORMS}
    more = {f"{form} {MORE}": found for form, found in data.sides.get(MORE, {}).items() if options.more_until}
    held = {id(found): Held.of(found, device) for found in (poems | more).values()}
    weight = torch.tensor([*data.counts, 1e12], dtype=torch.float32) + 1  # the last is `nothing`
    weight[data.vocabulary.unknown] = 1e12
    return Bench(
        device=device,
        data=data,
        poems=poems | more,
        held={name: held[id(found)] for name, found in (poems | more).items()},
        more=frozenset(more),
        weight=(weight**-0.12).to(device),
    )


def learning_rate(options: Options, seconds: float) -> float:
    """The rate after so many seconds: warm-up, plateau, linear fall to nothing.

    >>> [round(learning_rate(Options(seconds=100, warm_up=0.1, decay=0.5, rate=1.0), s), 2) for s in (5, 30, 75, 100)]
    [0.5, 1.0, 0.5, 0.0]
    """
    done = seconds / options.seconds
    return options.rate * min(1.0, done / options.warm_up, max(1 - done, 0) / options.decay)


def told(bench: Bench, poems: Held, rows: Tensor, groups: int, share: float) -> tuple[Tensor, Wishes]:
    """(text (B, T), what training tells of these poems), drawn as dataset.asked draws it, by the device's generator."""
    text, device = poems.text[rows], bench.device
    count, nothing, authors = len(rows), bench.data.vocabulary.nothing, len(bench.data.authors)
    say = torch.rand(count, 5, device=device) < torch.tensor([0.75, 0.4, 0.4, 0.4, 0.4]).to(device, non_blocking=True)
    say &= torch.rand(count, 1, device=device) >= 1 - share
    score = torch.rand(text.shape, device=device) * bench.weight[text]
    best = text.gather(1, score.topk(KEYWORDS, dim=1).indices)
    kept = torch.arange(KEYWORDS, device=device) < torch.randint(1, KEYWORDS + 1, (count, 1), device=device)
    wishes = Wishes(
        rhyme=torch.where(say[:, 0], poems.rhyme[rows], groups),
        title=torch.where(say[:, 1:2], poems.title[rows], nothing),
        keywords=torch.where(say[:, 2:3] & kept, best, nothing),
        author=torch.where(say[:, 3], poems.author[rows], authors),
        dynasty=torch.where(say[:, 4], poems.dynasty[rows], 2),
    )
    return text, wishes


def backward(network: PoemRnn, form: str, text: Tensor, wishes: Wishes, share: Tensor, bfloat16: bool) -> Tensor:
    """Adds to the gradients those of this piece, a share of the step's; returns its part of the loss."""
    with torch.autocast(text.device.type, torch.bfloat16, enabled=bfloat16):
        loss: Tensor = network(text, form=form, wishes=wishes).loss * share
    loss.backward()  # type: ignore[no-untyped-call]
    return loss.detach()


class Captured:
    """A piece of one form and size as a CUDA graph, with buffers for what goes in."""

    def __init__(self, network: PoemRnn, form: str, text: Tensor, wishes: Wishes, bfloat16: bool, pool: Any) -> None:
        self._text, self._share = text.clone(), torch.ones((), device=text.device)
        self._wishes = Wishes(**{name: value.clone() for name, value in vars(wishes).items()})
        inputs = (network, form, self._text, self._wishes, self._share, bfloat16)
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(3):
                backward(*inputs)
        torch.cuda.current_stream().wait_stream(aside)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph, pool=pool):
            self._loss = backward(*inputs)

    def replay(self, text: Tensor, wishes: Wishes, share: Tensor) -> Tensor:
        """What `backward` does, for these inputs."""
        self._text.copy_(text)
        self._share.copy_(share)
        for name, value in vars(wishes).items():
            getattr(self._wishes, name).copy_(value)
        self._graph.replay()
        return self._loss.clone()


def capture_all(run: Run, bench: Bench, options: Options) -> None:
    """Captures a whole piece of each regulated form; none where one cannot be captured."""
    try:
        pool = torch.cuda.graph_pool_handle()  # one memory for all: they run one after the other
        for form in FORMS:
            poems = bench.held[form]
            count = options.piece // poems.text.shape[1]
            if count <= len(poems.text):
                rows = torch.arange(count, device=bench.device)
                text, wishes = told(bench, poems, rows, run.network.config.groups, options.told)
                bench.captured[form, count] = Captured(run.network, form, text, wishes, options.bfloat16, pool)
    except RuntimeError as error:
        bench.captured.clear()
        _say(f"no CUDA graphs: {str(error).splitlines()[0]}")
    run.optimiser.zero_grad(set_to_none=False)


def next_pieces(run: Run, bench: Bench, options: Options) -> Iterator[tuple[str, Ints]]:
    """(name, rows) of the next step, in the order that seed, epoch and index alone decide; advances the counters."""
    found = 0
    while found < options.batch:
        if run.order[0] != run.epoch:
            run.order = (run.epoch, batches(bench.poems, options.piece, options.seed, run.epoch))
        name, rows = run.order[1][run.index]
        run.index += 1
        if run.index == len(run.order[1]):
            run.epoch, run.index = run.epoch + 1, 0
        if name not in bench.more or run.seconds < options.more_until * options.seconds:
            found += rows.size * bench.poems[name].text.shape[1]
            yield name, rows


def device_step(run: Run, bench: Bench, options: Options) -> Tensor:
    """One update; returns the mean loss in nats a character, still on the device."""
    torch.manual_seed(options.seed * 1_000_003 + run.step)
    for group in run.optimiser.param_groups:
        group["lr"] = learning_rate(options, run.seconds)
    run.optimiser.zero_grad(set_to_none=False)  # captured pieces add to the same memory
    pieces = list(next_pieces(run, bench, options))
    total = sum(rows.size * bench.poems[name].text.shape[1] for name, rows in pieces)
    loss = torch.zeros((), device=bench.device)
    for name, rows in pieces:
        poems = bench.held[name]
        chosen = torch.from_numpy(rows).to(bench.device, non_blocking=True)
        text, wishes = told(bench, poems, chosen, run.network.config.groups, options.told)
        share = torch.full((), text.numel() / total, device=bench.device)
        if (ready := bench.captured.get((poems.form, len(rows)))) is not None:
            loss += ready.replay(text, wishes, share)
        else:
            loss += backward(run.network, poems.form, text, wishes, share, options.bfloat16)
    torch.nn.utils.clip_grad_norm_(run.network.parameters(), options.clip)
    run.optimiser.step()
    run.step, run.characters = run.step + 1, run.characters + total
    return loss


def new_device_run(data: Data, options: Options, device: str) -> Run:
    """A run on the device before its first step: the network of train.py, and its optimiser."""
    sizes = train.Options(
        seed=options.seed,
        embedding=options.embedding,
        hidden=options.hidden,
        layers=options.layers,
        condition=options.condition,
    )
    network = train.new_network(data, sizes).to(device)
    network.train()
    network.dropout, network.whole_softmax = options.dropout, device != "cpu"
    matrices, plain = ([p for p in network.parameters() if (p.ndim < 2) == small] for small in (False, True))
    groups = [{"params": matrices, "weight_decay": options.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    run = Run(network, torch.optim.AdamW(groups, lr=options.rate, betas=(0.9, 0.98), fused=True))
    for parameter in network.parameters():
        parameter.grad = torch.zeros_like(parameter)
    return run


def train_on(data: Data, folder: Path, parts: Path, options: Options, device: str) -> Run:
    """Trains, or goes on training, in the folder until the seconds are used; the best weights also in parts."""
    folder.mkdir(parents=True, exist_ok=True)
    parts.mkdir(parents=True, exist_ok=True)
    for place in (folder, parts):
        (place / "options.json").write_text(json.dumps(asdict(options), indent=1) + "\n", encoding="utf-8")
    bench, run = set_up(data, options, device), new_device_run(data, options, device)
    if (folder / LAST).exists():
        restore_run(run, folder / LAST)
    begun = time.monotonic() - run.seconds
    _say(f"{sum(p.numel() for p in run.network.parameters())} parameters on {device}")
    if options.graphs:
        capture_all(run, bench, options)
    _loop(run, bench, options, begun, _Record(folder, parts, run))
    return run


def _loop(run: Run, bench: Bench, options: Options, begun: float, record: _Record) -> None:
    """Steps until the time is up; every tenth waits for the device, so that the clock is its clock."""
    loss, evaluated, saved = torch.zeros((), device=bench.device), run.seconds, run.seconds
    while run.seconds < options.seconds:
        loss += device_step(run, bench, options)
        run.seconds = time.monotonic() - begun
        if run.step % 10:
            continue
        record.note(run, loss.item() / 10)
        loss.zero_()
        if run.seconds - evaluated >= options.evaluate_every:
            record.evaluate(run, bench.data, learning_rate(options, run.seconds))
            evaluated = run.seconds
        if run.seconds - saved >= options.save_every:
            save_run(run, record.folder / LAST)
            saved = run.seconds
    record.evaluate(run, bench.data, 0.0)
    save_run(run, record.folder / LAST)


class _Record:
    """What a run prints and keeps: its pace, its log, its best weights."""

    def __init__(self, folder: Path, parts: Path, run: Run) -> None:
        self.folder, self._parts = folder, parts
        self._since = (run.seconds, run.characters)

    def note(self, run: Run, loss: float) -> None:
        """Prints the pace about every five seconds; raises CannotStart where the loss is no number any more."""
        if not math.isfinite(loss):
            raise CannotStart(f"the loss is {loss} after {run.step} steps: give a lower --rate")
        seconds, characters = run.seconds - self._since[0], run.characters - self._since[1]
        if seconds >= 5 or run.step in (10, 20):
            pace = characters / max(seconds, 1e-6)
            read = f"{run.characters / 1e6:.2f} M characters, {pace:,.0f} a second"
            _say(f"{run.seconds:.0f} s, step {run.step}: {read}, loss {loss:.3f}")
            self._since = (run.seconds, run.characters)

    def evaluate(self, run: Run, data: Data, rate: float) -> None:
        """Measures the whole validation side; writes the weights if they are the best so far."""
        found = form_only(run.network, data, side="validation", batch=256)
        perplexity = {name: round(value, 2) for name, value in found.items()}
        line = {"seconds": round(run.seconds, 1), "step": run.step, "characters": run.characters, "rate": rate}
        with (self._parts / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line | {"perplexity": perplexity}, ensure_ascii=False) + "\n")
        _say(f"{run.seconds:.0f} s: validation {perplexity}")
        if found["all"] < run.best:
            run.best, run.evaluated = found["all"], run.characters
            write_weights(run.network, self.folder / WEIGHTS)
            split_file(self.folder / WEIGHTS, self._parts)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
