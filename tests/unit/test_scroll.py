"""The mounter: the same scroll is the same pixels, every mount holds its work, and paper gets what the screen had."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from gallery import scroll
from gallery.scroll import CHOICES, LEISURE, Layout, OddLayout, Sheet, compose, mounts
from gallery.scroll.hands import FOLDER, FONTS
from gallery.scroll.leaf import leaf
from gallery.scroll.silk import damask, paper, weave

LAYOUT = Layout("2026-11-24", signature="阿宁")


def test_a_layout_of_before_there_were_stamps_is_sealed_as_it_was() -> None:
    assert Layout("2026-11-24").seal == "诗画"
    assert "stamp" not in LAYOUT.choices()
    assert Layout(**Layout("2026-11-24", stamp=LEISURE).choices()).seal == LEISURE


QUATRAIN = ("空山新雨后", "天气晚来秋", "明月松间照", "清泉石上流")
OCTAVE = ("风急天高猿啸哀", "渚清沙白鸟飞回") * 4


def painting(side: int = 64, tone: int = 90) -> Sheet:
    """A square with a dark hill at its foot."""
    rows = [bytes((230, 220, 200)) * side if y < side * 2 // 3 else bytes((tone,) * 3) * side for y in range(side)]
    return Sheet(b"".join(rows), side, side)


def image(sheet: Sheet) -> Image.Image:
    return Image.frombytes("RGB", (sheet.width, sheet.height), sheet.data)


def test_the_same_scroll_is_the_same_pixels_and_another_signature_is_not() -> None:
    one, again = (compose(painting(), QUATRAIN, LAYOUT, scale=0.2) for _ in range(2))
    other = compose(painting(), QUATRAIN, replace(LAYOUT, signature="小满"), scale=0.2)
    assert one == again
    assert other.data != one.data


def test_a_hanging_scroll_is_at_least_1600_pixels_high() -> None:
    made = compose(painting(), QUATRAIN, LAYOUT)
    assert made.width == 1240
    assert made.height >= 1600
    assert len(made.data) == 3 * made.width * made.height


@pytest.mark.parametrize("mount", CHOICES["mount"])
@pytest.mark.parametrize(("lines", "side"), [(QUATRAIN, 16), (OCTAVE, 256)])
def test_every_mount_takes_every_form_and_any_size_of_painting(mount: str, lines: tuple[str, ...], side: int) -> None:
    made = compose(painting(side), lines, replace(LAYOUT, mount=mount), scale=0.15)
    assert max(made.width, made.height) > 150
    assert len({pixel for _, pixel in image(made).getcolors(1 << 24) or []}) > 1000


@pytest.mark.parametrize(
    "columns",
    [("山水云月风雨雪",) * 5 + ("",) + ("山水云月风雨雪",) * 5, ("山水云月风\u3000" * 3,) * 9, QUATRAIN, OCTAVE],
)
def test_long_verse_stays_on_its_paper_above_the_painting(columns: tuple[str, ...]) -> None:
    em, step, pitch, height = mounts._hall(columns)
    assert pitch * (len(columns) - 1) + 2.28 * em < 820
    assert step * max(map(len, columns)) <= height - 110
    assert em > 30


def test_a_blank_in_a_column_is_not_drawn() -> None:
    gap, blank = (np.asarray(leaf(lines)) for lines in (("山水", "", "云月"), ("山水", "\u3000\u3000", "云月")))
    assert np.array_equal(gap, blank)


@pytest.mark.parametrize(
    ("mount", "place"), [("hanging", (0.5, 0.72)), ("handscroll", (0.65, 0.75)), ("fan", (0.72, 0.6))]
)
def test_the_painting_is_where_the_mount_has_room_for_it(mount: str, place: tuple[float, float]) -> None:
    light, dark = (compose(painting(32, tone), QUATRAIN, replace(LAYOUT, mount=mount), scale=0.1) for tone in (200, 40))
    spot = (round(place[0] * light.width), round(place[1] * light.height))
    assert sum(image(light).getpixel(spot)) - sum(image(dark).getpixel(spot)) > 200  # type: ignore[arg-type]


def test_a_preview_shows_what_will_hang() -> None:
    whole, half = (image(compose(painting(), QUATRAIN, LAYOUT, scale=scale)) for scale in (1.0, scroll.PREVIEW))
    small = [view.resize((60, 110), Image.Resampling.BOX).convert("L").tobytes() for view in (whole, half)]
    assert sum(abs(a - b) for a, b in zip(*small, strict=True)) / len(small[0]) < 3


def test_every_choice_changes_the_picture() -> None:
    seen = {}
    for name, values in CHOICES.items():
        for value in values:
            seen[name, value] = zlib.crc32(
                compose(painting(16), QUATRAIN, replace(LAYOUT, **{name: value}), scale=0.1).data
            )
    assert len(set(seen.values())) == len(seen) - len(CHOICES) + 1  # the first of each is the same scroll


@pytest.mark.parametrize(
    "wrong", [{"mount": "poster"}, {"silk": ""}, {"hand": "clerk"}, {"cut": "wax"}, {"day": "小雪"}, {"day": ""}]
)
def test_what_there_is_none_of_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(OddLayout):
        replace(LAYOUT, **wrong)


def test_the_texture_is_woven_and_not_flat() -> None:
    figured = np.asarray(damask((300, 300), (200, 180, 140), 1.0, 5).convert("L")).astype(int)
    assert figured.max() - figured.min() > 25
    assert abs(float(weave((200, 200), 1.0, 3).std()) - 0.5) < 0.1
    assert len(set(paper((80, 80), (240, 230, 210), 1.0, 3).tobytes())) > 10


def test_a_page_for_the_printer_has_the_scrolls_size_and_every_pixel() -> None:
    made, file = compose(painting(), QUATRAIN, LAYOUT, scale=0.3), io.BytesIO()
    image(made).save(file, "PNG")
    told = {"title": "松风", "author": "阿宁", "description": "A scroll", "xmp": "<x/>"}
    page = scroll.pdf(file.getvalue(), **told, made_s=1e9)
    assert page == scroll.pdf(file.getvalue(), **told, made_s=1e9)
    box = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page)[0]
    assert [round(float(side) / 72 * 200) for side in box] == [made.width, made.height]
    data = re.findall(rb"/Subtype /Image.*?stream\r?\n(.*?)\r?\nendstream", page, re.DOTALL)
    assert any(len(zlib.decompress(one)) in (len(made.data), len(made.data) + made.height) for one in data)


def test_the_fingerprint_names_the_fonts() -> None:
    files = {path.name for path in FOLDER.iterdir()}
    assert {f"{name}.{suffix}" for name in FONTS for suffix in ("woff2", "txt")} <= files
    assert len(scroll.fingerprint()) == len(hashlib.sha256().hexdigest())
