"""Training: a killed run ends at the very same weights, the corpus keeps its split, and figures are honest."""

from __future__ import annotations

import io
import json
import math
import signal
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models.checkpoint import read_counters
from models.poem_rnn import corpus, dataset, train
from models.poem_rnn.__main__ import main
from models.poem_rnn.corpus import Verse
from models.poem_rnn.evaluate import form_only, log_probabilities
from models.poem_rnn.grow import widen
from models.poem_rnn.journal import Journal
from models.poem_rnn.network import PoemRnn, Wishes
from models.poem_rnn.weights import write_weights
from tests.models.poem_parts import nonsense, tiny_network

OPTIONS = train.Options(
    characters=2600,
    batch=120,
    grow_at=900,
    warm_up=200,
    evaluate_every=700,
    save_every=0.0,
    embedding=32,
    hidden=16,
    dropout=0.1,
    more_until=0.5,
)
KILLED_AT_STEP_9 = """
import os, signal, sys
from pathlib import Path
import torch
from models.poem_rnn import dataset, train
from tests.models.test_poem_training import OPTIONS
torch.set_num_threads(1)
save = train.save_run
def save_and_die(run, path):
    save(run, path)
    if run.step == 9 and path.name == train.LAST:
        os.kill(os.getpid(), signal.SIGKILL)
train.save_run = save_and_die
train.train(dataset.read_data(Path(sys.argv[1])), Path(sys.argv[2]), OPTIONS)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared corpus of nonsense: 40 verses and 20 pieces to train on, 16 on each held-out side."""
    path = tmp_path_factory.mktemp("data")
    sides = {"train": nonsense(40, 1), "validation": nonsense(16, 2), "test": nonsense(16, 3)}
    sides[dataset.MORE] = nonsense(20, 4)
    dataset.prepare(sides, path, vocabulary_size=100)
    return path


@pytest.fixture(scope="module")
def whole(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was never interrupted."""
    torch.set_num_threads(1)
    path = tmp_path_factory.mktemp("whole")
    train.train(dataset.read_data(folder), path, OPTIONS)
    return path


def weights(path: Path) -> dict[str, torch.Tensor]:
    return dict(train.read_network(path).state_dict())


def test_a_killed_run_ends_at_the_same_weights_bit_for_bit(folder: Path, whole: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_AT_STEP_9, str(folder), str(tmp_path)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == -signal.SIGKILL
    assert read_counters(tmp_path / train.LAST)["step"] == 9
    torch.set_num_threads(1)
    train.train(dataset.read_data(folder), tmp_path, OPTIONS)
    for name, tensor in weights(whole / train.LAST).items():
        assert torch.equal(tensor, weights(tmp_path / train.LAST)[name]), name
    assert perplexities(tmp_path) == perplexities(whole)


def perplexities(run: Path) -> list[Any]:
    return [(line["characters"], line["perplexity"]) for line in Journal(run).lines()]


def test_a_run_leaves_its_options_log_curve_and_the_state_before_the_fall(whole: Path) -> None:
    assert json.loads((whole / "options.json").read_text())["characters"] == 2600
    lines = Journal(whole).lines()
    assert [line["characters"] // 700 for line in lines] == [1, 2, 3, 3]
    assert {"all", "五绝", "七绝", "五律", "七律"} <= set(lines[-1]["whole_side"])
    assert (whole / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert read_counters(whole / train.PLATEAU)["characters"] < 2600


def test_a_finished_run_can_go_on_from_before_the_fall(folder: Path, whole: Path, tmp_path: Path) -> None:
    (tmp_path / train.PLATEAU).write_bytes((whole / train.PLATEAU).read_bytes())
    train.return_to_plateau(tmp_path)
    run = train.train(dataset.read_data(folder), tmp_path, replace(OPTIONS, characters=3200))
    assert run.characters >= 3200


def test_the_learning_rate_warms_up_stays_and_falls_to_nothing() -> None:
    rates = [train.learning_rate(OPTIONS, characters) for characters in (100, 200, 1800, 2236, 2600)]
    assert rates == pytest.approx([0.002, 0.004, 0.004, 0.002, 0.0])


def test_training_learns(folder: Path, whole: Path) -> None:
    data = dataset.read_data(folder)
    before = form_only(train.new_network(data, OPTIONS), data, side="train")["all"]
    assert form_only(train.read_network(whole / train.LAST), data, side="train")["all"] < before


def test_every_poem_is_read_once_an_epoch(folder: Path) -> None:
    poems = dataset.read_data(folder).sides["train"]
    read = [(form, int(row)) for form, rows in dataset.batches(poems, 120, 0, 5) for row in rows]
    assert sorted(read) == sorted((form, row) for form, own in poems.items() for row in range(len(own.text)))
    assert dataset.batches(poems, 120, 0, 6)[0][1].tolist() != dataset.batches(poems, 120, 0, 5)[0][1].tolist()


def test_pieces_of_longer_poems_are_read_only_while_the_rate_is_high(folder: Path) -> None:
    data = dataset.read_data(folder)
    pieces = {tuple(text) for poems in data.sides[dataset.MORE].values() for text in poems.text.tolist()}
    run, read = train.new_run(data, OPTIONS), []
    for characters in (0, 1299, 1300, 2000):
        run.epoch, run.index, run.characters = 0, 0, characters
        texts = [batch.text.tolist() for _ in range(8) for batch in train.next_batches(run, data, OPTIONS)]
        read.append(bool(pieces & {tuple(text) for batch in texts for text in batch}))
    assert read == [True, True, False, False]


def test_pieces_that_were_not_prepared_cannot_be_read(folder: Path) -> None:
    data = dataset.read_data(folder)
    del data.sides[dataset.MORE]
    with pytest.raises(train.CannotStart, match="prepare them again"):
        train.new_run(data, OPTIONS)


def test_features_are_dropped_in_training_alone(folder: Path) -> None:
    data = dataset.read_data(folder)
    network = train.new_run(data, OPTIONS).network
    text = torch.from_numpy(data.sides["train"]["五绝"].text[:4])
    wishes = Wishes.none(4, network.config)
    first, second = (network(text, form="五绝", wishes=wishes).loss.item() for _ in range(2))
    assert first != second
    network.eval()
    first, second = (network(text, form="五绝", wishes=wishes).loss.item() for _ in range(2))
    assert first == second


def test_a_poem_is_told_only_its_own_characters_as_keywords(folder: Path) -> None:
    data = dataset.read_data(folder)
    poems = data.sides["train"]["七律"]
    wishes = dataset.asked(poems, np.arange(10), data, 106, dataset.chance_for(0, 3))
    for text, keywords in zip(poems.text, wishes.keywords.tolist(), strict=True):
        assert set(keywords) <= {*text.tolist(), data.vocabulary.nothing}


def test_a_uniform_network_pays_for_the_vocabulary_and_for_rare_characters(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = dataset.read_data(folder)
    network = train.new_network(data, OPTIONS)
    kinds = network.config.classes
    text = torch.tensor([[0] * 19 + [data.vocabulary.unknown]])
    monkeypatch.setattr(network, "log_prob", lambda _hidden, labels, _: torch.full((len(labels),), -math.log(kinds)))
    found = log_probabilities(network, "五绝", text)[0]
    assert found[:19].exp().tolist() == pytest.approx([1 / kinds] * 19)
    assert found[19].exp().item() == pytest.approx(1 / kinds / data.rare_kinds)


def archive(path: Path, records: list[dict[str, object]]) -> Path:
    packed, text = path / "corpus.tgz", json.dumps(records).encode()
    with tarfile.open(packed, "w:gz") as file:
        member = tarfile.TarInfo("package/dist/quantangshi/poet.tang.0.json")
        member.size = len(text)
        file.addfile(member, io.BytesIO(text))
    return packed


def test_the_corpus_is_read_simplified_each_text_once_and_only_whole_verses(tmp_path: Path) -> None:
    verse: dict[str, object] = {
        "author": "王之渙",
        "title": "登鸛雀樓",
        "id": "1",
        "paragraphs": ["白日依山盡，黃河入海流。", "欲窮千里目，更上一層樓。"],
    }
    broken = verse | {"id": "2", "paragraphs": ["白日依山□，黃河入海流。", "欲窮千里目，更上一層樓。"]}
    long = verse | {"id": "3", "paragraphs": ["白日依山盡，黃河入海流。"]}
    found = corpus.read_verses(archive(tmp_path, [verse, broken, long, verse | {"id": "4"}]))
    lines = ("白日依山尽", "黄河入海流", "欲穷千里目", "更上一层楼")
    assert found == [Verse("五绝", lines, title="登鹳雀楼", author="王之涣", dynasty="tang", source="1")]


def test_pieces_of_a_poem_that_shares_a_line_with_one_held_out_are_not_read(tmp_path: Path) -> None:
    line, other = "白日依山盡，", "黃河入海流。"
    record: dict[str, object] = {"author": "", "title": "", "id": "1", "paragraphs": [(line + other) * 6]}
    secret = replace(nonsense(1, 1)[0], lines=("白日依山尽",))
    packed = archive(tmp_path, [record, record | {"id": "2", "paragraphs": [other * 10]}])
    assert sorted(len(piece.lines) for piece in corpus.read_pieces(packed, held_out=[])) == [4, 8, 8]
    assert {piece.source for piece in corpus.read_pieces(packed, held_out=[secret])} == {"2"}


def test_the_split_depends_on_the_text_alone_and_leaves_variant_copies_out() -> None:
    verses = nonsense(4000, 5)
    sides = corpus.split(verses)
    share = (len(sides["validation"]) + len(sides["test"])) / len(verses)
    assert 0.01 < share < 0.03


def test_a_held_out_variant_copy_is_on_no_side() -> None:
    held = next(verse for verse in nonsense(4000, 5) if corpus.side_of(verse.lines) == "test")
    half = held.lines[: len(held.lines) // 2]
    copies = (
        replace(held, lines=half + other.lines[: len(half)]) for other in nonsense(400, 6) if other.form == held.form
    )
    copy = next(verse for verse in copies if corpus.side_of(verse.lines) == "train")
    assert corpus.split([held])["test"] == [held]
    assert corpus.split([held, copy])["test"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["write", "--form", "十四行"], "五绝 七绝 五律 七律"),
        (["write", "--seed", "-1"], "0 to 4294967295"),
        (["write", "--count", "0"], "at least 1"),
        (["write", "--rhyme", "月"], "东 冬 江"),
        (["write", "--top-p", "2"], "above 0 to 1"),
        (["evaluate", "--data", "nowhere"], "prepare"),
        (["prepare", "--archive", "nowhere", "--data", "x"], "npm pack"),
        (["score", "nowhere"], "JSON lines"),
        (["export", "--run", "nowhere"], "train first"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["write", "--seed", "many"], ["paint"], ["train"]])
def test_an_option_that_cannot_be_read_is_one_sentence_too(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_poems_are_written_and_scored_in_the_same_layout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["write", "--form", "五绝", "--seed", "7", "--count", "2", "--candidates", "2", "--json"]) == 0
    (tmp_path / "poems.jsonl").write_text(written := capsys.readouterr().out)
    assert main(["score", str(tmp_path / "poems.jsonl")]) == 0
    scored = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    poems = [json.loads(line) for line in written.splitlines()]
    assert [set(poem) for poem in poems] == [{"form", "lines", "seed", "logprob", "rhyme"}] * 2
    assert [poem["seed"] for poem in poems] == [7, 8]
    # written in eight bits, scored in single precision
    assert [poem["logprob"] for poem in scored] == pytest.approx([poem["logprob"] for poem in poems], abs=0.05)


@pytest.mark.parametrize("line", ["{", '{"form": "五绝"}', '{"form": "五绝", "lines": ["白日依山尽"]}', "[]"])
def test_a_line_that_is_no_poem_is_named(line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "poems.jsonl").write_text(line)
    assert main(["score", str(tmp_path / "poems.jsonl")]) == 2
    assert "line 1" in capsys.readouterr().err


def test_evaluate_prints_one_json_line(folder: Path, whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--data", str(folder), "--run", str(whole), "--side", "test"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["side"], found["poems"]) == ("test", 16)
    assert set(found["perplexity"]) == {"all", "五绝", "七绝", "五律", "七律"}


def test_a_run_is_not_continued_by_a_network_of_another_size(
    folder: Path, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--data", str(folder), "--run", str(whole), "--hidden", "24"]) == 2
    assert "has batch 120: give the same" in capsys.readouterr().err


def test_the_shipped_poet_is_not_measured_on_another_vocabulary(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--data", str(folder)]) == 2
    assert "another vocabulary" in capsys.readouterr().err


def test_a_checkpoint_opens_as_a_network(whole: Path) -> None:
    assert isinstance(train.read_network(whole / train.BEST), PoemRnn)


def test_a_wider_network_says_almost_what_the_narrow_one_said() -> None:
    network = tiny_network()
    text = torch.randint(0, 1000, (4, 20), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        for parameter in network.layers.parameters():
            parameter.mul_(2)  # as far from its beginning as a trained one
        before, after = (log_probabilities(n.eval(), "五绝", text) for n in (network, widen(network, 24)))
        other = log_probabilities(widen(tiny_network(), 24).eval(), "五绝", text)
    assert (after - before).abs().mean() < 0.5 * (other - before).abs().mean()
    assert torch.equal(log_probabilities(widen(network, 16).eval(), "五绝", text), before)
    with pytest.raises(ValueError, match="give more"):
        widen(network, 8)


def test_a_run_can_start_from_a_weights_file_and_be_wider(folder: Path, whole: Path, tmp_path: Path) -> None:
    data, trained = dataset.read_data(folder), train.read_network(whole / train.LAST)
    write_weights(trained, tmp_path / "start.safetensors")
    options = replace(OPTIONS, hidden=24, start=str(tmp_path / "start.safetensors"))
    run = train.new_run(data, options)
    started, trained_to = (form_only(n, data, side="train")["all"] for n in (run.network, trained))
    by_chance = form_only(train.new_network(data, options), data, side="train")["all"]
    assert abs(started - trained_to) < 0.3 * (by_chance - trained_to)
    with pytest.raises(ValueError, match="start from chance"):
        train.new_run(data, replace(options, layers=3))


def test_bfloat16_learns_what_single_precision_learns(folder: Path) -> None:
    data, losses = dataset.read_data(folder), []
    for narrow in (False, True):
        options = replace(OPTIONS, bfloat16=narrow)
        run = train.new_run(data, options)
        losses.append([train.train_step(run, data, options) for _ in range(6)])
        assert all(parameter.dtype == torch.float32 for parameter in run.network.parameters())
    assert losses[1] != losses[0]
    assert losses[1] == pytest.approx(losses[0], rel=0.02)
