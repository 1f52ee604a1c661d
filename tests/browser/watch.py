"""Listens to a browser: whatever it complains of, and every host that it talks to."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request

INSIDE = frozenset({"data", "blob", "about"})
"""Schemes of addresses that ask nobody."""

DROPPED = "net::ERR_ABORTED"
"""What becomes of requests that a page no longer wants, when it is left for example."""


class Watch:
    """Complaints and addresses of all pages of a context."""

    def __init__(self, context: BrowserContext) -> None:
        """Listen to every page that this context opens from now on."""
        self._complaints: list[str] = []
        self._addresses: list[str] = []
        self._expected: list[str] = []
        self._borne: list[str] = []
        context.on("page", self._listen)
        context.on("request", lambda request: self._addresses.append(request.url))
        context.on("requestfailed", self._failed)
        context.on("response", lambda r: self._refused(r.status, r.url))
        context.on("console", lambda m: self._said(m.type, m.text))
        context.on("weberror", lambda thrown: self._complaints.append(str(thrown.error)))

    def forget(self) -> None:
        """Begin anew: what was heard so far belonged to another test."""
        for heard in (self._complaints, self._addresses, self._expected, self._borne):
            heard.clear()

    def expect(self, *words: str) -> None:
        """Complaints with these words belong to the test, and must come."""
        self._expected += words

    def bear(self, *words: str) -> None:
        """Complaints with these words belong to the test, and may come."""
        self._borne += words

    def hosts(self) -> set[str]:
        """Every host, with its port, that was asked for anything."""
        split = [urlsplit(address) for address in self._addresses]
        return {address.netloc for address in split if address.scheme not in INSIDE}

    def judge(self, own: str) -> None:
        """Fail for any complaint that was not expected, and any host but our own."""
        complaints, expected = self._complaints, self._expected
        unexpected = [
            c for c in complaints if not any(word in c for word in [*expected, *self._borne])
        ]
        assert not unexpected, f"the browser complained: {unexpected}"
        missing = [word for word in expected if not any(word in c for c in complaints)]
        assert not missing, f"expected, but nobody complained of {missing}"
        assert self.hosts() <= {own}, f"the page talked to others: {self.hosts()}"

    def _listen(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._addresses.append(socket.url))

    def _failed(self, request: Request) -> None:
        if request.failure != DROPPED:
            self._complaints.append(f"{request.failure} {request.url}")

    def _refused(self, status: int, address: str) -> None:
        if status >= 400:
            self._complaints.append(f"{status} {address}")

    def _said(self, kind: str, text: str) -> None:
        # That a resource was refused is told by its response, with its address.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self._complaints.append(text)
