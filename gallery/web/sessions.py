"""What Gradio remembers of each open page, made small.

For links that open a page as another left it, which this house does not offer, Gradio draws up all components anew for
every page that is opened (50 ms, 300 KB) and keeps whatever they last showed (pictures in the text of a page), for
10,000 pages in each language. Here a page's session holds the states of its own (`gr.State`) and nothing else, and the
MOST last used are kept. Seen in Gradio 6.31: `gradio/state_holder.py`.
"""

from __future__ import annotations

from collections import ChainMap
from copy import copy
from datetime import datetime
from typing import Any

from gradio.blocks import Block, Blocks
from gradio.components import State
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder

MOST = 4096  # pages in one language; who comes back to one that is older begins with an empty history
CLOSED_S = 3600  # a page that was closed may come back within this time


class Session(SessionState):  # type: ignore[misc]
    """The states of one page."""

    def __init__(self, blocks: Blocks) -> None:
        # not the one it overrides, which describes every component: what a page shares with all is not copied
        self.blocks_config = copy(blocks.default_config)
        self.blocks_config.blocks = ChainMap({}, blocks.default_config.blocks)
        self.blocks_config.fns = blocks.default_config.fns
        self.config_values: dict[int, Any] = {}
        self.state_data: dict[int, Any] = {}
        self._state_ttl: dict[int, Any] = {}
        self.is_closed = False
        self.STATE_TTL_WHEN_CLOSED = CLOSED_S

    def __setitem__(self, key: int, value: Any) -> None:
        """A state of the page's, or a component as it is there now (the choices of a list that has changed).

        Gradio draws up a component anew also where it is left as it was (`gr.skip`): such a copy is not kept (3 KB).
        """
        block = self.blocks_config.blocks.get(key)
        if isinstance(block, State):
            self._state_ttl[key] = (block.time_to_live, datetime.now())  # noqa: DTZ005 (as Gradio reads it)
            self.state_data[key] = value
        elif block is None or _made_of(value) != _made_of(block):
            self.blocks_config.blocks[key] = value

    def _update_config(self, key: int) -> None:
        """Nothing is kept of what a component shows."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Nothing is kept of what a component shows."""


def _made_of(block: Block) -> dict[str, Any]:
    """What a component was drawn up with, but for what it shows first and whether it is placed at once."""
    return {name: value for name, value in block.constructor_args.items() if name not in ("value", "render")}


class Sessions(StateHolder):  # type: ignore[misc]
    """All of them."""

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self.session_data[session_id] = Session(self.blocks)
        return super().__getitem__(session_id)


def keep_small(mounted: App, blocks: Blocks) -> None:
    """Puts these sessions in the place of Gradio's own, for pages that are mounted."""
    blocks.state_session_capacity = MOST
    mounted.state_holder = Sessions()
    mounted.state_holder.set_blocks(blocks)
