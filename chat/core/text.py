"""Text as it came from outside, made sound."""


def clean_text(text: str) -> str:
    """The text without NUL, with a sign for each lone surrogate; the same object if it is sound."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
