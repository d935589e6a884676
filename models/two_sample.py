"""The classifier two-sample test: can anything simple tell ours from real? Both networks are judged with it.

A logistic regression is fitted to half of the features of each kind and asked about the other half: .5 is "cannot
tell", 1 is "always". Only beside the same test between two sets of real ones, its floor, does a figure say anything.
Source: Lopez-Paz & Oquab 2017, "Revisiting classifier two-sample tests" (arXiv:1610.06545).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

RIDGE = 0.1  # of the squared weights, for features of unit deviation


def told_apart(ours: Tensor, real: Tensor, *, seed: int = 6) -> float:
    """The share of held-back rows that are put on the right side; features (N, D) and (M, D), min(N, M) of each.

    >>> a, b = torch.zeros(40, 1), torch.ones(40, 1)
    >>> told_apart(a, b)
    1.0
    """
    count = min(len(ours), len(real)) // 2 * 2
    features = torch.cat([ours[:count], real[:count]]).double()
    labels = torch.arange(2).repeat_interleave(count).double()
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    fitted, judged = (torch.cat([part, part + count]) for part in (order[: count // 2], order[count // 2 :]))
    features = (features - features[fitted].mean(0)) / (features[fitted].std(0) + 1e-3)
    features = torch.cat([features, torch.ones(len(features), 1).double()], dim=1)  # the bias
    weights = _fit(features[fitted], labels[fitted])
    return float(((features[judged] @ weights > 0) == labels[judged].bool()).double().mean())


def _fit(features: Tensor, labels: Tensor, steps: int = 60) -> Tensor:
    """(D,) weights of a logistic regression."""
    weights = torch.zeros(features.shape[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=steps, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        value = F.binary_cross_entropy_with_logits(features @ weights, labels) + RIDGE * weights.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return weights.detach()
