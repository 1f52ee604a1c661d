"""A badge of origin is true: no home-made certificate makes it say trusted."""

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO

import c2pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

from chat.core.parts import Json
from chat.images.provenance import provenance_task, xmp_source_type
from tests.unit.images.edited import LIMITS
from tests.unit.images.pictures import chunk, encoded, quarters

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    'syntax-ns#"><rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    "{}</rdf:Description></rdf:RDF></x:xmpmeta>"
)
AS_ATTRIBUTE = XMP.format(f' Iptc4xmpExt:DigitalSourceType="{SOURCE}trainedAlgorithmicMedia">')
AS_ELEMENT = XMP.format(
    f"><Iptc4xmpExt:DigitalSourceType>{SOURCE}digitalCapture</Iptc4xmpExt:DigitalSourceType>"
)


class Authority:
    """Issues certificates such as C2PA asks for."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)])
        usage = {"key_cert_sign": True, "crl_sign": True}
        self._certificate = self._issued(self._name, self._key, usage, ca=True)
        self.pem = self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    def signed(self, data: bytes, mime: str, signer: str) -> bytes:
        """The picture with a credential that says that an algorithm made it."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, signer)])
        leaf = self._issued(name, key, {"digital_signature": True}, ca=False)
        chain = leaf.public_bytes(serialization.Encoding.PEM).decode() + self.pem
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        manifest = {
            "claim_generator_info": [{"name": "Brush", "version": "1.2"}],
            "assertions": [
                {
                    "label": "c2pa.actions.v2",
                    "data": {
                        "actions": [
                            {
                                "action": "c2pa.created",
                                "digitalSourceType": f"{SOURCE}trainedAlgorithmicMedia",
                            }
                        ]
                    },
                }
            ],
        }
        info = c2pa.C2paSignerInfo(
            alg=b"es256", sign_cert=chain.encode(), private_key=private, ta_url=None
        )
        settings = {"builder": {"thumbnail": {"enabled": False}}, "verify": {"verify_trust": False}}
        out = BytesIO()
        with (
            c2pa.Signer.from_info(info) as by,
            c2pa.Context.from_dict(settings) as context,
            c2pa.Builder(json.dumps(manifest), context=context) as builder,
        ):
            builder.sign(by, mime, BytesIO(data), out)
        return out.getvalue()

    def _issued(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, usage: Mapping[str, bool], ca: bool
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        kinds = [
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ]
        issuer = self._key.public_key()
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(**{kind: usage.get(kind, False) for kind in kinds}), critical=True
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False
            )
        )
        if not ca:
            mail = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
            builder = builder.add_extension(mail, critical=False)
        return builder.sign(self._key, hashes.SHA256())


def read(data: bytes, anchors: str = "") -> Mapping[str, Json]:
    found, _ = provenance_task({"anchors": anchors}, [data], LIMITS)
    return found


@pytest.fixture(scope="module")
def known() -> Authority:
    return Authority("Known Authority")


@pytest.fixture(scope="module")
def signed(known: Authority) -> bytes:
    return known.signed(encoded(quarters(), "JPEG"), "image/jpeg", "Studio")


def test_a_signer_on_the_trust_list_is_trusted_and_named(known: Authority, signed: bytes) -> None:
    found = read(signed, known.pem)
    assert found["status"] == "trusted"
    assert found["signer"] == "Studio"
    assert found["generator"] == "Brush 1.2"
    assert (found["source_type"], found["source_type_from"]) == ("trainedAlgorithmicMedia", "c2pa")
    assert found["problems"] == []


def test_a_home_made_certificate_is_never_trusted(known: Authority) -> None:
    home = Authority("Known Authority")  # the name is free for all
    made = home.signed(encoded(quarters(), "JPEG"), "image/jpeg", "Studio")
    assert read(made, known.pem)["status"] == "unverified"
    assert read(made)["status"] == "unverified"
    assert read(made)["problems"] == ["signingCredential.untrusted"]


def test_without_a_trust_list_nobody_is_trusted(signed: bytes) -> None:
    assert read(signed)["status"] == "unverified"


def test_a_changed_picture_is_invalid_whoever_signed_it(known: Authority, signed: bytes) -> None:
    at = len(signed) - 40  # among the compressed pixels
    found = read(signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :], known.pem)
    assert found["status"] == "invalid"
    assert "assertion.dataHash.mismatch" in found["problems"]


def test_a_credential_moved_to_another_picture_is_invalid(known: Authority, signed: bytes) -> None:
    other = encoded(Image.new("RGB", (64, 48), "red"), "JPEG")
    manifest = signed[2 : signed.index(b"\xff\xdb")]
    assert read(other[:2] + manifest + other[2:], known.pem)["status"] == "invalid"


def test_a_picture_saved_again_carries_none(signed: bytes) -> None:
    with Image.open(BytesIO(signed)) as image:
        assert read(encoded(image.convert("RGB"), "JPEG"))["status"] == "none"


def test_a_credential_cut_short_is_no_error(signed: bytes) -> None:
    for end in (len(signed) // 4, len(signed) // 2):
        assert read(signed[:end])["status"] in {"invalid", "none"}


@pytest.mark.parametrize(
    ("form", "mime"), [("PNG", "image/png"), ("WEBP", "image/webp"), ("AVIF", "image/avif")]
)
def test_other_formats_are_read_too(known: Authority, form: str, mime: str) -> None:
    made = known.signed(encoded(quarters(), form), mime, "Studio")
    assert read(made, known.pem)["status"] == "trusted"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize(
    ("packet", "kind"), [(AS_ATTRIBUTE, "trainedAlgorithmicMedia"), (AS_ELEMENT, "digitalCapture")]
)
def test_the_iptc_source_type_is_read_from_xmp(form: str, packet: str, kind: str) -> None:
    if form == "PNG":
        plain = encoded(quarters(), "PNG")
        text = b"XML:com.adobe.xmp\0\0\0\0\0" + packet.encode()
        data = plain[:33] + chunk(b"iTXt", text) + plain[33:]
    else:
        data = encoded(quarters(), form, xmp=packet.encode())
    found = read(data)
    assert (found["source_type"], found["source_type_from"]) == (kind, "xmp")
    assert found["status"] == "none", "a note that anybody can write is no credential"


def test_a_packed_note_of_a_png_is_read_within_bounds() -> None:
    plain = encoded(quarters(), "PNG")
    head = b"XML:com.adobe.xmp\0\1\0\0\0"
    for content, kind in ((AS_ELEMENT.encode(), "digitalCapture"), (bytes(100_000_000), "")):
        data = plain[:33] + chunk(b"iTXt", head + zlib.compress(content)) + plain[33:]
        assert xmp_source_type(data) == kind


def test_a_source_type_that_iptc_does_not_know_is_not_repeated() -> None:
    packet = AS_ATTRIBUTE.replace(SOURCE, "https://example.com/")
    assert xmp_source_type(encoded(quarters(), "JPEG", xmp=packet.encode())) == ""
