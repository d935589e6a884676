"""The painter: shapes, the game's parts, training that resumes bit for bit, painting that repeats itself."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from models import Card, find_card, load
from models.painting_gan import __main__ as cli
from models.painting_gan import wishes
from models.painting_gan.dataset import NoPaintings, Paintings, augment, find_pictures, held_out, open_split
from models.painting_gan.evaluate import frechet_distance, kernel_distance
from models.painting_gan.export import fit_readouts, heads_of, write_heads, write_weights
from models.painting_gan.grow import double
from models.painting_gan.losses import discriminator_loss, generator_loss
from models.painting_gan.networks import DoublingConv, Generator, GeneratorConfig
from models.painting_gan.sample import Painter, freeze, open_generator
from models.painting_gan.train import Options, Run, train
from models.recipe import Picture, Recipe, SeedOutOfRange, Stage, UnknownInput, WrongWeights

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def small() -> Generator:
    """A generator of 16 px with random weights, ready to paint."""
    torch.manual_seed(0)
    config = GeneratorConfig(channels=(16, 12, 8), latent_dim=8, labels=("blobs",), stage_sides=(8,))
    generator = Generator(config)
    generator.eval().requires_grad_(False)
    for parameter in generator.parameters():
        parameter.mul_(10 if parameter.ndim == 4 else 1)  # as loud as a trained one
    return generator


def test_doubling_conv_equals_nearest_neighbour_and_a_convolution() -> None:
    conv, x = DoublingConv(3, 5), torch.randn(2, 3, 6, 6)
    plain = F.conv2d(F.interpolate(x, scale_factor=2), conv.weight, padding=1)
    assert torch.allclose(conv(x), plain, atol=1e-5)


def test_a_generator_survives_saving_and_loading(small: Generator, tmp_path: Path) -> None:
    small.save_pretrained(tmp_path)
    z = torch.randn(3, 8)
    again = Generator.from_pretrained(tmp_path).eval()
    assert small(z).shape == (3, 3, 16, 16)
    assert torch.equal(small(z), again(z))


def test_folding_batch_norms_changes_pictures_by_rounding_only(small: Generator) -> None:
    z = torch.randn(4, 8)
    before = small(z)
    assert torch.allclose(freeze(small)(z), before, atol=1e-4)  # an eightieth of a grey level


def test_truncation_zero_is_the_same_mean_painting_for_every_latent(small: Generator) -> None:
    fit_readouts(small, count=64)
    pictures = small(torch.randn(5, 8), truncation=0.0)
    assert torch.allclose(pictures, pictures[:1].expand_as(pictures), atol=1e-6)


def test_readouts_guess_the_picture_better_than_its_mean_does(small: Generator) -> None:
    fit_readouts(small, count=128)
    maps = small.maps(small.roots(torch.randn(64, 8)))
    target = F.adaptive_avg_pool2d(torch.tanh(small.to_rgb(maps[-1])), 8)
    error = (small.readouts["8"](maps[1]) - target).square().mean()
    assert error < 0.95 * target.var(0).mean()


def test_the_hinge_is_zero_for_a_sure_and_right_discriminator() -> None:
    sure, wrong = [torch.full((2, 1, 3, 3), 2.0)], [torch.full((2, 1, 3, 3), -2.0)]
    assert discriminator_loss(sure, wrong) == 0
    assert discriminator_loss(wrong, sure) == 6
    assert generator_loss(wrong) == 2


def test_augmentation_passes_gradients_to_the_picture() -> None:
    x = torch.zeros(2, 3, 16, 16, requires_grad=True)
    (gradient,) = torch.autograd.grad(augment(x, torch.Generator().manual_seed(0)).sum(), x)
    assert gradient.abs().sum() > 0


def test_a_share_of_the_pictures_is_augmented_and_a_share_loses_a_square() -> None:
    x = torch.rand(400, 3, 16, 16, generator=torch.Generator().manual_seed(1)) * 0.9 + 0.05

    def left_alone(share: float, cutout: float) -> float:
        augmented = augment(x, torch.Generator().manual_seed(2), share=share, cutout=cutout)
        return float((augmented == x).flatten(1).all(1).float().mean())

    assert left_alone(0, 0) == 1
    assert left_alone(0.25, 0) == pytest.approx(0.75, abs=0.08)
    assert left_alone(1, 0) == 0
    cut = augment(x, torch.Generator().manual_seed(2), share=0, cutout=0.5)
    blank = (cut == 0).all(1).flatten(1).float().mean(1)  # a square of half the side, less what lies outside
    assert float((blank > 0).float().mean()) == pytest.approx(0.5, abs=0.08)
    assert float(blank.max()) == pytest.approx(0.25, abs=0.01)
    assert torch.equal(cut[blank == 0], x[blank == 0])


def test_the_distance_of_a_set_to_itself_is_zero_and_grows_with_a_shift() -> None:
    a = torch.randn(300, 8, generator=torch.Generator().manual_seed(1))
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(a, a + 1) == pytest.approx(8, abs=1e-6)
    assert kernel_distance(a, a + 1) > kernel_distance(a, a + 0.1) > kernel_distance(a, a)


def test_no_validation_picture_is_ever_learnt_from(paintings: Path) -> None:
    learn, hold = open_split(paintings, "blobs", 16)
    names = [p.name for p in find_pictures(paintings, "blobs")]
    assert len(hold.pictures) == sum(held_out(name) for name in names) > 0
    assert len(learn.pictures) + len(hold.pictures) == len(names)


def test_a_folder_without_pictures_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoPaintings, match="give a folder of"):
        find_pictures(tmp_path)


def _digest(run: Run) -> str:
    tensors = [t for network in run.networks().values() for t in network.state_dict().values()]
    return hashlib.sha256(b"".join(t.numpy().tobytes() for t in tensors)).hexdigest()


def test_a_resumed_run_equals_an_uninterrupted_one_bit_for_bit(paintings: Path, tmp_path: Path) -> None:
    options = Options(data=str(paintings), label="blobs", images=16, batch=4)
    learn = Paintings.open(find_pictures(paintings, "blobs"), 64)
    whole, first = Run(options, learn), Run(options, learn)
    for _ in range(4):
        whole.step()
    for _ in range(2):
        first.step()
    first.save(tmp_path / "half.safetensors")
    second = Run(replace(options), learn)
    second.restore(tmp_path / "half.safetensors")
    for _ in range(2):
        second.step()
    assert _digest(second) == _digest(whole)


def test_a_new_run_can_start_from_shipped_weights_and_heads(paintings: Path, tmp_path: Path) -> None:
    options = Options(data=str(paintings), label="blobs", images=16, batch=4)
    learn = Paintings.open(find_pictures(paintings, "blobs"), 64)
    old, new = Run(options, learn), Run(replace(options, seed=5), learn)
    old.step()
    old.save(tmp_path / "checkpoint.safetensors")
    write_weights(old.ema, tmp_path / "w.safetensors")
    write_heads(tmp_path / "checkpoint.safetensors", heads_of(tmp_path / "w.safetensors"))
    new.start_from(tmp_path / "w.safetensors", heads_of(tmp_path / "w.safetensors"))
    pairs = zip(old.discriminator.heads.parameters(), new.discriminator.heads.parameters(), strict=True)
    assert all(torch.allclose(a, b, atol=1e-3) for a, b in pairs)
    assert torch.allclose(old.ema.to_rgb.weight, new.generator.to_rgb.weight, atol=1e-3)


@torch.no_grad()
def test_a_grown_generator_begins_by_painting_the_same_twice_as_large() -> None:
    card = find_card("painting-shanshui")
    shipped = open_generator(card.weights, GeneratorConfig(**card.facts["architecture"]))
    z = torch.randn(4, shipped.config.latent_dim, generator=torch.Generator().manual_seed(3))
    before, after = shipped(z), double(shipped, count=64)(z)
    assert after.shape == (4, 3, 2 * before.shape[2], 2 * before.shape[3])
    strangers = (before - before.roll(1, 0)).abs().mean()
    assert (F.avg_pool2d(after, 2) - before).abs().mean() < 0.2 * strangers


def test_a_run_at_twice_the_side_begins_with_a_grown_generator(paintings: Path, tmp_path: Path) -> None:
    options = Options(data=str(paintings), label="blobs", images=16, batch=4)
    old = Run(options, Paintings.open(find_pictures(paintings, "blobs"), 64))
    old.save(tmp_path / "checkpoint.safetensors")
    write_weights(old.ema, tmp_path / "w.safetensors")
    write_heads(tmp_path / "checkpoint.safetensors", heads_of(tmp_path / "w.safetensors"))
    new = Run(replace(options, size=128, bfloat16=True), Paintings.open(find_pictures(paintings, "blobs"), 128))
    new.start_from(tmp_path / "w.safetensors", heads_of(tmp_path / "w.safetensors"))
    assert torch.allclose(old.ema.to_rgb.weight, new.generator.to_rgb.weight, atol=1e-3)
    loss_d, loss_g = new.step()
    assert torch.isfinite(loss_d + loss_g)
    assert all(p.dtype == torch.float32 for p in new.generator.parameters())


def test_a_run_can_begin_from_weights_that_read_themselves_out_at_more_sides(paintings: Path, tmp_path: Path) -> None:
    options = Options(data=str(paintings), label="blobs", images=16, batch=4)
    run = Run(options, Paintings.open(find_pictures(paintings, "blobs"), 64))
    run.save(tmp_path / "checkpoint.safetensors")
    config = run.ema.config
    shown = Generator(GeneratorConfig(config.channels, config.latent_dim, config.labels, (*config.stage_sides, 64)))
    write_weights(shown, tmp_path / "w.safetensors")
    write_heads(tmp_path / "checkpoint.safetensors", heads_of(tmp_path / "w.safetensors"))
    run.start_from(tmp_path / "w.safetensors", heads_of(tmp_path / "w.safetensors"))
    assert torch.allclose(shown.to_rgb.weight, run.generator.to_rgb.weight, atol=1e-3)


def test_a_run_cannot_begin_from_weights_of_another_kind(paintings: Path, tmp_path: Path) -> None:
    options = Options(data=str(paintings), label="blobs", images=16, batch=4)
    run = Run(options, Paintings.open(find_pictures(paintings, "blobs"), 64))
    poet = find_card("poem-tangsong").weights
    with pytest.raises(ValueError, match="no painter's generator"):
        run.start_from(poet, heads_of(poet))


def test_training_leaves_curves_grids_options_and_the_best_generator(paintings: Path, tmp_path: Path) -> None:
    options = Options(data=str(paintings), label="blobs", images=8, batch=4, evaluate_every=4, judged=24)
    run = train(options, tmp_path)
    assert run.images == 8
    expected = {"options.json", "log.jsonl", "curve.png", "checkpoint.safetensors", "before-decay.safetensors"}
    assert expected | {"grid-0000008.png"} <= {p.name for p in tmp_path.iterdir()}
    scores = json.loads((tmp_path / "best" / "scores.json").read_text())
    assert scores["n"] == 24
    assert Generator.from_pretrained(tmp_path / "best").config.labels == ("blobs",)


def test_a_run_killed_with_sigkill_goes_on_where_its_checkpoint_was(paintings: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "models.painting_gan", "train", "--data", str(paintings), "--label", "blobs"]
    command += ["--run", str(tmp_path), "--images", "12", "--batch", "4", "--judged", "8", "--evaluate-every", "4"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while not (tmp_path / "checkpoint.safetensors").exists():
            assert process.poll() is None, "it ended before its first checkpoint"
        process.kill()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    images = [json.loads(line)["images"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert images[-1] == 12


def _card(generator: Generator, folder: Path) -> Card:
    sha256 = write_weights(generator, folder / "small.safetensors")
    facts = {"asks": {"labels": ["blobs"], "sides": [16]}, "architecture": {"latent_dim": generator.config.latent_dim}}
    return Card("small", "painting", "models.painting_gan.sample", sha256, folder / "small.safetensors", facts)


def test_a_recipe_gives_the_same_bytes_whatever_is_painted_beside_it(small: Generator, tmp_path: Path) -> None:
    fit_readouts(small, count=64)
    card = _card(small, tmp_path)
    painter = Painter(open_generator(card.weights, small.config), card, "cpu")
    many = [wishes.recipe(card=card, label="blobs", seed=s) for s in range(11)]
    together = painter.run(many, lambda i, stage: None, lambda i: False)
    alone = [painter.run([wish], lambda i, stage: None, lambda i: False)[0] for wish in many]
    assert together == alone
    assert len({p.pixels for p in together if isinstance(p, Picture)}) == 11


def test_painting_shows_stages_and_leaves_out_what_was_cancelled(small: Generator, tmp_path: Path) -> None:
    card = _card(small, tmp_path)
    painter = Painter(open_generator(card.weights, small.config), card, "cpu")
    stages: list[tuple[int, Stage]] = []
    wish = [wishes.recipe(card=card, label="blobs", seed=s) for s in range(2)]
    results = painter.run(wish, lambda i, s: stages.append((i, s)), lambda i: i == 0)
    assert results[0] is None
    assert [(i, s.done) for i, s in stages] == [(1, 0.5)]


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"label": "portrait", "seed": 1}, UnknownInput),
        ({"label": "blobs", "seed": -1}, SeedOutOfRange),
        ({"label": "blobs", "seed": 2**32}, SeedOutOfRange),
        ({"label": "blobs", "seed": 1, "truncation": 9.0}, UnknownInput),
    ],
)
def test_what_cannot_be_painted_is_refused_with_what_can(
    small: Generator, tmp_path: Path, wish: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error, match=r"choose one of|give a"):
        wishes.recipe(card=_card(small, tmp_path), **wish)  # type: ignore[arg-type]


def test_an_unknown_parameter_in_a_recipe_is_an_error_and_not_ignored(small: Generator, tmp_path: Path) -> None:
    card = _card(small, tmp_path)
    odd = Recipe(card.name, card.sha256, 1, {"label": "blobs"}, {"truncation": 1.0, "guidance": 7})
    with pytest.raises(UnknownInput):
        wishes.check(odd, card=card)


def test_changed_weights_are_refused(small: Generator, tmp_path: Path) -> None:
    card = _card(small, tmp_path)
    card.weights.write_bytes(card.weights.read_bytes()[:-1] + b"\0")
    with pytest.raises(WrongWeights, match="restore it from the repository"):
        load(card)


def test_the_command_line_paints_the_same_bytes_for_the_same_seed(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert cli.main(["sample", "--seed", "3", "--count", "2", "--out", str(tmp_path / folder)]) == 0
    names = ["shanshui-3.png", "shanshui-4.png"]
    assert [(tmp_path / "a" / n).read_bytes() for n in names] == [(tmp_path / "b" / n).read_bytes() for n in names]


def test_the_command_line_says_in_one_sentence_what_it_cannot_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["sample", "--seed", "3", "--label", "cats", "--out", str(tmp_path)]) == 2
    assert "choose one of shanshui" in capsys.readouterr().err


def test_the_shipped_painter_is_the_one_its_card_describes() -> None:
    card = find_card("painting-shanshui")
    assert hashlib.sha256(card.weights.read_bytes()).hexdigest() == card.sha256
    config = GeneratorConfig(**card.facts["architecture"])
    generator = open_generator(card.weights, config)
    assert sum(p.numel() for p in generator.parameters()) == card.facts["parameters"]
    assert config.side == card.facts["asks"]["sides"][0]
    assert card.weights.stat().st_size < 10_000_000
