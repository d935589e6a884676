"""The date as a scroll bears it: the year in the sexagenary cycle and the solar term, such as 丙午小雪.

The year turns at 立春, as in calendars by solar terms, and not at the lunar new year; terms and year then agree with
each other. A term lasts from the day (UTC+8) on which the sun reaches it until the day before the next. The sun's place
is good to a hundredth of a degree, a quarter of an hour, so a term that begins within minutes of midnight may come out
a day off. Source: J. Meeus, Astronomical Algorithms (2nd ed.), chapter 25, low accuracy.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone

STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
# From the spring equinox, where the sun's longitude is 0, every 15 degrees.
_TERM_NAMES = "春分清明谷雨立夏小满芒种夏至小暑大暑立秋处暑白露秋分寒露霜降立冬小雪大雪冬至小寒大寒立春雨水惊蛰"
TERMS = tuple(_TERM_NAMES[n : n + 2] for n in range(0, 48, 2))
CHINA = timezone(timedelta(hours=8))
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_SPRING = 21  # where 立春 stands in TERMS


def day_of(seconds: float) -> date:
    """The day in China at that time, in seconds since 1970-01-01 UTC.

    >>> day_of(1_800_000_000)
    datetime.date(2027, 1, 15)
    """
    return datetime.fromtimestamp(seconds, CHINA).date()


def words_of(day: date) -> str:
    """Year and solar term.

    >>> words_of(date(2026, 11, 24)), words_of(date(2026, 2, 3)), words_of(date(2026, 2, 4))
    ('丙午小雪', '乙巳大寒', '丙午立春')
    """
    return year_name(day) + TERMS[_term(day)]


def year_name(day: date) -> str:
    """The year's stem and branch; 1984 began a cycle.

    >>> year_name(date(1984, 2, 4)), year_name(date(1984, 2, 3))
    ('甲子', '癸亥')
    """
    before_spring = day.month <= 2 and _term(day) < _SPRING
    number = day.year - 4 - before_spring
    return STEMS[number % 10] + BRANCHES[number % 12]


def _term(day: date) -> int:
    """Which of TERMS the day is in: the last that the sun has reached before the day is over."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(days=1)
    return int(sun_longitude(midnight) // 15)


def sun_longitude(moment: datetime) -> float:
    """The sun's apparent longitude in degrees, 0 to 360.

    >>> round(sun_longitude(datetime(1992, 10, 13, tzinfo=UTC)), 2)
    199.91
    """
    centuries = ((moment - _J2000).total_seconds() + 69) / 86400 / 36525  # 69 s: dynamical less universal time
    mean = 280.46646 + 36000.76983 * centuries + 0.0003032 * centuries**2
    anomaly = math.radians(357.52911 + 35999.05029 * centuries - 0.0001537 * centuries**2)
    centre = (1.914602 - 0.004817 * centuries) * math.sin(anomaly)
    centre += 0.019993 * math.sin(2 * anomaly) + 0.000289 * math.sin(3 * anomaly)
    node = math.radians(125.04 - 1934.136 * centuries)
    return (mean + centre - 0.00569 - 0.00478 * math.sin(node)) % 360
