"""How what a live line says is packed: what is short is not, and a line at rest holds nothing.

The library's own packs every message, and keeps 32 kB for each line that is open. A packer may be
let go at any time: one that begins anew refers to nothing that was said before, and whoever unpacks
need not know. Source: RFC 7692, section 7.2.1, and websockets 17,
``extensions/permessage_deflate.py`` (2026-12-01).
"""

import zlib
from collections.abc import Sequence
from time import monotonic

from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import (
    PerMessageDeflate,
    ServerPerMessageDeflateFactory,
)
from websockets.frames import CTRL_OPCODES, Frame
from websockets.typing import ExtensionParameter

SHORT_BYTES = 256
"""Packing less saves a hundred bytes and costs more than sending them."""

REST_S = 10.0
"""A line on which nothing was packed for so long rests; the next beat, which is short, finds it."""

TALK = 4
"""From this message on without a rest the packer is kept for the next: a reply grows. A page that
opens is told fewer."""


class SparingDeflate(PerMessageDeflate):
    """Packs what is worth it."""

    _packed_s = 0.0
    _talk = 0
    """Messages packed without a rest between them."""

    def encode(self, frame: Frame) -> Frame:
        """A frame as it travels."""
        if frame.opcode in CTRL_OPCODES:
            return frame
        now_s = monotonic()
        rested = now_s - self._packed_s > REST_S
        if len(frame.data) < SHORT_BYTES and frame.fin:
            if rested:
                self._let_go()
            return frame
        self._packed_s, self._talk = now_s, 1 if rested else self._talk + 1
        if not self.local_no_context_takeover and "encoder" not in self.__dict__:
            self.encoder = zlib.compressobj(
                wbits=-self.local_max_window_bits, **self.compress_settings
            )
        packed = super().encode(frame)
        if self._talk < TALK and frame.fin:
            self._let_go()
        return packed

    def _let_go(self) -> None:
        self.__dict__.pop("encoder", None)


class SparingDeflateFactory(ServerPerMessageDeflateFactory):
    """Agrees on the same as the library's."""

    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> tuple[list[ExtensionParameter], PerMessageDeflate]:
        """The parameters to answer with, and the packer."""
        told, agreed = super().process_request_params(params, accepted_extensions)
        packer = SparingDeflate(
            agreed.remote_no_context_takeover,
            agreed.local_no_context_takeover,
            agreed.remote_max_window_bits,
            agreed.local_max_window_bits,
            agreed.compress_settings,
        )
        packer._let_go()
        return told, packer


SPARING = SparingDeflateFactory(
    server_max_window_bits=12,
    client_max_window_bits=12,
    client_no_context_takeover=True,
    compress_settings={"memLevel": 5},
)
"""With the sizes that uvicorn asks for. A page says little: what it says is unpacked without
what it said before, and no unpacker is held either."""
