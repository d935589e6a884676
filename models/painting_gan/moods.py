"""Moods as places of the painter's sliders: what each of seven feelings asks of light, colour, ink and composition.

The values are ours, after what is measured of colour and feeling: brighter and more saturated colours please, darker
and more saturated ones arouse (Valdez & Mehrabian 1994, "Effects of color on emotions"), and complexity arouses
(Berlyne 1971, "Aesthetics and Psychobiology"). The painter feels nothing, and was told of no feeling in training; a
mood moves a painting along learnt directions (directions.py), and `export` measures how often the two indices below go
where the mood says. Sliders run from -3 to 3.
"""

from __future__ import annotations

from collections.abc import Mapping

MOODS: Mapping[str, Mapping[str, float]] = {
    "joy": {"light": 2.0, "warm": 2.0, "ink": 0.5, "detail": 2.0},
    "anger": {"light": -2.5, "warm": 2.0, "green": -2.0, "ink": 2.0, "detail": 2.0},
    "sorrow": {"light": -1.5, "warm": -2.5, "ink": -1.0, "detail": -2.0, "low": 1.0},
    "fear": {"light": -2.5, "warm": -1.5, "ink": 2.5, "detail": 1.5, "low": -2.0},
    "calm": {"light": 1.5, "warm": -0.5, "ink": -1.5, "detail": -2.0, "low": 1.0},
    "vast": {"light": 2.0, "ink": -1.0, "detail": -2.5, "low": 2.5},
    "seclusion": {"light": -2.0, "green": 2.5, "detail": 1.0},
}
# The sign of (pleasure, arousal) that each promises; 0 where it promises nothing.
PROMISES: Mapping[str, tuple[int, int]] = {
    "joy": (1, 1),
    "anger": (-1, 1),
    "sorrow": (-1, -1),
    "fear": (-1, 1),
    "calm": (1, -1),
    "vast": (1, -1),
    "seclusion": (-1, 0),
}
PLEASURE = {"light": 0.69, "chroma": 0.22}
AROUSAL = {"light": -0.31, "chroma": 0.60, "detail": 0.60}  # the last is ours, after Berlyne
