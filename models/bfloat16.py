"""Whether products in bfloat16 are worth while on this processor; training asks, inference never does.

Paintings and poems are made in fp32, so that a recipe gives the same bytes on both kinds of machine.
"""

from __future__ import annotations

import torch


def multiplies_bfloat16() -> bool:
    """Whether this processor has instructions for products of bfloat16 (AVX512-BF16 or AMX)."""
    known: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()  # not in every release
    return bool(known.get("avx512_bf16") or known.get("amx_bf16"))
