"""The network: honest probabilities, no look ahead, the recurrence's own gradient, and weights that come back."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from models.poem_rnn.layer import Recurrence
from models.poem_rnn.network import FORMS, PoemRnn, Wishes, sources
from models.poem_rnn.weights import read_weights, write_weights
from tests.models.poem_parts import tiny_network


@pytest.fixture(scope="module")
def network() -> PoemRnn:
    return tiny_network(300)


def some_text(network: PoemRnn, count: int = 3, length: int = 20) -> torch.Tensor:
    return torch.randint(network.config.classes, (count, length), generator=torch.Generator().manual_seed(2))


def told_rhyme(network: PoemRnn, count: int) -> Wishes:
    wishes = Wishes.none(count, network.config)
    wishes.rhyme = torch.arange(count)
    return wishes


def test_the_probabilities_of_all_characters_sum_to_one(network: PoemRnn) -> None:
    logprobs = network.log_softmax(torch.randn(5, network.config.embedding), network.vectors())
    torch.testing.assert_close(logprobs.exp().sum(1), torch.ones(5))


def test_a_label_costs_what_the_whole_softmax_says(network: PoemRnn) -> None:
    hidden, vectors = torch.randn(network.config.classes, network.config.embedding), network.vectors()
    labels = torch.arange(network.config.classes)
    whole = network.log_softmax(hidden, vectors)
    torch.testing.assert_close(network.log_prob(hidden, labels, vectors), whole.diagonal())


def test_before_training_it_knows_how_frequent_characters_are(network: PoemRnn) -> None:
    counts = torch.tensor(network.config.counts, dtype=torch.float32) + 1
    blank = torch.zeros(1, network.config.embedding)
    torch.testing.assert_close(network.log_softmax(blank, network.vectors())[0].exp(), counts / counts.sum())


@pytest.mark.parametrize("form", FORMS)
def test_every_place_looks_only_at_places_before_it(form: str) -> None:
    looked = sources(form)
    assert bool((looked < torch.arange(len(looked))[:, None]).all())


def test_a_character_changes_nothing_before_it(network: PoemRnn) -> None:
    text, wishes = some_text(network), told_rhyme(network, 3)
    changed = text.clone()
    changed[:, 11] = (changed[:, 11] + 1) % network.config.classes
    before, after = (network(t, form="五绝", wishes=wishes).logprobs for t in (text, changed))
    assert torch.equal(before[:, :11], after[:, :11])
    assert not torch.equal(before[:, 12:], after[:, 12:])


def test_what_is_asked_changes_the_probabilities(network: PoemRnn) -> None:
    text = some_text(network)
    asked, free = told_rhyme(network, 3), Wishes.none(3, network.config)
    assert not torch.equal(
        network(text, form="五绝", wishes=asked).logprobs, network(text, form="五绝", wishes=free).logprobs
    )


def test_character_by_character_gives_what_the_whole_poem_gives(network: PoemRnn) -> None:
    text, wishes, vectors = some_text(network), Wishes.none(3, network.config), network.vectors()
    asked = network.asked(wishes, vectors[wishes.title], vectors[wishes.keywords])
    padded, state, found = F.pad(text, (0, 1), value=network.config.classes), None, []
    for place, look in enumerate(sources("五绝")):
        seen = padded[:, look][None]
        x = network.read(seen, vectors[seen], network.places("五绝")[place : place + 1])
        hidden, state = network.run(x, asked, state)
        found.append(network.log_prob(hidden[0], text[:, place], vectors))
    torch.testing.assert_close(torch.stack(found, dim=1), network(text, form="五绝", wishes=wishes).logprobs)


def test_the_written_gradient_is_that_of_the_formula() -> None:
    u = torch.randn(7, 2, 9, dtype=torch.float64, requires_grad=True)
    pull = torch.randn(7, 2, 3, dtype=torch.float64)
    first = torch.zeros(2, 3, dtype=torch.float64)
    z, n, o = (f(part) for f, part in zip((torch.sigmoid, torch.tanh, torch.sigmoid), u.chunk(3, dim=-1), strict=True))
    h, plain = first, []
    for t in range(7):
        h = z[t] * h + (1 - z[t]) * n[t]
        plain.append(o[t] * h)
    expected = torch.autograd.grad((torch.stack(plain) * pull).sum(), u)[0]
    y, _ = Recurrence.apply(u, first)  # type: ignore[no-untyped-call]
    torch.testing.assert_close(y, torch.stack(plain))
    torch.testing.assert_close(torch.autograd.grad((y * pull).sum(), u)[0], expected)


def test_save_and_load_in_the_hugging_face_layout_is_bit_equal(network: PoemRnn, tmp_path: Path) -> None:
    network.save_pretrained(tmp_path)
    again = PoemRnn.from_pretrained(tmp_path)
    assert again.config.characters == network.config.characters
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, again.state_dict()[name]), name


def test_one_file_holds_the_whole_poet_in_half_precision(network: PoemRnn, tmp_path: Path) -> None:
    write_weights(network, tmp_path / "poet.safetensors")
    again = read_weights(tmp_path / "poet.safetensors")
    assert (again.config.characters, again.config.doubled) == (network.config.characters, network.config.doubled)
    for name, tensor in again.state_dict().items():
        expected = network.state_dict()[name]
        assert tensor.dtype == expected.dtype, name
        torch.testing.assert_close(tensor, expected, rtol=1e-3, atol=1e-4)


def test_the_same_network_gives_the_same_file(network: PoemRnn, tmp_path: Path) -> None:
    assert len({write_weights(network, tmp_path / f"{copy}.safetensors") for copy in range(8)}) == 1
