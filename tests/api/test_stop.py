"""Easel ends while programs wait for answers: they are told, and the log has no trace of a bug."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.api.conftest import KEY
from tests.api.test_chat import HELLO, NAMED
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.process.easel import Easel
from tests.process.upstream import Upstream


def test_whoever_waits_for_an_answer_is_told_that_easel_ends(
    upstream: Upstream, tmp_path: Path
) -> None:
    gates = [Gate(), Gate()]
    for gate in gates:
        upstream.says("Once ", gate, "upon a time.")
    environ = {**upstream.environ, "EASEL_API_KEYS": f"laptop={KEY}"}
    with Easel(tmp_path / "data", **environ) as easel, ThreadPoolExecutor(2) as threads:

        def asked(*, stream: bool) -> httpx.Response:
            body = {"model": NAMED, "messages": HELLO, "stream": stream}
            headers = {"Authorization": f"Bearer {KEY}"}
            address = f"{easel.address}/v1/chat/completions"
            return httpx.post(
                address, json=body, headers=headers, trust_env=False, timeout=PATIENCE_S
            )

        streamed, whole = (threads.submit(asked, stream=stream) for stream in (True, False))
        for gate in gates:
            assert gate.reached.wait(PATIENCE_S)
        assert easel.stop() == 0
        log = easel.log()
        assert "shutting_down" in streamed.result(PATIENCE_S).text
        refused = whole.result(PATIENCE_S)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "shutting_down")
    for gate in gates:
        gate.open()
    assert "Traceback" not in log
