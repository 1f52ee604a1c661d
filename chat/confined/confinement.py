"""What a process may do that opens files of strangers. Called in that process."""

import signal
import sys


def confine(address_space_bytes: int) -> None:
    """Bound memory, and forbid writing files and core dumps, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, address_space_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def end_after(cpu_s: float) -> None:
    """End this process once it has used so much processor time; 0 calls that off.

    The timer counts all threads, and what the system does for them; its signal ends the process
    whatever a decoder is at. Where there is none, the parent's clock is all there is.
    """
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, cpu_s)
