"""What people type for an address is completed, and tried as it may have been meant."""

import pytest

from chat.http.typed_addresses import completed, other_addresses


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("127.0.0.1:8177", "http://127.0.0.1:8177"),
        ("localhost:11434/v1", "http://localhost:11434/v1"),
        (" [::1]:8000 ", "http://[::1]:8000"),
        ("192.168.1.20:1234", "http://192.168.1.20:1234"),
        ("ollama:11434", "http://ollama:11434"),
        ("box.local", "http://box.local"),
        ("api.example.com/v1", "https://api.example.com/v1"),
        ("8.8.8.8", "https://8.8.8.8"),
        ("http://api.example.com", "http://api.example.com"),
        ("ftp://somewhere", "ftp://somewhere"),
        ("two words", "two words"),
        ("[::1", "[::1"),
        ("", ""),
    ],
)
def test_an_address_without_a_scheme_is_completed(typed: str, meant: str) -> None:
    assert completed(typed) == meant


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("", ["/v1"]),
        ("/v1", []),
        ("/proxy/", ["/proxy/v1"]),
        ("/v1/chat/completions", ["/v1"]),
        ("/v1/models/", ["/v1"]),
        ("/responses", ["", "/v1"]),
    ],
)
def test_an_address_without_a_list_is_tried_as_it_may_have_been_meant(
    path: str, meant: list[str]
) -> None:
    server = "http://localhost:9"
    assert other_addresses(server + path, "/v1") == [server + each for each in meant]
