"""One recurrent layer of the poet: a minimal GRU with an output gate, whose gates do not see the last state.

So all of a poem's gates are computed at once, and only the state goes from place to place; the formulas are in
network.py. Source: Feng et al. 2024, "Were RNNs all we needed?", https://arxiv.org/abs/2410.01201.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


class Recurrence(torch.autograd.Function):
    """h_t = z_t * h_{t-1} + (1 - z_t) * n_t and y_t = o_t * h_t, with the gradient written out.

    Autograd would give the same numbers through some hundred small nodes a layer; tests compare the two.
    """

    @staticmethod
    def forward(ctx: Any, u: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """u: (T, B, 3H) before the nonlinearities; state: (B, H). Gives y (T, B, H) and the last state (B, H)."""
        z, n, o = u.chunk(3, dim=-1)
        z, n, o = torch.sigmoid(z), torch.tanh(n), torch.sigmoid(o)
        h = torch.empty_like(n)
        for t in range(len(u)):
            torch.lerp(n[t], state if t == 0 else h[t - 1], z[t], out=h[t])
        ctx.save_for_backward(z, n, o, h, state)
        last = h[-1].clone()
        ctx.mark_non_differentiable(last)
        return o * h, last

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        """The gradient of y with respect to u; none flows into the first state, which is never learnt."""
        z, n, o, h, state = ctx.saved_tensors
        size, grad_y = z.shape[-1], grads[0]
        grad_h = grad_y * o
        for t in range(len(z) - 2, -1, -1):
            grad_h[t].addcmul_(z[t + 1], grad_h[t + 1])
        before = torch.cat([state[None], h[:-1]])
        grad_u = grad_y.new_empty(*z.shape[:-1], 3 * size)
        torch.mul(grad_h * (before - n), z * (1 - z), out=grad_u[..., :size])
        torch.mul(grad_h * (1 - z), 1 - n * n, out=grad_u[..., size : 2 * size])
        torch.mul(grad_y * h, o * (1 - o), out=grad_u[..., 2 * size :])
        return grad_u, None


def drop(x: Tensor, share: float) -> Tensor:
    """(T, B, I) with that share of each poem's features set to 0, the same ones at every place, the rest scaled up.

    Variational dropout (Gal & Ghahramani 2016, https://arxiv.org/abs/1512.05287); for training only.
    """
    if share == 0:
        return x
    kept = x.new_empty(1, *x.shape[1:]).bernoulli_(1 - share)
    return x * (kept / (1 - share))


class Layer(nn.Module):
    """One minimal GRU layer with an output gate: (T, B, I) -> (T, B, H)."""

    def __init__(self, inputs: int, hidden: int, condition: int) -> None:
        super().__init__()
        self.norm = nn.RMSNorm(inputs)
        self.gates = nn.Linear(inputs, 3 * hidden)
        self.wishes = nn.Linear(condition, 3 * hidden, bias=False)
        self.residual = inputs == hidden

    def forward(self, x: Tensor, wished: Tensor, state: Tensor, dropout: float = 0.0) -> tuple[Tensor, Tensor]:
        """x: (T, B, I); wished: (B, 3H), `wishes` of what is asked; state: (B, H). Gives output and last state."""
        read = drop(self.norm(x), dropout)
        u = (self.gates(read) + wished).float()  # autocast: the recurrence stays in fp32
        y, last = Recurrence.apply(u, state)  # type: ignore[no-untyped-call]
        return (x + y if self.residual else y), last
