"""What a file says of its origin: its content credential (C2PA), and the IPTC source type.

Anybody can make a certificate and sign with it, so a signature says something only where its
signer stands on the trust list that the host was given. Nothing is fetched: neither manifests
that lie elsewhere, nor lists of revoked certificates.

Runs in the picture process. c2pa-python is an optional part; without it nothing is said of
credentials. Sources: C2PA Technical Specification 2.2, chapter 15 (validation); IPTC Photo
Metadata Standard 2023.2, Digital Source Type.
"""

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from io import BytesIO

from chat.core.parts import Json
from chat.images import png
from chat.images.edits import Provenance
from chat.images.formats import sniff_made
from chat.images.limits import Limits

UNCHECKED = Provenance("unchecked")

_MAX_XMP_BYTES = 4_000_000
_MAX_PROBLEMS = 12
_MAX_WORD = 200
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_SOURCE_TYPE = re.compile(
    r"""DigitalSourceType(?:\s*=\s*["']|[^>]*?resource\s*=\s*["']|[^>]*>\s*)([^"'<>\s]+)"""
)
_SOURCE_TYPES = re.compile(
    r"https?://(?:cv\.iptc\.org/newscodes/digitalsourcetype|c2pa\.org/digitalsourcetype)/(\w{1,64})"
)
# The only places that may make a credential trusted are the anchors that the host was given.
_SETTINGS: Mapping[str, Json] = {
    "verify": {
        "verify_after_reading": True,
        "verify_trust": True,
        "verify_timestamp_trust": True,
        "remote_manifest_fetch": False,
        "ocsp_fetch": False,
    },
}


_CREDENTIAL = b"jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"
"""How the box of every C2PA manifest store begins, in whatever file it lies."""


def carries_credential(data: bytes) -> bool:
    """Whether a file holds a content credential, without a look at what it says."""
    return _CREDENTIAL in data


def provenance_task(
    job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.provenance`."""
    del limits  # the header was bounded when the job was sorted
    (data,) = files
    found: dict[str, Json] = {
        "status": "unchecked",
        "signer": "",
        "generator": "",
        "signed_at": "",
        "problems": [],
        "source_type": "",
        "source_type_from": "",
    }
    if find_spec("c2pa") is not None:
        found |= _credential(data, str(job["anchors"]))
    if not found["source_type"] and (noted := xmp_source_type(data)):
        found |= {"source_type": noted, "source_type_from": "xmp"}
    return found, []


def xmp_source_type(data: bytes) -> str:
    """The last part of the IPTC digital source type in a file's XMP; empty without one."""
    for packet in _xmp_packets(data):
        noted = _SOURCE_TYPE.search(packet.decode("utf-8", "replace"))
        if noted and (known := _SOURCE_TYPES.fullmatch(noted.group(1))):
            return known.group(1)
    return ""


def _xmp_packets(data: bytes) -> Iterator[bytes]:
    if data.startswith(png.SIGNATURE):
        for chunk in png.chunks(data):
            if chunk.name == b"iTXt" and data[chunk.start : chunk.start + 18] == _PNG_XMP:
                yield _png_text(data[chunk.start + 18 : chunk.end])
        return
    for match in _XMP.finditer(data):
        yield match.group()[:_MAX_XMP_BYTES]


_PNG_XMP = b"XML:com.adobe.xmp\0"


def _png_text(content: bytes) -> bytes:
    """The text of an ``iTXt`` chunk, whose keyword was taken off."""
    packed = content[:1] == b"\1"
    text = content[2:].split(b"\0", 2)[-1]
    if not packed:
        return text[:_MAX_XMP_BYTES]
    try:
        return zlib.decompressobj().decompress(text, _MAX_XMP_BYTES)
    except zlib.error:
        return b""


def _credential(data: bytes, anchors: str) -> dict[str, Json]:
    import c2pa

    mime = sniff_made(data).mime
    settings: dict[str, Json] = dict(_SETTINGS)
    if anchors:
        settings["trust"] = {"trust_anchors": anchors}
    try:
        with c2pa.Context.from_dict(settings) as context:
            reader = c2pa.Reader.try_create(mime, BytesIO(data), context=context)
            if reader is None:
                return {"status": "none"}
            with reader:
                return _told(json.loads(reader.json()), reader.is_embedded())
    except c2pa.C2paError.NotSupported:
        return {"status": "none"}  # no file of this format can hold one
    except c2pa.C2paError as error:
        return {"status": "invalid", "problems": [_problem(error)]}


def _problem(error: Exception) -> str:
    """What cannot be read at all has no code of the standard."""
    return f"unreadable: {type(error).__name__}"


def _told(store: Json, embedded: bool) -> dict[str, Json]:
    manifest = store.get("manifests", {}).get(store.get("active_manifest"), {})
    signature = manifest.get("signature_info") or {}
    results = (store.get("validation_results") or {}).get("activeManifest") or {}
    failures = [str(each.get("code", "")) for each in results.get("failure", ())]
    successes = {str(each.get("code", "")) for each in results.get("success", ())}
    state = store.get("validation_state")
    status = "invalid"
    if embedded and state in {"Valid", "Trusted"}:
        trusted = state == "Trusted" and "signingCredential.trusted" in successes
        status = "trusted" if trusted else "unverified"
    kind = _claimed_source_type(manifest)
    return {
        "status": status,
        "signer": _word(signature.get("issuer") or signature.get("common_name")),
        "generator": _word(_generator(manifest)),
        "signed_at": _word(signature.get("time")),
        "problems": [_word(code) for code in failures[:_MAX_PROBLEMS]],
        "source_type": kind,
        "source_type_from": "c2pa" if kind else "",
    }


def _generator(manifest: Json) -> str:
    programs = manifest.get("claim_generator_info") or [{}]
    name, version = programs[0].get("name") or "", programs[0].get("version") or ""
    return f"{name} {version}".strip() or str(manifest.get("claim_generator") or "")


def _claimed_source_type(manifest: Json) -> str:
    """Of the last action that names one: the first made the picture, later ones changed it."""
    found = ""
    for assertion in manifest.get("assertions") or ():
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            for action in (assertion.get("data") or {}).get("actions") or ():
                known = _SOURCE_TYPES.fullmatch(str(action.get("digitalSourceType") or ""))
                found = known.group(1) if known else found
    return found


def _word(value: object) -> str:
    """One line of text from a stranger's file."""
    return " ".join(str(value or "").split())[:_MAX_WORD]
