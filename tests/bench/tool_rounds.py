"""What a round of tools costs all in all: Easel's loop beside that of the openai-agents SDK.

Both ask the same model over loopback HTTP, in a process each, and stream what it says: it calls a
calculator so many times, and then says that it is done.
"""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.bench.figures import Figure
from tests.bench.rig import Rig
from tests.loopback import Loopback, Reply, Request
from tests.wire_shapes import openai_stream

ROUNDS = 8
PATIENCE_S = 300
PROBES = Path(__file__).parent


def measure(rig: Rig) -> list[Figure]:
    """CPU of a reply with so many rounds; the peer is in an environment of its own."""
    replies = rig.rounds(15)
    ran = subprocess.run(
        [str(PROBES.parents[1] / ".ci" / "agents")], capture_output=True, text=True, check=True
    )
    peer = ran.stdout.strip()
    with Loopback(model) as server:
        probe = ["-m", "tests.bench.tool_rounds_probe"]
        ours = _cpu_s([sys.executable, *probe], server.url, replies)
        theirs = _cpu_s([peer, str(PROBES / "agents_probe.py")], server.url, replies)
    per_round_ms = 1e3 * ours / ROUNDS
    return [
        Figure("a round of tools, engine, wire and tool, CPU", per_round_ms, "ms", 15),
        Figure(
            f"a reply with {ROUNDS} rounds of tools, CPU against openai-agents",
            ours / theirs,
            "x",
            0.5,
            f"{1e3 * ours:.0f} ms and {1e3 * theirs:.0f} ms",
        ),
    ]


def _cpu_s(command: list[str], url: str, replies: int) -> float:
    """The median over the replies, which the probe prints as a list of seconds."""
    ran = subprocess.run(
        [*command, url, str(replies), str(ROUNDS)],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    spent: list[float] = json.loads(ran.stdout.splitlines()[-1])
    return median(spent)


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
