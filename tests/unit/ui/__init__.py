"""The page and its panels, as Gradio is told of them."""
