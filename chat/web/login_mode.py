"""How people are told apart, and the sentences with which more than one way in is refused."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from chat.web.attempts import TRIES

BY_ADDRESS = 3 * TRIES
"""Wrong passwords, links and phrases that an address may try, whatever the name."""

LINKS = ("token", "guest", "setup", "invite", "entered")
"""What an address may carry for us; nothing of it is passed on."""

TOO_OFTEN = "Too many wrong tries. Wait five minutes, then try again."
SHUT_OUT = "You are not let in here. Ask an administrator of this Easel."
USED_UP = "This link was used, or its time is over. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Login:
    """How people are told apart."""

    mode: Literal["guests", "users"]
    phrase: str = field(default="", repr=False)
    """What guests are asked for; empty: they come by the link alone."""
    token: str = field(default="", repr=False)
    """What the address carries by which the host of guests comes in; empty: not at all."""
    guest_stays: timedelta = timedelta(days=30)
    framed: bool = False
    """Shown in a frame of another site, by https."""
    plain_http: bool = False
    """Passwords are taken over http, too."""
    passwords: bool = True
    """Of ``users``: a name and a password let in."""
