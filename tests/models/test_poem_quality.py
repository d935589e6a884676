"""The judge of written verse: copies are found, repetition is counted, the classifier tells what differs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from models.poem_rnn import __main__ as command
from models.poem_rnn import dataset, quality
from models.poem_rnn.network import PoemRnn
from models.poem_rnn.pairs import pairs
from models.poem_rnn.tokenizer import Vocabulary
from models.two_sample import told_apart
from tests.models.poem_parts import nonsense, tiny_card, tiny_network


@pytest.fixture(scope="module")
def network() -> PoemRnn:
    """An untrained network of 1,500 characters."""
    return tiny_network()


def poems(count: int, seed: int, below: int = 1400) -> quality.Numbers:
    """Random quatrains of fives, (N, 20)."""
    return np.random.default_rng(seed).integers(0, below, (count, 20))


def test_a_copied_line_is_found_and_a_new_one_is_not(network: PoemRnn) -> None:
    training, ours = poems(200, 1), poems(10, 2)
    ours[0, 5:10] = training[7, 10:15]  # one line of forty, at another place
    ours[1, 0:4] = training[9, 1:5]  # and four characters of another
    found = quality.standing(network, "五绝", ours, training)
    assert found.verbatim == pytest.approx(1 / 40)
    assert found.longest == 5
    assert found.known_fours == pytest.approx(3 / 80)


def test_repetition_within_a_poem_and_among_poems_is_counted(network: PoemRnn) -> None:
    once, training = poems(30, 3), poems(5, 4)
    same = np.repeat(poems(1, 5), 30, axis=0)
    same[:, 19] = same[:, 0]
    one, other = (quality.standing(network, "五绝", x, training) for x in (once, same))
    assert other.repeated >= 1 / 20 > one.repeated
    assert other.distinct_2 < 0.05 < 0.9 < one.distinct_2


def test_random_halves_are_as_coherent_as_chance_and_one_poem_has_no_stranger(network: PoemRnn) -> None:
    ours = poems(64, 6)
    assert 0.2 < quality.coherence(network, "五绝", ours) < 0.8
    assert np.isnan(quality.coherence(network, "五绝", ours[:1]))


def test_octaves_are_as_parallel_as_their_middle_couplets_pair_and_quatrains_are_not_asked() -> None:
    odd, loose = "海内存知己", "春眠不觉晓"
    one = [loose, loose, odd, "天涯若比邻", odd, "天涯若比邻", loose, loose]
    words = Vocabulary("".join(sorted({*"".join(one), "千", "万"})))
    other = ["千" * 5] * 2 + ["千" * 5, "万" * 5] * 2 + ["千" * 5, "万" * 5]
    octaves = np.array([words.encode("".join(poem)) for poem in (one, other)])
    found = quality.Parallels(**quality.parallelism(words, "五律", ours=octaves)["ours"])
    paired = pairs().match(odd, "天涯若比邻")
    assert found.middle == pytest.approx((np.mean(paired) + 1) / 2)
    assert found.last == pytest.approx((np.mean(pairs().match(loose, loose)) + 1) / 2)
    mixed = [pairs().match(odd, "万" * 5), pairs().match("千" * 5, "天涯若比邻")]
    assert found.strangers == pytest.approx(np.mean(mixed))
    assert quality.parallelism(words, "五绝", ours=octaves[:, :20]) == {}


def test_the_classifier_tells_other_poems_and_not_the_same_kind(network: PoemRnn) -> None:
    real, alike, unlike = poems(240, 7, 60), poems(240, 8, 60), poems(240, 9, 30)
    seen = [quality.features(network, "五绝", numbers) for numbers in (real, alike, unlike)]
    assert told_apart(seen[2], seen[0]) > 0.9
    assert 0.35 < told_apart(seen[1], seen[0]) < 0.65


def test_the_command_prints_ours_beside_real_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.set_num_threads(1)
    sides = {"train": nonsense(80, 1), "validation": nonsense(80, 2), "test": nonsense(4, 3)}
    dataset.prepare(sides, tmp_path / "data", vocabulary_size=200)
    card = tiny_card(tmp_path)
    monkeypatch.setattr(command, "find_card", lambda name: card)
    assert command.main(["judge", "--data", str(tmp_path / "data"), "--form", "五绝", "--count", "12"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["n"] == [12, 12]
    assert 0 <= found["c2st"] <= 1
    assert found["ours"]["verbatim"] == 0.0
    assert found["lines"]["n"] == 12
    assert found["parallel"] == {}
    assert command.main(["judge", "--data", str(tmp_path / "data"), "--form", "词"]) == 2
