"""Runs one benchmark by name and prints what it measured, as JSON on the last line."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys

import tests.bench

SIZED = ("wall",)  # benchmarks that may be told how large


def names() -> list[str]:
    """The benchmarks there are: every module of this folder that has a `main`."""
    return sorted(info.name for info in pkgutil.iter_modules(tests.bench.__path__) if not info.name.startswith("_"))


def main() -> int:
    """Exit code 0 when the benchmark ran, 2 for a name there is none of."""
    if len(sys.argv) < 2 or sys.argv[1] not in names() or (len(sys.argv) > 2 and sys.argv[1] not in SIZED):
        print(f"usage: python -m tests.bench {{{' | '.join(names())}}} [--works N]", file=sys.stderr)
        return 2
    bench = importlib.import_module(f"tests.bench.{sys.argv[1]}")
    figures = bench.main(sys.argv[2:]) if sys.argv[1] in SIZED else bench.main()
    print(json.dumps(figures, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
