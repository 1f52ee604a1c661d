"""Pictures over HTTP: what goes in comes out clean, for its owner, for ever, and harmless."""

import io
from datetime import timedelta

import pytest
from PIL import Image as Pillow

from chat.core.events import ImageBytes, TextDelta
from chat.core.messages import now
from chat.core.parts import Image
from chat.web.policy import UPLOAD_BYTES
from tests.loopback import Loopback, Reply, Request
from tests.unit.images.pictures import encoded, quarters
from tests.unit.turns.workshop import DONE, ME, png
from tests.unit.web.studio import Studio, opened, studio

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def photograph() -> bytes:
    """A JPEG that lies on its side and tells who took it."""
    picture = Pillow.effect_noise((1200, 800), 60).convert("RGB")
    exif = Pillow.Exif()
    exif[0x0112] = 6  # turn it to the right
    exif[0x9C9D] = "A. Photographer".encode("utf-16-le")
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"<script>alert(1)</script>")
    return out.getvalue()


async def upload(made: Studio, data: bytes, status: int = 200) -> dict[str, object]:
    answer = await made.http.post("/api/media", content=data)
    assert answer.status_code == status, answer.text
    told: dict[str, object] = answer.json()
    return told


async def test_an_upload_comes_back_upright_and_without_what_it_told_of_its_owner() -> None:
    async with studio() as made:
        told = await upload(made, photograph())
        assert (told["width"], told["height"]) == (800, 1200)
        answer = await made.http.get(f"/media/{told['sha']}")
        assert len(answer.content) == told["bytes"]
        assert answer.headers["content-type"] == told["mime"]
        assert b"Photographer" not in answer.content.replace(b"\x00", b"")
        assert b"script" not in answer.content
        with Pillow.open(io.BytesIO(answer.content)) as picture:
            assert picture.size == (800, 1200)
        small = await made.http.get(f"/media/{told['sha']}/thumb")
        assert small.headers["content-type"] == "image/webp"
        with Pillow.open(io.BytesIO(small.content)) as picture:
            assert picture.size == (512, 768)
        for _ in range(2):
            tile = await made.http.get(f"/media/{told['sha']}/thumb?tile=true")
            with Pillow.open(io.BytesIO(tile.content)) as picture:
                assert picture.size == (64, 96)


async def test_a_picture_of_a_model_comes_back_byte_for_byte() -> None:
    async with studio([TextDelta("here"), ImageBytes(png("blue", 40)), DONE]) as made:
        started = await made.ask(await made.begin())
        await made.shop.jobs.wait(started["reply"])
        image = made.shop.store.message(ME, started["reply"]).parts[1]
        assert isinstance(image, Image)
        answer = await made.http.get(f"/media/{image.media.sha256}")
        assert answer.content == png("blue", 40)


@pytest.mark.parametrize(
    ("came", "ending"),
    [
        (SVG, "svg"),
        (encoded(quarters(), "BMP"), "bmp"),
        (encoded(quarters(), "TIFF"), "tiff"),
        (encoded(quarters(), "JPEG2000"), "jp2"),
    ],
)
async def test_what_no_browser_shows_is_shown_as_pixels_and_downloaded_as_it_came(
    came: bytes, ending: str
) -> None:
    async with studio([ImageBytes(came), DONE]) as made:
        started = await made.ask(await made.begin())
        await made.shop.jobs.wait(started["reply"])
        (image,) = made.shop.store.message(ME, started["reply"]).parts
        assert isinstance(image, Image)
        path = f"/media/{image.media.sha256}"
        shown = await made.http.get(path)
        assert shown.headers["content-type"] == "image/png"
        assert shown.content.startswith(b"\x89PNG")
        assert (await made.http.get(f"{path}/thumb")).headers["content-type"] == "image/webp"
        file = await made.http.get(f"{path}?download=1")
        assert file.content == came
        name = f'attachment; filename="easel-{image.media.sha256[:8]}.{ending}"'
        assert file.headers["content-disposition"].startswith(name)
        assert file.headers["content-security-policy"] == "sandbox; default-src 'none'"


async def test_a_picture_is_kept_by_the_browser_and_can_do_nothing_there() -> None:
    async with studio() as made:
        sha = (await upload(made, png()))["sha"]
        for path in (f"/media/{sha}", f"/media/{sha}/thumb"):
            headers = (await made.http.get(path)).headers
            assert headers["cache-control"] == "private, max-age=31536000, immutable"
            assert headers["content-security-policy"] == "sandbox; default-src 'none'"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cross-origin-resource-policy"] == "same-origin"
        first = await made.http.get(f"/media/{sha}")
        tag = first.headers["etag"]
        again = await made.http.get(f"/media/{sha}", headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag, "a cache keeps the name it asked with"
        other = await made.http.get(f"/media/{sha}", headers={"If-None-Match": '"other"'})
        assert other.content == first.content


RANGES = [
    ("bytes=0-3", 206, slice(0, 4)),
    ("bytes=5-", 206, slice(5, None)),
    ("bytes=-7", 206, slice(-7, None)),
    ("bytes=-99999999", 206, slice(0, None)),
    ("bytes=3-99999999", 206, slice(3, None)),
    ("bytes=99999999-", 416, None),
    ("bytes=-0", 416, None),
    ("bytes=5-3", 200, slice(None)),
    ("bytes=-", 200, slice(None)),
    ("bytes=0-1,5-6", 200, slice(None)),
    ("pixels=0-3", 200, slice(None)),
    ("bytes=a-b", 200, slice(None)),
    ("bytes=" + "9" * 40 + "-", 200, slice(None)),
]


@pytest.mark.parametrize("tail", ["", "/thumb"])
async def test_a_download_that_broke_off_goes_on_where_it_stopped(tail: str) -> None:
    async with studio() as made:
        sha = (await upload(made, png("red", 90)))["sha"]
        path = f"/media/{sha}{tail}"
        whole = await made.http.get(path)
        assert whole.headers["accept-ranges"] == "bytes"
        for asked, status, part in RANGES:
            answer = await made.http.get(path, headers={"Range": asked})
            assert answer.status_code == status, asked
            size = len(whole.content)
            if part is None:
                assert (answer.content, answer.headers["content-range"]) == (b"", f"bytes */{size}")
                continue
            assert answer.content == whole.content[part], asked
            start, stop, _ = part.indices(size)
            named = f"bytes {start}-{stop - 1}/{size}" if status == 206 else None
            assert answer.headers.get("content-range") == named
            assert answer.headers["content-type"] == whole.headers["content-type"]
            assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"


async def test_a_part_of_another_picture_is_never_taken_for_the_rest_of_this_one() -> None:
    async with studio() as made:
        path = f"/media/{(await upload(made, png()))['sha']}"
        whole = await made.http.get(path)
        tag = whole.headers["etag"]
        for only_of, status in ((tag, 206), ('"other"', 200), (f"W/{tag}", 200)):
            headers = {"Range": "bytes=0-3", "If-Range": only_of}
            assert (await made.http.get(path, headers=headers)).status_code == status


@pytest.mark.parametrize("tail", ["", "/thumb", "?download=1"])
async def test_what_a_picture_is_can_be_asked_without_its_bytes(tail: str) -> None:
    async with studio() as made:
        path = f"/media/{(await upload(made, png()))['sha']}{tail}"
        whole, head = await made.http.get(path), await made.http.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert dict(head.headers) == dict(whole.headers)
        assert (await made.http.head(f"/media/{'0' * 64}")).status_code == 404


@pytest.mark.parametrize("condition", ['W/"{}"', '"other", "{}"', "*"])
async def test_a_cache_that_has_the_picture_is_told_so_however_it_asks(condition: str) -> None:
    async with studio() as made:
        sha = (await upload(made, png()))["sha"]
        headers = {"If-None-Match": condition.replace("{}", str(sha))}
        assert (await made.http.get(f"/media/{sha}", headers=headers)).status_code == 304


async def test_a_damaged_file_is_never_given_out_and_the_same_upload_heals_it() -> None:
    async with studio() as made:
        sha = str((await upload(made, png("red", 90)))["sha"])
        whole = (await made.http.get(f"/media/{sha}")).content
        made.shop.media._objects.write(f"{sha[:2]}/{sha}", whole[:-1] + b"!")
        for method in (made.http.get, made.http.head):
            answer = await method(f"/media/{sha}")
            assert answer.status_code == 404
        small = await made.http.get(f"/media/{sha}/thumb")
        assert small.status_code == 200, "a preview that is whole is still shown"
        assert (await upload(made, png("red", 90)))["sha"] == sha
        assert (await made.http.get(f"/media/{sha}")).content == whole


async def test_a_download_has_a_name_of_ours_and_is_never_shown() -> None:
    async with studio() as made:
        sha = str((await upload(made, png()))["sha"])
        shown = await made.http.get(f"/media/{sha}")
        assert shown.headers["content-disposition"].startswith("inline")
        saved = await made.http.get(f"/media/{sha}?download=1")
        assert f'attachment; filename="easel-{sha[:8]}.png"' in saved.headers["content-disposition"]
        assert saved.content == shown.content


async def test_somebody_elses_picture_is_as_missing_as_none() -> None:
    async with studio() as made, opened(made.shop, "mallory") as other:
        sha = (await upload(made, png()))["sha"]
        conversation = await other.begin()
        for path in (f"/media/{sha}", f"/media/{sha}/thumb", f"/media/{'0' * 64}"):
            answer = await other.http.get(path)
            assert answer.status_code == 404
            assert answer.json()["error"]
            tagged = await other.http.get(path, headers={"If-None-Match": f'"{sha}"'})
            assert tagged.status_code == 404
        body = {"text": "", "client_id": "client-1", "pictures": [sha]}
        await other.post(f"/api/conversations/{conversation}/messages", body, 404)
        assert made.shop.store.get("mallory", conversation).head_id is None
        await upload(other, png())
        assert (await other.http.get(f"/media/{sha}")).status_code == 200, "who has it, has it"


@pytest.mark.parametrize("name", ["A" * 64, "..%2f..%2feasel.db", "0" * 63, "0" * 64 + ".t768"])
async def test_only_a_hash_is_a_name(name: str) -> None:
    async with studio() as made:
        answer = await made.http.get(f"/media/{name}")
        assert answer.status_code in {400, 404}
        assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("data", [b"", b"a letter", SVG, b"%PDF-1.7", png()[:40], b"\x89PNG\r\n"])
async def test_what_is_no_picture_is_refused_with_a_sentence(data: bytes) -> None:
    async with studio() as made:
        told = await upload(made, data, 415)
        assert str(told["error"]).endswith(".")
        assert made.shop.media.names(now() + timedelta(days=1)) == []


async def test_an_upload_beyond_the_limit_is_refused_while_it_arrives() -> None:
    async with studio() as made:
        told = await upload(made, b"\x89PNG\r\n\x1a\n" + b"x" * (UPLOAD_BYTES + 100_000), 413)
        assert told == {"error": "The request is larger than Easel takes."}
        told = await upload(made, b"\x89PNG\r\n\x1a\n" + b"x" * (UPLOAD_BYTES + 100), 415)
        assert "20 MB" in str(told["error"])


async def test_a_picture_that_is_added_twice_goes_along_once() -> None:
    async with studio([TextDelta("yes"), DONE]) as made:
        sha = (await upload(made, png()))["sha"]
        assert (await upload(made, png()))["sha"] == sha
        started = await made.ask(await made.begin(), "", pictures=[sha, sha])
        await made.shop.jobs.wait(started["reply"])
        (part,) = made.shop.store.message(ME, started["question"]).parts
        assert isinstance(part, Image)
        assert part.media.sha256 == sha
        assert made.shop.provider.requests[0].media.keys() == {sha}


async def test_a_picture_is_added_by_its_address_and_a_page_is_not() -> None:
    picture = png("blue", 10)

    def found(asked: Request) -> Reply:
        body = picture if asked.path == "/fox.png" else b"<!DOCTYPE html><p>hello"
        return Reply((body,), promised_bytes=len(body))

    with Loopback(found) as server:
        sites = (server.url,)
        async with studio() as shop, opened(shop.shop, picture_sites=sites) as made:
            added = await made.post("/api/media/address", {"address": f"{server.url}/fox.png"})
            assert (added["mime"], added["width"]) == ("image/png", 10)
            path = "/api/media/address"
            refused = await made.post(path, {"address": f"{server.url}/page"}, 415)
            assert "not a picture but a web page" in refused["error"]
            refused = await made.post(path, {"address": "http://127.0.0.1/x"}, 415)
            assert refused["error"].startswith("This is a link into a private network")
