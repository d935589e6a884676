"""Gradio dressed as the house: no boxes, no orange, fonts of our own. Colours live in static/theme.css, once.

The theme only points Gradio's variables at those of theme.css, so that light and dark follow from there.
"""

from __future__ import annotations

import gradio as gr

from gallery.pages.frame import static

_VARIABLES = {
    "body_background_fill": "var(--paper)",
    "body_text_color": "var(--ink)",
    "body_text_color_subdued": "var(--grey)",
    "background_fill_primary": "var(--paper)",
    "background_fill_secondary": "var(--paper)",
    "block_background_fill": "transparent",
    "block_border_width": "0px",
    "block_shadow": "none",
    "block_padding": "0px",
    "block_label_background_fill": "transparent",
    "block_label_text_color": "var(--grey)",
    "block_title_text_color": "var(--grey)",
    "block_title_text_weight": "400",
    "block_info_text_color": "var(--grey)",
    "border_color_primary": "var(--hairline)",
    "border_color_accent": "var(--cinnabar)",
    "color_accent": "var(--cinnabar)",
    "color_accent_soft": "transparent",
    "input_background_fill": "transparent",
    "input_background_fill_focus": "transparent",
    "input_border_color": "var(--grey)",
    "input_border_color_focus": "var(--cinnabar)",
    "input_placeholder_color": "var(--grey)",
    "input_shadow": "none",
    "input_shadow_focus": "none",
    "button_primary_background_fill": "var(--cinnabar)",
    "button_primary_background_fill_hover": "var(--cinnabar)",
    "button_primary_text_color": "var(--on-cinnabar)",
    "button_primary_text_color_hover": "var(--on-cinnabar)",
    "button_primary_shadow": "none",
    "button_secondary_background_fill": "transparent",
    "button_secondary_background_fill_hover": "var(--sheet)",
    "button_secondary_text_color": "var(--ink)",
    "button_secondary_text_color_hover": "var(--ink)",
    "button_secondary_border_color": "var(--ink)",
    "button_secondary_shadow": "none",
    "checkbox_background_color": "transparent",
    "checkbox_background_color_selected": "var(--ink)",
    "checkbox_border_color": "var(--hairline)",
    "checkbox_border_color_selected": "var(--ink)",
    "checkbox_label_background_fill": "transparent",
    "checkbox_label_background_fill_hover": "var(--sheet)",
    "checkbox_label_background_fill_selected": "var(--ink)",
    "checkbox_label_text_color_selected": "var(--paper)",
    "checkbox_label_border_color": "var(--hairline)",
    "slider_color": "var(--ink)",
    "link_text_color": "var(--ink)",
    "link_text_color_hover": "var(--cinnabar)",
    "link_text_color_visited": "var(--ink)",
    "panel_background_fill": "transparent",
    "error_background_fill": "var(--sheet)",
    "error_text_color": "var(--cinnabar)",
    "error_border_color": "var(--cinnabar)",
}


def theme() -> gr.themes.Base:
    """The theme of the house; its fonts are served by us, never fetched."""
    base = gr.themes.Base(
        font=["Noto Serif SC", "Songti SC", "serif"],
        font_mono=["ui-monospace", "monospace"],
        radius_size=gr.themes.sizes.radius_none,
    )
    dark = {f"{name}_dark": value for name, value in _VARIABLES.items() if _has_dark(base, name)}
    return base.set(**_VARIABLES, **dark)


def _has_dark(base: gr.themes.Base, name: str) -> bool:
    return hasattr(base, f"{name}_dark")


def head() -> str:
    """What every Gradio page loads besides Gradio."""
    sheets = "".join(f'<link rel="stylesheet" href="{static(name)}">' for name in ("fonts.css", "theme.css"))
    icon = f'<link rel="icon" href="{static("seal.svg")}" type="image/svg+xml">'
    return f'{sheets}{icon}<script src="{static("shihua.js")}" defer></script>'
