"""What a round of tools costs all in all: Easel's loop beside that of the openai-agents SDK.

Both ask the same model over loopback HTTP, in a process each, and stream what it says: it calls a
calculator so many times, and then says that it is done. They take turns, so that whatever else the
machine does meets both alike.
"""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from threading import Timer

from tests.bench.figures import Figure
from tests.bench.rig import Rig
from tests.loopback import Loopback, Reply, Request
from tests.wire_shapes import openai_stream

ROUNDS = 8
PATIENCE_S = 600
PROBES = Path(__file__).parent


def measure(rig: Rig) -> list[Figure]:
    """CPU of a reply with so many rounds; the peer is in an environment of its own."""
    ran = subprocess.run(
        [str(PROBES.parents[1] / ".ci" / "agents")], capture_output=True, text=True, check=True
    )
    with ExitStack() as stack:
        server = stack.enter_context(Loopback(model))
        ours, theirs = (
            _Loop(stack, [*command, server.url, str(ROUNDS)])
            for command in (
                [sys.executable, "-m", "tests.bench.tool_rounds_probe"],
                [ran.stdout.strip(), str(PROBES / "agents_probe.py")],
            )
        )
        # The first only loads code.
        spent = [(ours.reply_s(), theirs.reply_s()) for _ in range(rig.rounds(21) + 1)][1:]
    ours_s, theirs_s = (median(each) for each in zip(*spent, strict=True))
    return [
        Figure("a round of tools, engine, wire and tool, CPU", 1e3 * ours_s / ROUNDS, "ms", 15),
        Figure(
            f"a reply with {ROUNDS} rounds of tools, CPU against openai-agents",
            median(mine / other for mine, other in spent),
            "x",
            0.5,
            f"{1e3 * ours_s:.0f} ms and {1e3 * theirs_s:.0f} ms",
        ),
    ]


class _Loop:
    """A process that asks for a reply whenever it is sent a line, and says what it spent."""

    def __init__(self, stack: ExitStack, command: list[str]) -> None:
        self._process = stack.enter_context(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        hangs = Timer(PATIENCE_S, self._process.kill)
        hangs.start()
        stack.callback(hangs.cancel)
        stack.callback(self._process.kill)

    def reply_s(self) -> float:
        """CPU seconds of one reply. Raises ``ValueError`` where it went otherwise."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        return float(process.stdout.readline())


def model(request: Request) -> Reply:
    """One that has no memory: it counts the results that it is told."""
    messages = request.json["messages"]
    done = sum(message["role"] == "tool" for message in messages)
    if done >= ROUNDS:
        return openai_stream(["It ", "is ", "42."])
    call = {
        "index": 0,
        "id": f"call_{done}",
        "type": "function",
        "function": {"name": "calculator", "arguments": '{"expression": "6*7"}'},
    }
    return openai_stream([{"tool_calls": [call]}], "tool_calls")
