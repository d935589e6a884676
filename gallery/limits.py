"""Limits: how much of what may come of whom within an hour, whoever that is: a visitor, or the neighbourhood of one.

A neighbourhood is the prefix of an internet address, /24 of IPv4 and /48 of IPv6, as a household, school or hoster has
it. What is kept of it is a keyed hash alone, in memory; the key is drawn anew every day (UTC) and the old one thrown
away with all it has counted, so that neither we nor who takes this machine can say where anybody came from. The address
itself is forgotten with the request. An address that is not of the internet at large (this machine, a local network)
tells nothing: behind it stands a proxy that was not named in the settings, or ourselves. It is not counted.
"""

from __future__ import annotations

import ipaddress
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from hashlib import blake2b

HOUR = 60  # minutes
DAY_S = 24 * 3600
PREFIXES = {4: 24, 6: 48}


def prefix_of(host: str) -> str:
    """The neighbourhood of an address; nothing for one that is local, or none.

    >>> prefix_of("8.8.4.129"), prefix_of("2001:4860:4860:1::8844"), prefix_of("192.168.1.9"), prefix_of("a name")
    ('8.8.4.0/24', '2001:4860:4860::/48', '', '')
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if not address.is_global:
        return ""
    return str(ipaddress.ip_network((address, PREFIXES[address.version]), strict=False))


class Limits:
    """Counts by the minute who has done what within the last hour. Thread-safe; nothing of it outlasts the process."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._day, self._salt = -1, b""
        self._minutes: deque[tuple[int, Counter[tuple[str, str]]]] = deque()
        self._sums: Counter[tuple[str, str]] = Counter()

    def near(self, host: str) -> str:
        """The name by which the neighbourhood of an address is known today; nothing for one that tells nothing."""
        prefix = prefix_of(host)
        with self._lock:
            self._turn()
            return blake2b(prefix.encode(), key=self._salt, digest_size=16).hexdigest() if prefix else ""

    def take(self, act: str, who: str, most: int) -> bool:
        """Whether one more such act of theirs may be done now; if so it is counted. Who has no name is not counted.

        >>> limits = Limits(lambda: 0.0)
        >>> limits.take("vote", "a", 2), limits.take("vote", "a", 2), limits.take("vote", "a", 2)
        (True, True, False)
        >>> limits.take("vote", "b", 2), limits.take("paint", "a", 2)
        (True, True)
        """
        if not who:
            return True
        with self._lock:
            self._turn()
            if self._sums[act, who] >= most:
                return False
            self._minutes[-1][1][act, who] += 1
            self._sums[act, who] += 1
            return True

    def _turn(self) -> None:
        """Begins the day and the minute that it is, and forgets what is over."""
        now = self._clock()
        if int(now // DAY_S) != self._day:
            self._day, self._salt = int(now // DAY_S), secrets.token_bytes(32)
            self._minutes.clear()
            self._sums.clear()
        minute = int(now // 60)
        while self._minutes and self._minutes[0][0] <= minute - HOUR:
            self._sums -= self._minutes.popleft()[1]  # and whoever has none left is dropped
        if not self._minutes or self._minutes[-1][0] != minute:
            self._minutes.append((minute, Counter()))
