"""Who is visiting: a random number in a signed cookie, without an account, a name or an address.

The secret lives in the home folder, readable by its owner only. It is renewed every SECRET_DAYS days: the newest key
signs, and older ones are read as long as anything that they have signed may be good. A forged or outworn cookie is not
an error: its bearer is a new visitor. The same secret signs draft tokens, and the tickets of duels, under other salts,
so that none can stand for another; and it draws lots that nobody outside can foresee. A curator's session is signed
under a salt that holds the hash of the password, so that a new password ends it. Limits of pace are here too.
Signing: itsdangerous, https://itsdangerous.palletsprojects.com.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from itsdangerous import BadSignature, TimestampSigner
from itsdangerous import Signer as TextSigner
from itsdangerous.encoding import base64_decode, base64_encode

COOKIE = "shihua_visitor"
COOKIE_AGE_S = 400 * 24 * 3600  # browsers keep no cookie longer (RFC 6265bis, section 5.5)
SECRET_BYTES = 32
SECRET_DAYS = 90
SECRETS = 6  # keys that are read: the newest, and those of the 400 days that a cookie is good for


@dataclass(frozen=True)
class Visitor:
    """Someone who looks, makes and rates; `id` is 32 hexadecimal digits, or the house's own name.

    since_s: when the cookie was given, in seconds since 1970; near: where this request comes from, as `limits` names it
    today. Neither is part of who somebody is.
    """

    id: str
    since_s: float = field(default=0.0, compare=False)
    near: str = field(default="", compare=False)


HOUSE = Visitor("shihua")


def new_visitor() -> Visitor:
    """A visitor never seen before."""
    return Visitor(secrets.token_hex(16), time.time())


class Signer:
    """Signs and reads cookies, draft tokens and tickets with one secret: keys of SECRET_BYTES each, the newest last."""

    def __init__(self, secret: bytes) -> None:
        self._keys = [secret[at : at + SECRET_BYTES] for at in range(0, len(secret), SECRET_BYTES)]
        self._cookies = TimestampSigner(self._keys, salt="visitor")
        self._drafts = TextSigner(self._keys, salt="draft")
        self._tickets = TextSigner(self._keys, salt="ticket")
        self._lots = TextSigner(self._keys[:1], salt="lot")  # the oldest: what chance gave is not to change soon

    def cookie(self, visitor: Visitor) -> str:
        """The value of the cookie that makes its bearer this visitor for COOKIE_AGE_S seconds."""
        return self._cookies.sign(visitor.id).decode()

    def read_cookie(self, cookie: str | None) -> Visitor | None:
        """The visitor of a genuine, fresh cookie; None for any other text: then make a `new_visitor`."""
        try:
            name, given = self._cookies.unsign(cookie or "", max_age=COOKIE_AGE_S, return_timestamp=True)
            return Visitor(name.decode(), given.timestamp()) if _is_spelt_as_signed(cookie or "") else None
        except (BadSignature, UnicodeError):
            return None

    def draft_token(self, visitor: Visitor, draft: str) -> str:
        """The token by which this visitor, and nobody else, can save that draft."""
        return self._drafts.sign(f"{visitor.id}.{draft}").decode()

    def read_draft(self, token: str) -> tuple[Visitor, str] | None:
        """The maker and the draft of a genuine token; None for any other text."""
        try:
            visitor, _, draft = self._drafts.unsign(token).decode().partition(".")
        except (BadSignature, UnicodeError):
            return None
        return Visitor(visitor), draft

    def ticket(self, purpose: str, visitor: Visitor, *numbers: int) -> str:
        """A token that gives these numbers back, for this purpose and to this visitor only."""
        return self._tickets.sign(".".join([purpose, visitor.id, *map(str, numbers)])).decode()

    def read_ticket(self, purpose: str, token: str) -> tuple[Visitor, tuple[int, ...]] | None:
        """The visitor and the numbers of a genuine ticket for this purpose; None for any other text."""
        try:
            given, visitor, *numbers = self._tickets.unsign(token).decode().split(".")
        except (BadSignature, UnicodeError):
            return None
        return (Visitor(visitor), tuple(map(int, numbers))) if given == purpose else None

    def session(self, name: str, password_hash: str, given_s: int) -> str:
        """The cookie that makes its bearer the curator of that name, as long as the password is the same."""
        return self._sessions(password_hash).sign(f"{name}.{given_s}").decode()

    def read_session(self, cookie: str, password_hash: str) -> int | None:
        """When a genuine session was given, in seconds since 1970; None for any other text."""
        try:
            return int(self._sessions(password_hash).unsign(cookie).decode().rpartition(".")[2])
        except (BadSignature, UnicodeError):
            return None

    def _sessions(self, password_hash: str) -> TextSigner:
        return TextSigner(self._keys, salt=f"desk {password_hash}")

    def lot(self, *parts: object) -> bytes:
        """What chance gives for these parts: always the same, and not to be foreseen without the secret."""
        return self._lots.get_signature("|".join(map(str, parts)))


class Pace:
    """How fast somebody may go: `burst` acts at once, then `per_s` a second (a token bucket)."""

    def __init__(self, *, per_s: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_s, self._burst, self._clock = per_s, burst, clock
        self._left, self._at = float(burst), clock()

    def allows(self) -> bool:
        """Whether one more may be done now; if so it is counted.

        >>> pace = Pace(per_s=1, burst=2, clock=lambda: 0.0)
        >>> pace.allows(), pace.allows(), pace.allows()
        (True, True, False)
        """
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def open_secret(home: Path) -> bytes:
    """The secret of this home, made on first use with mode 600; two processes that race get the same one.

    Raises OSError when the folder cannot be written, and ValueError when the file is not a secret.
    """
    path = home / "secret"
    if not path.exists():
        _write_secret(path)
    secret = path.read_bytes()
    if not secret or len(secret) % SECRET_BYTES:
        raise ValueError(f"{path} is no secret of {SECRET_BYTES} bytes; delete it, and every visitor is a new one")
    return secret


def renew_secret(home: Path, *, forget: bool = False) -> bytes:
    """Adds a new key, which signs from now on, to those that are read, and lets the oldest go; or all, if told to.

    A signer that is open goes on with what it has read. Raises what `open_secret` does.
    """
    kept = b"" if forget else open_secret(home)[-(SECRETS - 1) * SECRET_BYTES :]
    secret = kept + secrets.token_bytes(SECRET_BYTES)
    draft = _draft_secret(home / "secret", secret)
    draft.replace(home / "secret")
    return secret


def secret_age_days(home: Path, now_s: float) -> float:
    """Days since the newest key was made; 0 where there is none yet."""
    path = home / "secret"
    return max(0.0, now_s - path.stat().st_mtime) / (24 * 3600) if path.exists() else 0.0


def _draft_secret(path: Path, secret: bytes) -> Path:
    """Writes a secret beside its place, with mode 600; on return it is on the disk."""
    draft = path.with_name(f"secret.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _write_secret(path: Path) -> None:
    draft = _draft_secret(path, secrets.token_bytes(SECRET_BYTES))
    try:
        os.link(draft, path)  # fails if another process was first; its secret then counts
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _is_spelt_as_signed(text: str) -> bool:
    """Whether the signature stands there as it was written: the last letter of base64 holds bits that say nothing."""
    signature = text.rpartition(".")[2]
    return base64_encode(base64_decode(signature)).decode() == signature
