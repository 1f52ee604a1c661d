"""The headers that every response carries, whoever wrote it.

A header that a route set itself is left alone: media sets a stricter policy, the page a policy
with the hashes of its own scripts. Cross-origin grants are the exception: nobody may give them.
"""

from collections.abc import Iterable

from chat.web.policy import Policy

RawHeaders = list[tuple[bytes, bytes]]

# Changing answers about somebody's conversations: nothing of them stays in a cache.
PRIVATE_TYPES = (b"text/html", b"application/json", b"text/event-stream")


def content_policy(policy: Policy, script_sources: Iterable[str] = ("'self'",)) -> str:
    """The Content-Security-Policy of a document that may run scripts from these sources."""
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {' '.join(script_sources)}",
            # Gradio writes style attributes and a style element per component.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            # Covers the live WebSocket too: 'self' matches ws and wss of the same host.
            "connect-src 'self'",
            "form-action 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            f"frame-ancestors {' '.join(policy.frame_ancestors)}",
        ]
    )


TRUSTED_TYPES = b"require-trusted-types-for 'script'; trusted-types easel"
"""Looked at and not enforced: Gradio assigns plain strings. Ours go through one policy, and whoever
opens the browser's console sees those that do not."""


def standing_headers(policy: Policy) -> RawHeaders:
    """What is added to each response that does not say otherwise."""
    return [
        (b"content-security-policy", content_policy(policy).encode("ascii")),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (
            b"permissions-policy",
            b"camera=(), microphone=(self), geolocation=(), payment=(), usb=()",
        ),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
    ]


def dressed(headers: Iterable[tuple[bytes, bytes]], standing: RawHeaders) -> RawHeaders:
    """The response's headers without cross-origin grants and with the standing ones."""
    kept = [(name, value) for name, value in headers if not _grants_others(name)]
    present = {name.lower(): value for name, value in kept}
    kept += [(name, value) for name, value in standing if name not in present]
    if b"cache-control" not in present and present.get(b"content-type", b"").startswith(
        PRIVATE_TYPES
    ):
        kept.append((b"cache-control", b"no-store"))
    return kept


def _grants_others(name: bytes) -> bool:
    return name.lower().startswith(b"access-control-")
