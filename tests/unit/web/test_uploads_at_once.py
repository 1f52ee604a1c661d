"""Many uploads at once wait outside, where they cost no memory, and none is lost silently."""

import asyncio
from dataclasses import dataclass

import pytest

from chat.web import media
from chat.web.media import UPLOADS_ARRIVING
from tests.patience import PATIENCE_S
from tests.unit.turns.workshop import png
from tests.unit.web.studio import Studio, studio

TOO_MANY = 4


@dataclass
class Upload:
    """An upload that has begun: its headers and half its body are sent."""

    port: int
    data: bytes
    path: str = "/api/media"
    kind: str = "application/octet-stream"

    async def begin(self) -> str:
        """Connect and send the first half; the head of the answer, whenever it comes."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Content-Type: {self.kind}\r\nContent-Length: {len(self.data)}\r\n\r\n"
        )
        half = len(self.data) // 2
        self._writer.write(head.encode() + self.data[:half])
        await self._writer.drain()
        return (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()

    def finish(self) -> None:
        """Send the rest."""
        self._writer.write(self.data[len(self.data) // 2 :])

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()


async def begun(
    made: Studio, count: int, path: str = Upload.path, kind: str = Upload.kind
) -> dict[asyncio.Task[str], Upload]:
    """So many uploads of which half has come, by the answer that each waits for."""
    uploads = [Upload(made.port, png("red", 10 + n), path, kind) for n in range(count)]
    return {asyncio.create_task(upload.begin()): upload for upload in uploads}


async def test_who_comes_when_too_many_wait_is_told_so_and_the_others_are_stored() -> None:
    room = UPLOADS_ARRIVING
    async with studio() as made, asyncio.timeout(PATIENCE_S):
        uploads = await begun(made, room + TOO_MANY)
        waiting = set(uploads)
        refused: list[str] = []
        while len(refused) < TOO_MANY:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            refused += [task.result() for task in done]
        assert len(waiting) == room
        for head in refused:
            assert head.startswith("http/1.1 503 ")
            assert "\r\nretry-after: " in head
        for task in waiting:
            uploads[task].finish()
        stored = await asyncio.gather(*waiting)
        assert all(head.startswith("http/1.1 200 ") for head in stored)
        for upload in uploads.values():
            await upload.close()


async def test_uploads_that_arrive_slowly_keep_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "SLOW_AFTER_S", 0.0)
    async with studio() as made, asyncio.timeout(PATIENCE_S):
        uploads = await begun(made, UPLOADS_ARRIVING)
        for _ in range(3):
            answer = await made.http.post("/api/media", content=png())
            assert answer.status_code == 200, answer.text
        for upload in uploads.values():
            upload.finish()
        heads = await asyncio.gather(*uploads)
        for upload in uploads.values():
            await upload.close()
    assert sum(head.startswith("http/1.1 200 ") for head in heads) >= UPLOADS_ARRIVING - 3
    assert all(head.startswith(("http/1.1 200 ", "http/1.1 408 ")) for head in heads)


async def test_uploads_that_break_off_leave_room_for_the_next() -> None:
    async with studio() as made, asyncio.timeout(PATIENCE_S):
        uploads = await begun(made, UPLOADS_ARRIVING + 1)
        (first, *_), _ = await asyncio.wait(uploads, return_when=asyncio.FIRST_COMPLETED)
        assert first.result().startswith("http/1.1 503 ")
        for upload in uploads.values():
            await upload.close()
        await asyncio.gather(*uploads, return_exceptions=True)
        answer = await made.http.post("/api/media", content=png())
        assert answer.status_code == 200, answer.text
