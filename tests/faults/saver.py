"""A process that saves works without end and says so on its output after each one; made to be killed.

A hundred are one visitor's, and the next hundred another's: nobody may hang more in an hour.

python -m tests.faults.saver HOME FIRST_SEED
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from gallery.journeys import create, open_house
from gallery.settings import Settings
from gallery.visitors import Visitor
from tests.fakes import PAINTER, POET, FakeEngine


def main() -> None:
    """Two paintings to each poem; prints the number of the work once `save` has returned."""
    home, first = sys.argv[1:]
    house = open_house(Settings.make({"home": Path(home)}), FakeEngine(), cards=(PAINTER, POET))
    for seed in count(int(first)):
        poem = seed % 3 == 0
        request = create.WriteRequest("五绝", seed=seed) if poem else create.PaintRequest("shanshui", seed=seed)
        maker = Visitor(f"{seed // 100:032x}")
        draft = create.generate(house, request, maker)[0]
        print(create.save(house, draft.token, maker, f"work {seed}").id, flush=True)


if __name__ == "__main__":
    main()
