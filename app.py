"""The front door of Shihua: `python app.py` opens the gallery. Flags and SHIHUA_* variables are in the README."""

from __future__ import annotations

import gc
import os
import sys

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before gradio is imported: the app never calls home
if "SPACE_ID" in os.environ:  # on a Hugging Face Space the door must be open to the proxy
    os.environ.setdefault("SHIHUA_HOST", "0.0.0.0")  # noqa: S104

gc.disable()  # until serving.py has been loaded: of what is imported nothing is garbage, and looking takes time

from gallery.__main__ import main  # noqa: E402 (as late as that)

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
