"""Film: painted frames become a loop that any browser plays: an MP4 (H.264) and, smaller, an animated WebP.

Between every two frames that were painted stands one that is half of each, so the film runs at twice their rate, and
after the last comes the first again. One thread encodes, and nothing of time or machine is written inside: the same
frames give the same bytes wherever the same libraries are. It knows nothing of painters or recipes.

PyAV: https://pyav.basswood-io.com; H.264: ITU-T H.264; the options are those of libx264.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

PAINTED = 12  # frames a second that are painted
RATE = 2 * PAINTED  # frames a second of the MP4
SMALL = 256  # px, side of the WebP
SECONDS = (2, 12)
CODEC = {"crf": "21", "preset": "fast", "threads": "1", "movflags": "+faststart"}
TINY = 128  # px; in films smaller than that libx264's macroblock trees differ from one time to the next
MAX_BYTES = 64 * 2**20  # of an MP4 that comes from elsewhere
_WEBP = {"quality": 76, "method": 2, "loop": 0, "duration": round(1000 / PAINTED), "minimize_size": False}


class BadFilm(ValueError):
    """Bytes that are not a film which this gallery takes; str(error) says why in one English sentence."""


@dataclass(frozen=True)
class Cut:
    """A finished film, as the bytes of its two files."""

    mp4: bytes
    webp: bytes


class Reel:
    """Takes the painted frames one by one, all of one even size, and gives the film.

    note: what the MP4 says of itself to any program.
    """

    def __init__(self, width: int, height: int, note: str = "") -> None:
        import av  # a tenth of a second to read, for the few who make a film

        self._folder = TemporaryDirectory(prefix="shihua-film-")  # its head is written last, over what stands there
        self._file, self._small = Path(self._folder.name) / "film.mp4", list[Image.Image]()
        self._first: Image.Image | None = None
        self._last: Image.Image | None = None
        self._container = av.open(self._file, "w", format="mp4", options={"movflags": CODEC["movflags"]})
        self._container.metadata["comment"] = note
        stream = self._container.add_stream("libx264", rate=RATE)
        assert isinstance(stream, av.VideoStream)  # noqa: S101 (for the type checker)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, RATE)
        stream.options = {name: CODEC[name] for name in ("crf", "preset", "threads")}
        if min(width, height) < TINY:
            stream.options |= {"x264-params": "no-mbtree=1"}
        self._stream = stream

    def add(self, pixels: bytes) -> None:
        """The next painted frame: 8-bit RGB, row by row, top first."""
        frame = Image.frombytes("RGB", (self._stream.width, self._stream.height), pixels)
        self._small.append(_reduced(frame))
        if self._last is not None:
            self._show(self._last, Image.blend(self._last, frame, 0.5))
        self._first, self._last = self._first or frame, frame

    def cut(self) -> Cut:
        """The film, closed to a loop; raises ValueError for one without a frame."""
        if self._first is None or self._last is None:
            raise ValueError("a film has at least one frame")
        self._show(self._last, Image.blend(self._last, self._first, 0.5))
        for packet in self._stream.encode():
            self._container.mux(packet)
        self._container.close()
        return Cut(self._file.read_bytes(), _animated(self._small))

    def close(self) -> None:
        """Lets go of what lies on the disk; again is no matter."""
        self._container.close()
        self._folder.cleanup()

    def _show(self, *frames: Image.Image) -> None:
        import av

        for frame in frames:
            for packet in self._stream.encode(av.VideoFrame.from_image(frame)):  # type: ignore[no-untyped-call]
                self._container.mux(packet)


def _reduced(frame: Image.Image) -> Image.Image:
    return frame.resize((SMALL, SMALL * frame.height // frame.width), Image.Resampling.LANCZOS)


def _animated(small: list[Image.Image]) -> bytes:
    webp = io.BytesIO()
    small[0].save(webp, "WEBP", save_all=True, append_images=small[1:], **_WEBP)
    return webp.getvalue()


def received(mp4: bytes, width: int, height: int, painted: int) -> Cut:
    """A film that was cut elsewhere, decoded from end to end, and the WebP that belongs to it.

    painted: how many of its frames must have been. Raises BadFilm for anything but so long an H.264 of that size.
    """
    import av

    if len(mp4) > MAX_BYTES:
        raise BadFilm(f"the film has more than {MAX_BYTES // 2**20} MB")
    small, count = list[Image.Image](), 0
    try:
        with av.open(io.BytesIO(mp4), "r", format="mp4") as container:
            _check_streams([stream.codec_context.name for stream in container.streams])
            for count, frame in enumerate(container.decode(video=0), 1):
                if (frame.width, frame.height) != (width, height) or count > 2 * painted:
                    raise BadFilm("the film is larger or longer than its poster and its recipe say")
                if count % 2:
                    small.append(_reduced(frame.to_image()))  # type: ignore[no-untyped-call]
    except (av.FFmpegError, OSError) as error:
        raise BadFilm(f"the film is damaged ({error})") from error
    if not small or count < 2 * painted:
        raise BadFilm(f"the film ends after {count} of {2 * painted} frames")
    return Cut(mp4, _animated(small))


def _check_streams(codecs: list[str]) -> None:
    if codecs != ["h264"]:
        raise BadFilm("the film is no MP4 of one H.264 stream")


def fingerprint() -> str:
    """SHA-256 of the way in which films are made."""
    return hashlib.sha256(
        f"{PAINTED} {RATE} {SMALL} {sorted(CODEC.items())} {sorted(_WEBP.items())}".encode()
    ).hexdigest()


def versions() -> dict[str, str]:
    """Of what encodes."""
    return {"av": version("av"), "pillow": version("pillow")}
