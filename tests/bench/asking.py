"""``python -m tests.bench.asking PATHS URLS``: asks as pages do, until its input ends.

A process of its own: what its parent does meanwhile must not be waited for here. It prints how
long each answer took, in seconds, by address.
"""

import json
import select
import sys
import time

import httpx

from tests.patience import PATIENCE_S

REST_S = 0.01


def main(paths: list[str], addresses: list[str]) -> None:
    """Ask each address for each path, in turn."""
    took: dict[str, list[float]] = {address: [] for address in addresses}
    with httpx.Client(trust_env=False, timeout=PATIENCE_S) as http:
        for address in addresses:
            http.get(address + paths[0])
        print(flush=True)  # noqa: T201
        while not select.select([sys.stdin], [], [], REST_S)[0]:
            for path in paths:
                for address, waited in took.items():
                    asked_s = time.monotonic()
                    http.get(address + path).raise_for_status()
                    waited.append(time.monotonic() - asked_s)
    print(json.dumps(took))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1].split(","), sys.argv[2:])
