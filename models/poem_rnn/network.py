"""The poet's network: a recurrent network that gives the probability of the next character of a regulated verse.

The classical gated recurrent unit (GRU; Cho et al. 2014, https://arxiv.org/abs/1406.1078) lets its gates see the last
hidden state, so that every product with a matrix must wait for the step before:

    z_t = sigmoid(W_z x_t + U_z h_{t-1})         r_t = sigmoid(W_r x_t + U_r h_{t-1})
    n_t = tanh(W_n x_t + U_n (r_t * h_{t-1}))    h_t = z_t * h_{t-1} + (1 - z_t) * n_t

**This network is not that unit.** It is the minimal GRU of Feng et al. 2024 ("Were RNNs all we needed?",
https://arxiv.org/abs/2410.01201): the gates and the candidate see the input alone, so the products of all steps are one
product, and only the last line, which has no matrix, runs step by step. An output gate o_t is added (as in the LSTM):

    z_t = sigmoid(W_z x_t + b_z)    n_t = tanh(W_n x_t + b_n)    o_t = sigmoid(W_o x_t + b_o)
    h_t = z_t * h_{t-1} + (1 - z_t) * n_t                        y_t = o_t * h_t

Four such layers (layer.py), each reading the layer below through RMSNorm, with a residual from the second. What the
first layer reads at place t is known before t: the two characters before, the character at the same place one line
above and its successor, the last rhyme character, the tones of neighbours, and the place in the form (`PLACES`,
`sources`). What is asked of a poem (rhyme group, title, keywords, author, dynasty) is added to every layer's gates, and
may be absent.
Beside the four regulated forms a network may know 词, whose lines are of unequal length: its config says their shapes
(shapes.py), and 19 more rows of its table of rhymes are the parts of 词林正韵.

The characters' vectors serve as input and as class weights (Press & Wolf 2017, https://arxiv.org/abs/1608.05859), each
the sum of an own vector and of its rhyme groups' and tones' vectors. The softmax is adaptive (Grave et al. 2017,
https://arxiv.org/abs/1609.04309): frequent characters and two clusters of rarer ones; an exact probability over the
whole vocabulary all the same. Sampling, masks and rules of verse are not here (sample.py, prosody.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import PretrainedConfig, PreTrainedModel
from transformers.utils import ModelOutput

from models.poem_rnn.layer import Layer, drop
from models.poem_rnn.shapes import places_before, read_shape

PLACES = {"五绝": (4, 5), "七绝": (4, 7), "五律": (8, 5), "七律": (8, 7)}  # form: (lines, characters a line)
FORMS = tuple(PLACES)


@cache
def sources(form: str, shape: str = "", device: str = "cpu") -> Tensor:
    """Where the network looks when it is about to write place t: (T, 5) places before t, -1 where there is none.

    Columns: the character before, the one before that, the one above, the successor of the one above, the last rhyme.
    shape: that of a form which is none of the four (shapes.py).

    >>> sources("五绝")[7].tolist()  # third character of the second line: 6, 5, above 2, 3, rhyme of the first line 4
    [6, 5, 2, 3, 4]
    """
    if shape:
        return torch.tensor(places_before(shape), device=device)
    lines, width = PLACES[form]
    rows = []
    for place in range(lines * width):
        line, column = divmod(place, width)
        above = place - width if line else -1
        successor = above + 1 if line and column < width - 1 else -1
        rhyme = (line - line % 2) * width - 1 if line > 1 else (width - 1 if line else -1)
        rows.append([place - 1, max(place - 2, -1), above, successor, rhyme])
    return torch.tensor(rows, device=device)


class PoemRnnConfig(PretrainedConfig):  # type: ignore[misc]
    """Sizes of the network, and the vocabulary that its numbers stand for.

    characters: the vocabulary, most frequent first. counts: how often training has each, and unknown. doubled: those
    that poets double (AA). rare_kinds: how many kinds of characters the unknown character stands for.
    groups: how many rhyme groups there are (plus 3 kinds of tone). cutoffs: where the softmax is cut.
    shapes: pairs of form and shape (shapes.py) of forms beside the four, in the order of their rows in the table of
    places; pairs because the header of a weights file sorts names.
    parts: how many rows the table of rhymes has for 词, after those of the groups and of no wish.
    """

    model_type = "poem_rnn"

    def __init__(
        self,
        characters: str = "",
        counts: tuple[int, ...] = (),
        doubled: str = "",
        rare_kinds: int = 0,
        groups: int = 106,
        authors: int = 1000,
        embedding: int = 256,
        hidden: int = 512,
        layers: int = 4,
        condition: int = 192,
        cutoffs: tuple[int, int] = (800, 2500),
        shapes: Iterable[tuple[str, str]] = (),
        parts: int = 0,
        **rest: Any,
    ) -> None:
        self.characters, self.counts, self.doubled = characters, tuple(counts), doubled
        self.rare_kinds, self.groups, self.authors = rare_kinds, groups, authors
        self.embedding, self.hidden, self.layers, self.condition = embedding, hidden, layers, condition
        self.cutoffs = tuple(cutoffs)
        self.shapes, self.parts = [[form, shape] for form, shape in shapes], parts
        super().__init__(**rest)

    @property
    def classes(self) -> int:
        """How many characters can be predicted: the vocabulary and the unknown character."""
        return len(self.characters) + 1

    @property
    def lengths(self) -> dict[str, int]:
        """How many characters a poem of each form has, in the order of the table of places."""
        others = {form: sum(line.length for line in read_shape(shape)) for form, shape in self.shapes}
        return {form: lines * width for form, (lines, width) in PLACES.items()} | others


@dataclass
class Wishes:
    """What is asked of each of B poems; absent wishes are the last row of their table, or `nothing` characters.

    rhyme: (B,) group number or config.groups; for 词 config.groups + 1 + part. title, keywords: (B, K) characters or
    `nothing`.
    author: (B,) number or config.authors. dynasty: (B,) 0 Tang, 1 Song, 2 not said.
    """

    rhyme: Tensor
    title: Tensor
    keywords: Tensor
    author: Tensor
    dynasty: Tensor

    @classmethod
    def none(cls, count: int, config: PoemRnnConfig) -> Wishes:
        """Wishes of `count` poems that ask for nothing but the form."""
        empty = torch.full((count, 1), config.classes)
        rhyme, author, dynasty = (torch.full((count,), last) for last in (config.groups, config.authors, 2))
        return cls(rhyme=rhyme, title=empty, keywords=empty, author=author, dynasty=dynasty)

    def to(self, device: torch.device | str) -> Wishes:
        """The same wishes on another device."""
        return Wishes(**{name: value.to(device) for name, value in vars(self).items()})


@dataclass
class PoemRnnOutput(ModelOutput):  # type: ignore[misc]
    """loss: mean nats a character; logprobs: (B, T) of the labels; hidden: (B, T, E); state: (layers, B, H)."""

    loss: Tensor | None = None
    logprobs: Tensor | None = None
    hidden: Tensor | None = None
    state: Tensor | None = None


class PoemRnn(PreTrainedModel):  # type: ignore[misc]
    """The network. `forward` scores whole poems, `step` goes one character further, `log_softmax` gives all classes."""

    config_class = PoemRnnConfig
    base_model_prefix = "poem_rnn"
    config: PoemRnnConfig
    dropout: float = 0.0  # of what each layer and the softmax read, while training; a run's option, not a size
    whole_softmax: bool = False  # every class of every place: more to compute, but no shape depends on the labels

    def __init__(self, config: PoemRnnConfig) -> None:
        super().__init__(config)
        wide, small = config.embedding, config.embedding // 4
        self.own = nn.Parameter(torch.empty(config.classes + 1, wide))  # last row: nothing
        self.sounds = nn.Parameter(torch.empty(config.groups + 3, wide))
        self.register_buffer("sound_of", torch.zeros(config.classes + 1, config.groups + 3))
        self.register_buffer("tone_of", torch.full((config.classes + 1,), 3))
        self.look = nn.ModuleList([nn.Linear(wide, small, bias=False) for _ in range(4)])
        self.tones = nn.Embedding(4, small // 8)  # level, oblique, both, none
        self.place = nn.Embedding(sum(config.lengths.values()), small)
        inputs = wide + 4 * small + 2 * (small // 8) + small
        sizes = [inputs] + [config.hidden] * (config.layers - 1)
        self.layers = nn.ModuleList([Layer(size, config.hidden, config.condition) for size in sizes])
        self.rhyme = nn.Embedding(config.groups + 1 + config.parts, small)
        self.author = nn.Embedding(config.authors + 1, small)
        self.dynasty = nn.Embedding(3, small // 8)
        self.ask = nn.Linear(2 * wide + 2 * small + small // 8, config.condition)
        self.norm = nn.RMSNorm(config.hidden)
        self.out = nn.Linear(config.hidden, wide)
        self.bias = nn.Parameter(torch.zeros(config.classes))
        self.cluster = nn.Linear(wide, 2)
        self.packed: nn.ModuleList | None = None  # the class weights in eight bits (int8.py)
        self.looked: Tensor | None = None  # (4, classes + 1, S): what `look` gives for every character (int8.py)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        """Called by post_init for every part: small class weights, gates that remember over 1 to 20 characters."""
        super()._init_weights(module)
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=module.in_features**-0.5)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=1.0)
        elif isinstance(module, Layer):
            hidden = module.gates.out_features // 3
            nn.init.normal_(module.gates.weight, std=module.gates.in_features**-0.5)
            nn.init.normal_(module.wishes.weight, std=0.3 * module.wishes.in_features**-0.5)
            nn.init.zeros_(module.gates.bias)
            with torch.no_grad():
                module.gates.bias[:hidden].copy_(torch.linspace(-1, 3, hidden))
        elif isinstance(module, PoemRnn):
            nn.init.normal_(self.own, std=self.config.embedding**-0.5)
            nn.init.zeros_(self.sounds)
            nn.init.normal_(self.out.weight, std=0.1 * self.config.hidden**-0.5)
            nn.init.zeros_(self.cluster.weight)

    @torch.no_grad()
    def learn_sounds(self, groups_of: list[list[int]], tones: list[int], counts: list[int]) -> None:
        """Sets the tables of rhyme groups and tones (0 level, 1 oblique, 2 both, 3 none) and unigram biases."""
        for number, (groups, tone) in enumerate(zip(groups_of, tones, strict=True)):
            self.sound_of[number, groups] = 1 / max(len(groups), 1)
            if tone < 3:
                self.sound_of[number, self.config.groups + tone] = 1.0
            self.tone_of[number] = tone
        share = torch.tensor(counts, dtype=torch.float32) + 1
        first, second = self.config.cutoffs
        self.bias.copy_(torch.log(share / share.sum()))
        self.cluster.bias.copy_(torch.log(torch.stack([share[first:second].sum(), share[second:].sum()]) / share.sum()))

    def vectors(self) -> Tensor:
        """(classes + 1, E): every character's vector, its own plus its sounds'."""
        vectors: Tensor = self.own + self.sound_of @ self.sounds
        return vectors

    def asked(self, wishes: Wishes, title: Tensor, keywords: Tensor) -> Tensor:
        """(B, C): what is asked of each poem, in one vector; title and keywords (B, K, E) are bags of characters."""
        bags = []
        for bag, found in ((wishes.title, title), (wishes.keywords, keywords)):
            present = (bag != self.config.classes).unsqueeze(-1)
            scale = (self.config.embedding / present.sum(1).clamp(min=1)).sqrt()
            bags.append((found * present).sum(1) * scale)
        parts = [*bags, self.rhyme(wishes.rhyme), self.author(wishes.author), self.dynasty(wishes.dynasty)]
        return torch.tanh(self.ask(torch.cat(parts, dim=-1)))

    def read(self, seen: Tensor, found: Tensor, place: Tensor) -> Tensor:
        """(T, B, I) from seen (T, B, 5), the characters at `sources`, their vectors and place (T,) or (T, B), rows of
        places."""
        found = found * self.config.embedding**0.5
        parts = [found[:, :, 0], *(self._look(i, seen, found) for i in range(len(self.look)))]
        parts += [self.tones(self.tone_of[seen[..., 0]]), self.tones(self.tone_of[seen[..., 2]])]
        where = self.place(place)
        parts.append(where if place.dim() == 2 else where.unsqueeze(1).expand(-1, seen.shape[1], -1))
        return torch.cat(parts, dim=-1)

    def _look(self, i: int, seen: Tensor, found: Tensor) -> Tensor:
        """(T, B, S): what is read of the character at source i + 1."""
        if self.looked is not None:
            return self.looked[i][seen[..., i + 1]]
        near: Tensor = self.look[i](found[:, :, i + 1])
        return near

    def run(self, x: Tensor, asked: Tensor, state: Tensor | None) -> tuple[Tensor, Tensor]:
        """(T, B, I) -> what the softmax reads (T, B, E), and the state (layers, B, H) after it."""
        return self.carry(x, self.wished(asked), state)

    def wished(self, asked: Tensor) -> list[Tensor]:
        """What is asked (B, C), as every layer reads it: (B, 3H) each."""
        return [cast("Layer", layer).wishes(asked) for layer in self.layers]

    def carry(self, x: Tensor, wished: Sequence[Tensor], state: Tensor | None) -> tuple[Tensor, Tensor]:
        """What `run` gives, from what is wished of each layer."""
        if state is None:
            state = x.new_zeros(self.config.layers, x.shape[1], self.config.hidden)
        after, dropout = [], self.dropout if self.training else 0.0
        for layer, own, before in zip(self.layers, wished, state, strict=True):
            x, last = layer(x, own, before, dropout)
            after.append(last)
        return self.out(drop(self.norm(x), dropout)), torch.stack(after)

    def forward(
        self, input_ids: Tensor, form: str, wishes: Wishes, vectors: Tensor | None = None, return_dict: bool = True
    ) -> PoemRnnOutput:
        """Scores poems of one form, or their beginnings: input_ids (B, T) characters, each predicted from those before.

        vectors: `self.vectors()`, where it is at hand already.
        """
        vectors = self.vectors() if vectors is None else vectors
        nothing = input_ids.new_full((len(input_ids), 1), self.config.classes)
        look = self.looks(form)[: input_ids.shape[1]]
        seen = torch.cat([input_ids, nothing], dim=1)[:, look].transpose(0, 1)  # (T, B, 5); -1 is the last: nothing
        needed = (seen, wishes.title, wishes.keywords)  # looked up at once: each look-up's gradient is a whole table
        found = F.embedding(torch.cat([numbers.reshape(-1) for numbers in needed]), vectors)
        parts = torch.split(found, [numbers.numel() for numbers in needed])
        near, title, keywords = (part.view(*n.shape, -1) for part, n in zip(parts, needed, strict=True))
        x = self.read(seen, near, self.places(form)[: len(look)])
        hidden, state = self.run(x, self.asked(wishes, title, keywords), None)
        score = self._whole if self.whole_softmax else self.log_prob
        logprobs = score(hidden.flatten(0, 1), input_ids.T.flatten(), vectors).view_as(input_ids.T).T
        return PoemRnnOutput(loss=-logprobs.mean(), logprobs=logprobs, hidden=hidden.transpose(0, 1), state=state)

    def places(self, form: str) -> Tensor:
        """(T,) rows of the table of places that belong to the form."""
        lengths = self.config.lengths
        start = sum(list(lengths.values())[: list(lengths).index(form)])
        return torch.arange(start, start + lengths[form], device=self.own.device)

    def looks(self, form: str) -> Tensor:
        """(T, 5): `sources` of a form that the network knows, on its device."""
        return sources(form, dict(self.config.shapes).get(form, ""), str(self.own.device))

    def _whole(self, hidden: Tensor, labels: Tensor, vectors: Tensor) -> Tensor:
        """What `log_prob` gives, by way of all classes."""
        return self.log_softmax(hidden, vectors).gather(1, labels[:, None]).squeeze(1)

    def log_prob(self, hidden: Tensor, labels: Tensor, vectors: Tensor) -> Tensor:
        """(N,) log-probability of each label; a cluster's classes are computed only where the label is in it."""
        first, second = self.config.cutoffs
        frequent, *clusters = self.class_weights(vectors)
        head = self._head(hidden, frequent)
        column = torch.where(labels < first, labels, torch.where(labels < second, first, first + 1))
        result = head.gather(1, column[:, None]).squeeze(1)
        for part, low, weight in zip((1, 2), (first, second), clusters, strict=True):
            rows = ((labels >= low) & (labels < low + len(weight))).nonzero().squeeze(1)
            if len(rows):
                inside = self._logits(hidden[rows], part, weight, self.bias[low : low + len(weight)]).float()
                picked = -F.cross_entropy(inside, labels[rows] - low, reduction="none")
                result = result.index_add(0, rows, picked)
        return result

    def log_softmax(self, hidden: Tensor, vectors: Tensor) -> Tensor:
        """(N, classes): the log-probability of every character; its exponentials sum to 1."""
        first, second = self.config.cutoffs
        frequent, *clusters = self.class_weights(vectors)
        head = self._head(hidden, frequent)
        parts = [head[:, :first]]
        for part, low, weight in zip((1, 2), (first, second), clusters, strict=True):
            inside = self._logits(hidden, part, weight, self.bias[low : low + len(weight)])
            parts.append(F.log_softmax(inside, dim=-1) + head[:, first + part - 1, None])
        return torch.cat(parts, dim=-1)

    def _logits(self, hidden: Tensor, part: int, weight: Tensor, bias: Tensor) -> Tensor:
        """(N, classes of the part) of `hidden` (N, E); part: which of the three `class_weights`."""
        if self.packed is not None:
            found: Tensor = self.packed[part](hidden)
            return found
        return F.linear(hidden, weight, bias)

    def class_weights(self, vectors: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The class weights of the frequent characters and of the two clusters."""
        first, second = self.config.cutoffs
        frequent, middle, rare, _ = torch.split(vectors, [first, second - first, self.config.classes - second, 1])
        return frequent, middle, rare

    def _head(self, hidden: Tensor, frequent: Tensor) -> Tensor:
        """(N, first cut + 2): log-probabilities of the frequent characters and of the two clusters."""
        known = self._logits(hidden, 0, frequent, self.bias[: len(frequent)])
        return F.log_softmax(torch.cat([known, self.cluster(hidden)], dim=-1).float(), dim=-1)
