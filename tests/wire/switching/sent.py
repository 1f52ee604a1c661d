"""What a model got to see of a conversation: the words and pictures of a request, as they stand."""

import base64
from dataclasses import dataclass, field


@dataclass
class Sent:
    """What a model got to see."""

    words: list[str] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    masks: list[bytes] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    """Echoes that went along."""

    def say(self, text: object) -> None:
        """Words, which must be words."""
        assert isinstance(text, str)
        assert text, "empty words are refused"
        self.words.append(text)

    def show(self, encoded: object) -> None:
        """A picture in base64, of either alphabet."""
        assert isinstance(encoded, str)
        plain = encoded.translate(str.maketrans("-_", "+/"))
        self.pictures.append(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))

    def show_url(self, url: object) -> None:
        """A picture as a data URL."""
        assert isinstance(url, str)
        head, _, encoded = url.partition(",")
        assert head == "data:image/png;base64"
        self.show(encoded)
