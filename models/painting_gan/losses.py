"""The minimax game, stated as two hinge losses over the logit maps of every scale.

L_D = mean max(0, 1 - D(x)) + mean max(0, 1 + D(G(z)));  L_G = -mean D(G(z)), summed over scales.
Goodfellow et al. 2014 (arXiv:1406.2661) play the same game with log-likelihoods; the hinge is Lim & Ye 2017
(arXiv:1705.02894) and Miyato et al. 2018. No gradient penalty: the projection and spectral norm hold D back.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def discriminator_loss(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """Hinge loss of D from its logits on real and generated pictures; a scalar."""
    return torch.stack([F.relu(1 - r).mean() + F.relu(1 + f).mean() for r, f in zip(real, fake, strict=True)]).sum()


def generator_loss(fake: list[Tensor]) -> Tensor:
    """Hinge loss of G from D's logits on generated pictures; a scalar."""
    return -torch.stack([f.mean() for f in fake]).sum()
