"""The genome of a painting: the latent z it grows from, drawn from a seed or bred from other paintings' latents.

A recipe carries its parents' latents themselves, so it can be cooked without them and never grows with its ancestry.
Between two parents lies the great circle (slerp), since Gaussian latents live near a sphere; a mutation turns the child
towards a fresh latent by an angle. Latents are compared and kept at unit second moment, for the generator ignores their
length. Pure numpy: the gallery's web process breeds with the same functions as the worker that paints.

Source: Shoemake 1985, "Animating rotation with quaternion curves"; White 2016, "Sampling Generative Networks"
(arXiv:1609.04468); breeding after Secretan et al. 2008, "Picbreeder".
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.recipe import Recipe, UnknownInput

Latent = NDArray[np.float32]  # (dim,)


def draw(seed: int, dim: int) -> Latent:
    """The latent of a seed: Gaussian numbers from a counter-based generator, the same on every device.

    >>> draw(7, 128).shape, bool((draw(7, 128) == draw(7, 128)).all())
    ((128,), True)
    """
    return np.random.Generator(np.random.Philox(key=seed)).standard_normal(dim, dtype=np.float32)


def pack(z: Latent) -> str:
    """A latent as text: 16-bit floats at unit second moment, little-endian, base64."""
    return base64.b64encode(_unit(z).astype("<f2").tobytes()).decode("ascii")


def unpack(text: object, dim: int) -> Latent:
    """The latent that `pack` wrote; raises UnknownInput for anything else.

    >>> bool(np.allclose(unpack(pack(draw(7, 128)), 128), _unit(draw(7, 128)), atol=2e-3))
    True
    """
    try:
        z = np.frombuffer(base64.b64decode(str(text), validate=True), dtype="<f2").astype(np.float32)
    except (binascii.Error, ValueError):
        z = np.zeros(0, np.float32)
    if z.shape != (dim,) or not np.isfinite(z).all() or not z.any():
        raise UnknownInput(
            f"a parent's latent is {dim} 16-bit numbers as base64; take it from a painting of this house"
        )
    return z


def breed(parents: Sequence[Latent], *, seed: int, blend: float, mutation: float) -> Latent:
    """A child of one or two parents. blend: 0 is the first, 1 the second; mutation: 0 is none, 1 is all new.

    >>> a, b = draw(1, 128), draw(2, 128)
    >>> bool(np.allclose(breed([a, b], seed=3, blend=1.0, mutation=0.0), _unit(b), atol=1e-5))
    True
    """
    child = _unit(parents[0]) if len(parents) == 1 else _slerp(_unit(parents[0]), _unit(parents[1]), blend)
    angle = mutation * np.pi / 2
    fresh = _unit(draw(seed, len(child)))
    return _unit((np.cos(angle) * child + np.sin(angle) * fresh).astype(np.float32))


def latent_of(recipe: Recipe, dim: int) -> Latent:
    """The latent that a painting's recipe leads to; the recipe has been checked (wishes.check)."""
    parents = [unpack(text, dim) for text in recipe.inputs.get("parents", ())]
    if not parents:
        return draw(recipe.seed, dim)
    blend = float(recipe.parameters.get("blend", 0.0))
    return breed(parents, seed=recipe.seed, blend=blend, mutation=float(recipe.parameters["mutation"]))


def _unit(z: Latent) -> Latent:
    """Scaled so that the mean of the squares is one."""
    return np.asarray(z / np.sqrt(np.mean(np.square(z, dtype=np.float64))), dtype=np.float32)


def _slerp(a: Latent, b: Latent, t: float) -> Latent:
    """The point at t on the great circle from a to b; both have unit second moment. Opposite ones meet in a straight
    line, which has no middle: there the circle is undefined, and the nearer end is taken."""
    cosine = float(np.clip(np.mean(a * b, dtype=np.float64), -1.0, 1.0))
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-4:
        return a if t < 0.5 else b
    return np.asarray((np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle), dtype=np.float32)
