"""Why a provider of identities has signed nobody in."""


class NotSignedIn(Exception):
    """Nobody is let in; ``str`` is for the person, ``cause`` for the log."""

    def __init__(self, sentence: str, cause: str = "", status: int = 401) -> None:
        super().__init__(sentence)
        self.cause = cause
        self.status = status
