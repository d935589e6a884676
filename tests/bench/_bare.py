"""The least that Gradio can do, to measure ours against: four pages of one word each, mounted as the gallery mounts."""

from __future__ import annotations

import sys
import warnings

import gradio as gr
import uvicorn
from fastapi import FastAPI


def main() -> None:
    """Serve it on the port given as the only argument."""
    warnings.simplefilter("ignore")  # of server-side rendering, which nobody asked for
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.HTML("wall")
    for name in ("paint", "write", "about"):
        with blocks.route(name, f"/{name}"):
            gr.HTML(name)
    app = FastAPI()
    gr.mount_gradio_app(app, blocks, path="/zh", ssr_mode=False)
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    main()
