"""python -m tests.faults [--full]: the tests of this folder, at the sizes of the suite or of the promise."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from tests.faults import FULL


def main() -> int:
    """Runs them one by one, with their names; returns pytest's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--full", action="store_true", help="at the sizes that README promises; takes minutes")
    if parser.parse_args().full:
        os.environ[FULL] = "1"
    return pytest.main([str(Path(__file__).parent), "-v", "--durations=0"])


if __name__ == "__main__":
    sys.exit(main())
