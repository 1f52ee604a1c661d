"""An endpoint's key, checked before it is put into a header."""

from chat.core.errors import ConfigError
from chat.core.models import Endpoint


def key_of(endpoint: Endpoint) -> str:
    """The key; empty where there is none.

    Raises:
        ConfigError: it cannot travel in a header, as when a line break was copied along with it.
    """
    key = endpoint.api_key
    if all("!" <= character <= "~" for character in key):
        return key
    raise ConfigError(
        f"The key of {endpoint.title} holds a space, a line break or another character that no "
        f"key has. {check_key(endpoint)}"
    )


def check_key(endpoint: Endpoint) -> str:
    """The sentence that says where the key comes from."""
    if endpoint.key_on_page and endpoint.key_env:
        return "Check its key under “Models and keys”."
    return f"Check {' or '.join(endpoint.key_env)}." if endpoint.key_env else "Check its key."
