"""What the environment says of proxies and certificates, so that every library can read it.

HTTP libraries read the same variables and stumble over different values: an IPv6 address in
``NO_PROXY``, ``socks://`` as GNOME writes it, ``#`` in a password, a file that is gone. Some do so
as soon as they are imported. So the variables are read here once: what can be understood is written
as all of them take it, what cannot is left out with a sentence that names the variable. No sentence
holds a value: there may be a password in it.
"""

import ipaddress
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

from chat.core.network import Exemption, Network, Proxy

SCHEMES = ("http", "https", "all")
_PROXY_SCHEMES = {
    "http": "http",
    "https": "https",
    "socks": "socks5",  # GNOME's settings write it so
    "socks5": "socks5",
    "socks5h": "socks5h",
}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CA_FILES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_OTHER_FILES = (
    "OTEL_EXPORTER_OTLP_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE",
)
_UNDERSTOOD = "{} was understood, and is written otherwise for libraries that would not read it."
_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*)?)*")
_BRACKETS = re.compile(r"\[([^\[\]]*)\](/[0-9]+)?\Z")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Reading:
    """The network, what to tell the person who set it up, and what to tell libraries."""

    network: Network
    troubles: tuple[str, ...] = ()
    """A sentence for each variable that is left out, whole or in part."""
    notes: tuple[str, ...] = ()
    """A sentence for each variable that was understood, but is written otherwise."""
    variables: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    """Changes to the environment of the process; ``None`` takes a variable out."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Passwords of proxies, as they stand in the environment and as they are sent."""


class _Unreadable(ValueError):
    """Why a value makes no sense, as the end of a sentence."""


def read_network(environ: Mapping[str, str]) -> Reading:
    """Read every variable of proxies and certificates; nothing is changed yet.

    A variable in lower case goes before the same in upper case, as curl and Python have it.
    """
    reader = _Reader(environ)
    proxies = {scheme: proxy for scheme in SCHEMES if (proxy := reader.proxy(scheme))}
    exempt = reader.no_proxy(any_proxy=bool(proxies))
    ca_file, ca_dir = reader.certificates()
    reader.key_log()
    return Reading(
        Network(proxies, exempt, ca_file, ca_dir),
        tuple(reader.troubles),
        tuple(reader.notes),
        reader.variables,
        tuple(dict.fromkeys(reader.secrets)),
    )


def prepare(environ: "os._Environ[str] | dict[str, str]", reading: Reading) -> None:
    """Write the environment of this process as libraries read it. Call it before they are there."""
    for name, value in reading.variables.items():
        if value is None:
            environ.pop(name, None)
        else:
            environ[name] = value


class _Reader:
    """One reading of an environment."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.troubles: list[str] = []
        self.notes: list[str] = []
        self.variables: dict[str, str | None] = {}
        self.secrets: list[str] = []

    def proxy(self, scheme: str) -> Proxy | None:
        """The proxy for a scheme; both spellings of the variable are put right."""
        found = {}
        for name in (f"{scheme.upper()}_PROXY", f"{scheme}_proxy"):
            if name not in self._environ:
                continue
            found[name] = ""
            if not (value := self._environ[name].strip().strip("\"'")):
                continue
            try:
                found[name], secrets = _proxy_url(value)
            except _Unreadable as why:
                self._leave_out(name, f"{name} {why}. It is left out: calls go without that proxy.")
                continue
            self.secrets += secrets
            if found[name] != self._environ[name]:
                self.variables[name] = found[name]
                self.notes.append(_UNDERSTOOD.format(name))
        for name in reversed(found):  # lower case first; there, an empty one means: none
            return Proxy(name, found[name]) if found[name] else None
        return None

    def no_proxy(self, *, any_proxy: bool) -> tuple[Exemption, ...]:
        """What goes past the proxies; for libraries, this machine is among it."""
        exempt: tuple[Exemption, ...] = ()
        names = [name for name in ("NO_PROXY", "no_proxy") if name in self._environ]
        for name in names:
            read = _exemptions(self._environ[name])
            exempt = tuple(read.entries)  # the last is in lower case, which counts
            if read.lost:
                what = "an entry that is" if read.lost == 1 else f"{read.lost} entries that are"
                self.troubles.append(f"{name} has {what} no host, address or network; left out.")
            if read.rewritten:
                self.notes.append(_UNDERSTOOD.format(name))
            self.variables[name] = (
                _with_loopback(read.written) if any_proxy else ",".join(read.written)
            )
        if any_proxy and not names:
            self.variables["NO_PROXY"] = _with_loopback([])
        return exempt

    def certificates(self) -> tuple[str, str]:
        """The file, or else the folder, of authorities; told to all libraries alike."""
        good = {name: place for name in _CA_FILES if (place := self._ca_file(name))}
        for name in _OTHER_FILES:
            self._ca_file(name)
        folder = self._ca_dir()
        ca_file = next((place for place in good.values() if Path(place).is_file()), "")
        bundle_dir = next((place for place in good.values() if Path(place).is_dir()), "")
        if folder and "SSL_CERT_FILE" not in good:
            ca_file = ""  # one library's own variable goes before those of another
        ca_dir = "" if ca_file else folder or bundle_dir
        if "SSL_CERT_FILE" not in good and not folder and (ca_file or ca_dir):
            self.variables["SSL_CERT_FILE" if ca_file else "SSL_CERT_DIR"] = ca_file or ca_dir
        if (ca_file or ca_dir) and not ({"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"} & good.keys()):
            self.variables["REQUESTS_CA_BUNDLE"] = ca_file or ca_dir.split(os.pathsep)[0]
        return ca_file, ca_dir

    def key_log(self) -> None:
        """Python opens this file for every TLS context, and fails where it cannot."""
        value = self._environ.get("SSLKEYLOGFILE", "")
        if not value:
            return
        place = Path(value)
        writable = os.access(place if place.exists() else place.parent, os.W_OK)
        if not writable or place.is_dir():
            name = "SSLKEYLOGFILE"
            self._leave_out(name, f"{name} names a file that cannot be written. It is left out.")

    def _ca_file(self, name: str) -> str:
        value = self._environ.get(name, "").strip()
        if not value:
            return ""
        place = Path(value)
        try:
            if place.is_dir() and name in {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}:
                return value
            must_hold_certificates(value)
        except FileNotFoundError:
            self._leave_out(
                name,
                f"{name} names a file that is not there. It is left out: the usual authorities "
                "count.",
            )
            return ""
        except OSError:
            self._leave_out(
                name,
                f"{name} names a file without certificates that can be read. It is left out: the "
                "usual authorities count.",
            )
            return ""
        return value

    def _ca_dir(self) -> str:
        name = "SSL_CERT_DIR"
        value = self._environ.get(name, "").strip()
        if value and not any(Path(part).is_dir() for part in value.split(os.pathsep) if part):
            self._leave_out(
                name,
                f"{name} names a folder that is not there. It is left out: the usual authorities "
                "count.",
            )
            return ""
        return value

    def _leave_out(self, name: str, sentence: str) -> None:
        self.variables[name] = None
        self.troubles.append(sentence)


def must_hold_certificates(file: str) -> None:
    """Load a PEM file of authorities, to see whether it is one.

    Raises:
        OSError: it is not there, cannot be read, or holds no certificate.
    """
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)


def _proxy_url(value: str) -> tuple[str, list[str]]:
    """The address of a proxy as every library reads it, and what in it is secret."""
    scheme, separator, rest = value.partition("://")
    if not separator:
        scheme, rest = "http", value
    known = _PROXY_SCHEMES.get(scheme.lower())
    if known is None:
        raise _Unreadable(
            "is of a kind that Easel does not speak; it speaks http, https, socks5 and socks5h"
        )
    # The last “@”: a password may hold one, a host cannot.
    user_info, at, place = rest.rpartition("@")
    host, port = _host_and_port(re.split(r"[/?#]", place, maxsplit=1)[0])
    name, colon, password = user_info.partition(":")
    written = f"{_quoted(name)}{colon}{_quoted(password)}{at}" if user_info else ""
    whole = f"{known}://{written}{host}{'' if port is None else f':{port}'}"
    words = [word for word in (password, unquote(password), _quoted(password)) if word]
    return whole, ([value, whole, *words] if words else [])


def _quoted(text: str) -> str:
    """A user's name or password with everything quoted that is not, once."""
    whole = _BAD_PERCENT.sub("%25", text)
    return quote(whole, safe="%!$&'()*+,;=")


def _host_and_port(text: str) -> tuple[str, int | None]:
    """A host, an IPv6 address in brackets, and a port if there is one."""
    if text.startswith("["):
        inner, bracket, after = text[1:].partition("]")
        try:
            host = f"[{ipaddress.IPv6Address(inner)}]"
        except ValueError:
            raise _Unreadable("has a host that is no address") from None
        if not bracket or (after and not after.startswith(":")):
            raise _Unreadable("has a host that is no address")
        port_text = after[1:]
    else:
        host, _, port_text = text.partition(":")
        if ":" in port_text:
            raise _Unreadable("has a port that is none; an IPv6 address stands in brackets")
        host = _ascii_name(host)
    if not port_text:
        return host, None
    if not re.fullmatch(r"[0-9]{1,5}", port_text) or not 0 < int(port_text) < 65536:
        raise _Unreadable("has a port that is no number from 1 to 65535")
    return host, int(port_text)


def _ascii_name(text: str) -> str:
    try:
        name = text.encode("idna").decode("ascii") if not text.isascii() else text
    except UnicodeError:
        name = ""
    if not _NAME.fullmatch(name.rstrip(".")):
        raise _Unreadable("has no host that could be one")
    return name.rstrip(".").lower()


@dataclass(slots=True)
class _Exemptions:
    """What NO_PROXY says, the same as libraries take it, and how many entries make no sense."""

    entries: list[Exemption] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    lost: int = 0
    rewritten: bool = False


def _exemptions(value: str) -> _Exemptions:
    read = _Exemptions()
    for text in re.split(r"[,\s]+", value.strip().strip("\"'")):
        if not text:
            continue
        try:
            entry, form = _exemption(text)
        except _Unreadable:
            read.lost += 1
            continue
        read.entries.append(entry)
        read.rewritten |= form != text
        if form and form not in read.written:
            read.written.append(form)
    return read


def _exemption(text: str) -> tuple[Exemption, str]:
    """An entry, and its form for libraries; empty where none of them has one."""
    if text == "*":
        return Exemption("*"), "*"
    text = text.partition("://")[2].partition("/")[0] if "://" in text else text
    bare = _BRACKETS.sub(r"\1\2", text)
    try:
        network = ipaddress.ip_network(bare, strict=False)
    except ValueError:
        pass  # a name, or an address with its port
    else:
        single = network.num_addresses == 1
        if network.version == 6 and not single:
            # What httpx makes of such an entry is no address, and it stops there.
            return Exemption(network=network), ""
        form = str(network.network_address) if single else str(network)
        return Exemption(network=network), form
    host, port = _host_and_port(text.removeprefix("*").removeprefix("."))
    if host.startswith("["):
        return Exemption(network=ipaddress.ip_network(host.strip("[]")), port=port), ""
    try:
        network = ipaddress.ip_network(host)
    except ValueError:
        if "xn--" in host:
            # httpx puts a star before a name, and its reader of international names stops there.
            return Exemption(host, port=port), ""
        dot = "." if text.startswith((".", "*")) else ""
        whole = f"{dot}{host}" if port is None else f"{dot}{host}:{port}"
        return Exemption(host, port=port), whole
    return Exemption(network=network, port=port), f"{host}:{port}"


def _with_loopback(written: list[str]) -> str:
    if "*" in written:
        return "*"
    return ",".join([*written, *(host for host in _LOOPBACK if host not in written)])
