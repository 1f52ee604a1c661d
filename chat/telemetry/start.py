"""Which recorders there are, by what the environment says."""

from collections.abc import Mapping

from chat.telemetry.call import Recorder, Recorders
from chat.telemetry.log import CallLog


def start_recorder(
    environ: Mapping[str, str], figures: Recorder | None = None, *, keeps_words: bool = False
) -> Recorder:
    """The log of calls and, where a collector is named, what is sent to it.

    ``OTEL_EXPORTER_OTLP_ENDPOINT`` names a collector for spans and figures,
    ``OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`` and ``OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`` one for
    each. Without them the OpenTelemetry SDK is not even imported.

    Args:
        environ: the environment.
        figures: what counts for the host, if anything does.
        keeps_words: whether the log holds questions and answers, too.
    """
    log = CallLog(keeps_words=keeps_words)
    calls: Recorder = log if figures is None else Recorders((log, figures))
    traces_url, metrics_url = _address(environ, "traces"), _address(environ, "metrics")
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return calls
    if not traces_url and not metrics_url:
        return calls
    from chat.telemetry.export import Exporter  # half a second, for the few

    return Recorders((calls, Exporter(traces_url, metrics_url)))


def _address(environ: Mapping[str, str], signal: str) -> str:
    """Where a signal goes: its own address as it is, or its path under the common one."""
    own = environ.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT", "").strip()
    common = environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").strip()
    return own or (f"{common.rstrip('/')}/v1/{signal}" if common else "")
