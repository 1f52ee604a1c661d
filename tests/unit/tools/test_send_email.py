"""A mail arrives as the user saw it, from the host's address, at allowed people or at nobody."""

import ssl
from typing import Any

import pytest
import trustme

from chat.core.errors import ConfigError, ToolFailed
from chat.mail.outbox import Outbox
from chat.mail.settings import MailSettings, read_mail
from chat.tools.registry import load_tools
from tests.mail_server import MailServer
from tests.unit.tools.surroundings import Surroundings, run

FROM = "easel@own.example"
TEXT = "Grüße, Zoë.\n.\nFrom here on it is a dot alone that ends a mail.\n" + "long " * 300


def settings(port: int, **more: Any) -> MailSettings:
    to = frozenset({"own.example", "anna@far.example"})
    kept: dict[str, Any] = {
        "tls": False,
        "starttls": False,
        "sender": FROM,
        "recipients": to,
    } | more
    return MailSettings("127.0.0.1", port, **kept)


def send(outbox: Outbox, stopped: bool = False, **more: Any) -> str:
    house: dict[type, object] = {Outbox: outbox}
    context = Surroundings(resources=house)
    context.stopped = stopped
    letter = {"to": ["bo@own.example"], "subject": "Hello", "text": TEXT} | more
    (told,) = run(load_tools(house)["send_email"], letter, context)
    return str(told)


def test_a_mail_arrives_as_it_was_shown() -> None:
    with MailServer() as server:
        to = ["bo@own.example", "anna@far.example"]
        told = send(Outbox(settings(server.port)), to=to, subject="Ünïcode → 🦊")
    ((people, mail),) = server.received
    assert people == to
    assert (mail["From"], mail["To"]) == (FROM, ", ".join(to))
    assert mail["Subject"] == "Ünïcode → 🦊"
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == TEXT
    assert told.startswith(f"Sent from {FROM} to bo@own.example, anna@far.example:")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"to": []}, "from 1 to 10"),
        ({"to": [f"p{number}@own.example" for number in range(11)]}, "from 1 to 10"),
        ({"to": ["eve@far.example"]}, "No mail may go to"),
        ({"to": ["bo@own.example", "eve@evil.example"]}, "No mail may go to"),
        ({"to": ["eve@sub.own.example"]}, "No mail may go to"),
        ({"to": ["Bo <bo@own.example>"]}, "No mail may go to"),
        ({"to": ["bo@own.example\r\nBcc: eve@evil.example"]}, "No mail may go to"),
        ({"to": ["eve@evil.example,bo@own.example"]}, "No mail may go to"),
        ({"to": ['"eve@evil.example"@own.example']}, "No mail may go to"),
        ({"to": ["bö@own.example"]}, "No mail may go to"),
        ({"subject": "Hi\r\nBcc: eve@evil.example"}, "one line"),
        ({"subject": "Hi\u2028there"}, "one line"),
        ({"subject": " "}, "one line"),
        ({"text": "\ud800"}, "sound"),
        ({"text": "x" * 50_001}, "50,000"),
    ],
)
def test_what_is_no_mail_or_goes_elsewhere_is_never_sent(more: dict[str, Any], why: str) -> None:
    with MailServer() as server:
        with pytest.raises(ToolFailed, match=why):
            send(Outbox(settings(server.port)), **more)
        assert not server.received


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"anna@far.example": "550 no such user"}, "refused anna@far.example, with 550"),
        ({"DATA": "554 no"}, "refused the mail, with 554"),
        ({"DATA": "421 too much"}, "refused the mail, with 421"),
    ],
)
def test_a_mail_goes_to_everyone_or_to_nobody(answers: dict[str, str], why: str) -> None:
    with MailServer(answers=answers) as server:
        with pytest.raises(ToolFailed, match=why):
            send(Outbox(settings(server.port)), to=["bo@own.example", "anna@far.example"])
        assert not server.received


def test_stop_before_it_is_handed_over_sends_nothing() -> None:
    with MailServer() as server:
        with pytest.raises(ToolFailed, match="Stopped"):
            send(Outbox(settings(server.port)), stopped=True)
        assert not server.received


def test_no_password_and_no_mail_go_out_unencrypted() -> None:
    authority = trustme.CA()
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    ours = ssl.create_default_context()
    authority.configure_trust(ours)
    secret = {"starttls": True, "user": "easel", "password": "right"}
    with MailServer(theirs) as server:
        send(Outbox(settings(server.port, **secret), ours))
        assert (len(server.received), server.secrets) == (1, [b"right"])
        with pytest.raises(ToolFailed, match="refused the name or password"):
            send(Outbox(settings(server.port, **secret | {"password": "wrong"}), ours))
        assert b"wrong" in server.secrets
        server.secrets.clear()
        with pytest.raises(ToolFailed, match="cannot be trusted"):
            send(Outbox(settings(server.port, **secret)))
        assert not server.secrets
    with MailServer() as bare:
        with pytest.raises(ToolFailed, match="lacks encryption"):
            send(Outbox(settings(bare.port, **secret), ours))
        assert not bare.secrets
    with pytest.raises(ToolFailed, match="could not be reached"):
        send(Outbox(settings(bare.port)))


def test_it_is_asked_for_every_time_and_offered_only_where_a_server_is_named() -> None:
    house: dict[type, object] = {Outbox: Outbox(settings(1))}
    tool = load_tools(house)["send_email"]
    assert (tool.facts.policy, tool.facts.always_asks) == ("ask", True)
    assert "send_email" not in load_tools({})


def test_the_host_says_which_server_whose_name_and_to_whom() -> None:
    url = "smtps://me%40own.example:p%2Fss@Mail.example"
    told = read_mail({"EASEL_SMTP_URL": url, "EASEL_SMTP_FROM": FROM})
    assert told is not None
    assert (told.host, told.port, told.tls, told.starttls) == ("mail.example", 465, True, False)
    assert (told.user, told.password, told.secrets) == ("me@own.example", "p/ss", ("p/ss",))
    assert "p/ss" not in repr(told)
    assert told.allows("Anyone@Own.Example")
    assert not told.allows("anyone@far.example")
    relay = read_mail(
        {
            "EASEL_SMTP_URL": "smtp://mail.example",
            "EASEL_SMTP_FROM": FROM,
            "EASEL_SMTP_RECIPIENTS": "far.example, Anna@else.example",
        }
    )
    assert relay is not None
    assert (relay.port, relay.starttls) == (587, True)
    assert relay.allows("x@far.example")
    assert relay.allows("anna@else.example")
    assert not relay.allows("x@own.example")
    assert read_mail({}) is None


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"EASEL_SMTP_URL": "https://user:hidden@mail.example"}, "EASEL_SMTP_URL"),
        ({"EASEL_SMTP_URL": "smtp://user:hidden@mail.example:port"}, "EASEL_SMTP_URL"),
        ({"EASEL_SMTP_URL": "smtp://user:hidden@"}, "EASEL_SMTP_URL"),
        ({"EASEL_SMTP_FROM": "Me <me@own.example>"}, "EASEL_SMTP_FROM"),
        ({"EASEL_SMTP_FROM": ""}, "EASEL_SMTP_FROM"),
        ({"EASEL_SMTP_RECIPIENTS": "own.example, @"}, "EASEL_SMTP_RECIPIENTS"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_tells_no_password(
    changed: dict[str, str], named: str
) -> None:
    right = {"EASEL_SMTP_URL": "smtp://mail.example", "EASEL_SMTP_FROM": FROM}
    with pytest.raises(ConfigError, match=named) as caught:
        read_mail(right | changed)
    assert "hidden" not in str(caught.value)
