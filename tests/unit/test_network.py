"""No value of a proxy or certificate variable is one that a library stumbles over later."""

import os
from collections.abc import Mapping
from pathlib import Path

import httpx
import httpx2
import pytest
import requests
import trustme

from chat.network import prepare, read_network

VARIABLES = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE"),
)
PASSWORD = "p#ss/w@rd?1%"
PROXY = {"HTTPS_PROXY": "http://proxy.example:3128"}

UNDERSTOOD: Mapping[str, Mapping[str, str]] = {
    "IPv6 without a proxy": {"NO_PROXY": "localhost,127.0.0.1,::1,[::1]"},
    "IPv6 beside one": {"NO_PROXY": "localhost,127.0.0.1,::1,[::1]", **PROXY},
    "an IPv6 network": {"NO_PROXY": "localhost,fd07:b51a:cc66:f0::/64", **PROXY},
    "an IPv6 port": {"no_proxy": "[::1]:8080,fe80::1", **PROXY},
    "everything": {"NO_PROXY": "*", **PROXY},
    "spaces": {"NO_PROXY": " localhost , .example.com  *.internal ", **PROXY},
    "a port": {"NO_PROXY": "example.com:8443,10.0.0.0/8", **PROXY},
    "an address": {"NO_PROXY": "http://example.com/x", **PROXY},
    "quotes": {"NO_PROXY": '"localhost,::1"', "HTTPS_PROXY": '"http://proxy.example:3128"'},
    "gnome's socks": {"ALL_PROXY": "socks://127.0.0.1:7909/"},
    "socks5": {"ALL_PROXY": "socks5://127.0.0.1:7909"},
    "socks5h": {"all_proxy": "socks5h://127.0.0.1:7909"},
    "a scheme in capitals": {"ALL_PROXY": "SOCKS5://127.0.0.1:7909"},
    "an IPv6 proxy": {"ALL_PROXY": "socks5://[::1]:7909"},
    "a password": {"HTTPS_PROXY": f"http://user:{PASSWORD}@proxy.example:3128"},
    "no scheme": {"HTTP_PROXY": "proxy.example:3128"},
    "nothing": {"HTTP_PROXY": "", "no_proxy": "", "SSL_CERT_FILE": "", "SSL_CERT_DIR": ""},
    "an international name": {"HTTPS_PROXY": "http://bücher.example:3128", "NO_PROXY": "ö.example"},
}
LEFT_OUT: Mapping[str, Mapping[str, str]] = {
    "no number": {"HTTPS_PROXY": f"http://user:{PASSWORD}@proxy.example:port"},
    "a port too high": {"ALL_PROXY": "http://proxy.example:99999"},
    "port 0": {"http_proxy": "http://proxy.example:0"},
    "no host": {"HTTP_PROXY": f"http://user:{PASSWORD}@:3128"},
    "a space": {"HTTPS_PROXY": "http://proxy example:3128"},
    "an IPv6 proxy without brackets": {"ALL_PROXY": "socks5://::1:7909"},
    "a broken bracket": {"ALL_PROXY": "http://[::1:3128"},
    "SOCKS 4": {"ALL_PROXY": "socks4://127.0.0.1:7909"},
    "a script": {"ALL_PROXY": "pac+http://127.0.0.1/proxy.pac"},
    "nonsense": {"NO_PROXY": "a b,[[,%%%", **PROXY},
    "half an address": {"NO_PROXY": "[::1", **PROXY},
    "a file that is gone": {"SSL_CERT_FILE": "/nonexistent.pem"},
    "a folder that is gone": {"SSL_CERT_DIR": "/nonexistent"},
    "a folder for a file": {"SSL_CERT_FILE": "/"},
    "no certificates": {"SSL_CERT_FILE": __file__},
    "the same of requests": {"REQUESTS_CA_BUNDLE": "/nonexistent.pem"},
    "the same of curl": {"CURL_CA_BUNDLE": __file__},
    "a log of keys": {"SSLKEYLOGFILE": "/nonexistent/keys.log"},
}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def settle(environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the environment of this process what a start of Easel would make of these variables."""
    found = dict(environ)
    prepare(found, read_network(environ))
    for name, value in found.items():
        monkeypatch.setenv(name, value)


def nobody_stumbles() -> None:
    """Every HTTP library takes the environment as it is, for both schemes."""
    httpx.Client().close()
    httpx2.Client().close()
    session = requests.Session()
    for url in ("https://api.example/x", "http://127.0.0.1:9/x"):
        found = session.merge_environment_settings(url, {}, None, None, None)
        session.get_adapter(url).get_connection_with_tls_context(  # type: ignore[attr-defined]
            requests.Request("GET", url).prepare(), True, proxies=found["proxies"]
        )
    session.close()


@pytest.mark.parametrize("environ", UNDERSTOOD.values(), ids=list(UNDERSTOOD))
def test_what_can_be_understood_is_read_by_every_library(
    environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_network(environ).troubles == ()
    settle(environ, monkeypatch)
    nobody_stumbles()


@pytest.mark.parametrize("environ", LEFT_OUT.values(), ids=list(LEFT_OUT))
def test_what_makes_no_sense_is_left_out_and_its_variable_named(
    environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(iter(environ))
    troubles = read_network(environ).troubles
    assert len(troubles) == 1
    assert name in troubles[0]
    assert PASSWORD not in troubles[0]
    settle(environ, monkeypatch)
    nobody_stumbles()


ROUTES = [
    ({"NO_PROXY": "fd07:b51a:cc66:f0::/64"}, "fd07:b51a:cc66:f0::7", 443, False),
    ({"NO_PROXY": "fd07:b51a:cc66:f0::/64"}, "fd07:b51a:cc66:f1::7", 443, True),
    ({"NO_PROXY": "[fd00::1]"}, "fd00::1", 443, False),
    ({"NO_PROXY": "[fd00::1]:8443"}, "fd00::1", 443, True),
    ({"NO_PROXY": "10.0.0.0/8"}, "10.1.2.3", 443, False),
    ({"NO_PROXY": "example.com"}, "api.example.com", 443, False),
    ({"NO_PROXY": "example.com"}, "EXAMPLE.com.", 443, False),
    ({"NO_PROXY": ".example.com"}, "example.com", 443, False),
    ({"NO_PROXY": "*.example.com"}, "api.example.com", 443, False),
    ({"NO_PROXY": "example.com"}, "notexample.com", 443, True),
    ({"NO_PROXY": "example.com:8443"}, "example.com", 443, True),
    ({"NO_PROXY": "example.com:8443"}, "example.com", 8443, False),
    ({"NO_PROXY": "bücher.example"}, "xn--bcher-kva.example", 443, False),
    ({"NO_PROXY": "*"}, "example.com", 443, False),
    ({"NO_PROXY": "*", "no_proxy": ""}, "example.com", 443, True),
    ({}, "localhost", 443, False),
    ({}, "studio.localhost", 443, False),
    ({}, "127.9.9.9", 443, False),
    ({}, "::1", 443, False),
    ({}, "::ffff:127.0.0.1", 443, False),
    ({}, "0.0.0.0", 443, False),
    ({}, "localhost.example.com", 443, True),
    ({}, "192.168.1.2", 443, True),
]


@pytest.mark.parametrize(("environ", "host", "port", "proxied"), ROUTES)
def test_a_server_goes_through_the_proxy_unless_it_is_exempt(
    environ: Mapping[str, str], host: str, port: int, proxied: bool
) -> None:
    network = read_network({**PROXY, **environ}).network
    assert (network.proxy_for("https", host, port) is not None) is proxied


def test_lower_case_goes_before_and_an_empty_one_means_none() -> None:
    both = {"HTTPS_PROXY": "http://upper:1", "https_proxy": "http://lower:1"}
    proxy = read_network(both).network.proxy_for("https", "example.com", 443)
    assert proxy is not None
    assert (proxy.variable, proxy.url) == ("https_proxy", "http://lower:1")
    none = read_network({**both, "https_proxy": ""}).network
    assert none.proxy_for("https", "example.com", 443) is None


def test_a_password_is_kept_out_of_every_log() -> None:
    reading = read_network({"HTTPS_PROXY": f"http://user:{PASSWORD}@proxy.example:3128"})
    assert PASSWORD in reading.secrets
    assert "p%23ss%2Fw%40rd%3F1%25" in reading.secrets
    assert PASSWORD not in repr(reading)


def test_one_file_of_authorities_counts_for_every_library(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(file)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        environ = {name: str(file)}
        assert read_network(environ).network.ca_file == str(file)
        prepare(environ, read_network(environ))
        assert environ["SSL_CERT_FILE"] == str(file)
        bundles = {environ.get("REQUESTS_CA_BUNDLE"), environ.get("CURL_CA_BUNDLE")}
        assert str(file) in bundles


def test_nothing_is_changed_where_nothing_is_said() -> None:
    assert dict(read_network(os.environ).variables) == {}
