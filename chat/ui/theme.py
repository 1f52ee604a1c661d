"""The look of Gradio's own components: calm paper and ink, one deep green, system fonts.

The colours are the variables of ``assets/css``; both name them, because Gradio's theme wants
values at build time.
"""

import gradio as gr

INK = gr.themes.Color(
    "#fafaf8", "#f3f2ee", "#e6e4de", "#d5d2ca", "#a9a69d", "#75736c",
    "#5a5852", "#43423d", "#2c2b28", "#1c1c1a", "#121211", name="ink",
)  # fmt: skip
FIR = gr.themes.Color(
    "#eef6f4", "#d9ebe7", "#b6d8d1", "#8bc0b6", "#5fa599", "#3f897d",
    "#2a6f65", "#215a52", "#1c4943", "#183c38", "#0d2421", name="fir",
)  # fmt: skip

FONT = ("system-ui", "sans-serif")
MONO = ("ui-monospace", "monospace")


def easel_theme() -> gr.themes.Base:
    """Gradio's base theme in Easel's colours, light and dark."""
    return gr.themes.Base(
        primary_hue=FIR,
        secondary_hue=FIR,
        neutral_hue=INK,
        radius_size=gr.themes.sizes.radius_md,
        font=FONT,
        font_mono=MONO,
    ).set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#171918",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        input_background_fill="#ffffff",
        input_background_fill_dark="#1f2221",
    )
