"""The files for hosts fit the Easel that they start: names, patience, packages, what is copied."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from chat.settings import VARIABLES, Settings, read_settings
from tests.image import Step, environ_of, steps

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
CLOSING_S = 10
"""What the end takes beyond EASEL_DRAIN_S, at least."""

SECRETS = {
    "STUDIO": "studio.example",
    "DATABASE_PASSWORD": "tell-nobody",
    "STORE_KEY": "key",
    "STORE_SECRET": "secret",
    "ACCESS_KEY": "ab" * 32,
}


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def unit() -> dict[str, list[str]]:
    """The settings of the service, each as often as it is given."""
    found: dict[str, list[str]] = {}
    for line in text("easel.service").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def composed(name: str = "compose.yaml") -> Any:
    """A composition with its variables filled in."""
    names = re.compile(r"\$\{(\w+)(?::\?[^}]*)?\}")
    return yaml.safe_load(names.sub(lambda found: SECRETS[found[1]], text(name)))


def kubernetes() -> dict[str, Any]:
    return {each["kind"]: each for each in yaml.safe_load_all(text("kubernetes.yaml"))}


def of_the_unit() -> Mapping[str, str]:
    given = dict(word.split("=", 1) for line in unit()["Environment"] for word in shlex.split(line))
    return {**given, "EASEL_LOGIN": "users"}  # of the file that the host writes


def of_the_composition() -> Mapping[str, str]:
    return {**environ_of(image()), **composed()["services"]["easel"]["environment"]}


def of_kubernetes() -> Mapping[str, str]:
    return {**environ_of(image()), **kubernetes()["ConfigMap"]["data"]}


def image() -> list[Step]:
    return steps(text("Containerfile"))


ENVIRONMENTS = {
    "systemd": of_the_unit,
    "compose": of_the_composition,
    "kubernetes": of_kubernetes,
}


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.iterdir()))
def test_each_file_names_variables_that_there_are(name: str) -> None:
    assert set(re.findall(r"\bEASEL_[A-Z_]+\b", text(name))) <= VARIABLES


@pytest.mark.parametrize("which", ENVIRONMENTS)
def test_easel_starts_with_what_each_file_gives_it(which: str) -> None:
    given = ENVIRONMENTS[which]()
    settings = read_settings([], given, serving=True)
    assert settings.login == "users"
    assert settings.data == Path("/var/lib/easel")
    if which != "systemd":
        assert not settings.loopback, "nobody outside of the container reaches its loopback"
        assert settings.hosts == ("https://studio.example",)
        assert given["FORWARDED_ALLOW_IPS"]


def patience_s(which: str) -> tuple[Settings, int]:
    """How it is started, and how long it is waited for before it is killed."""
    waits = {
        "systemd": lambda: int(unit()["TimeoutStopSec"][0]),
        "compose": lambda: int(composed()["services"]["easel"]["stop_grace_period"].rstrip("s")),
        "kubernetes": lambda: int(pod()["terminationGracePeriodSeconds"]),
    }
    return read_settings([], ENVIRONMENTS[which](), serving=True), waits[which]()


def pod() -> Any:
    return kubernetes()["Deployment"]["spec"]["template"]["spec"]


@pytest.mark.parametrize("which", ENVIRONMENTS)
def test_nobody_is_killed_while_it_finishes_what_runs(which: str) -> None:
    settings, killed_after_s = patience_s(which)
    assert killed_after_s >= settings.drain_s + CLOSING_S
    if which == "systemd":
        # Else what decodes pictures is asked to end with it, amid the replies that need it.
        assert unit()["KillMode"] == ["mixed"]
    if which == "kubernetes":
        spec = kubernetes()["Deployment"]["spec"]
        assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_unit_and_finds_it_well_confined(tmp_path: Path) -> None:
    known = text("easel.service").replace("/srv/easel/.venv/bin/python", shutil.which("true") or "")
    (tmp_path / "easel.service").write_text(known, encoding="utf-8")
    environ = {**os.environ, "SYSTEMD_COLORS": "0", "SYSTEMD_LOG_LEVEL": "warning"}
    for command in (
        ["verify", "--man=no", "--recursive-errors=no"],
        ["security", "--offline=yes", "--no-pager", "--threshold=20"],
    ):
        done = subprocess.run(
            ["systemd-analyze", *command, str(tmp_path / "easel.service")],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        assert "easel.service:" not in done.stderr, done.stderr


def test_whatever_the_composition_names_is_in_it() -> None:
    found = composed()
    services = found["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= set(services), name
        assert set(service["networks"]) <= set(found["networks"]), name
        volumes = {each.partition(":")[0] for each in service.get("volumes", ())}
        assert volumes <= set(found["volumes"]), name
    # Who asks Easel does so by the one network from which it is believed.
    easel, caddy = services["easel"], services["caddy"]
    assert set(easel["networks"]) & set(caddy["networks"]) == {"inside"}
    (subnet,) = (each["subnet"] for each in found["networks"]["inside"]["ipam"]["config"])
    assert easel["environment"]["FORWARDED_ALLOW_IPS"] == subnet
    build = easel["build"]
    context = (DEPLOY / build["context"]).resolve()
    assert context == ROOT
    assert (context / build["dockerfile"]).is_file()
    keys = yaml.safe_load(found["configs"]["store"]["content"])["identities"][0]["credentials"]
    given = easel["environment"]
    assert keys == [
        {"accessKey": given["AWS_ACCESS_KEY_ID"], "secretKey": given["AWS_SECRET_ACCESS_KEY"]}
    ]


def test_two_easels_share_all_but_their_data_folder() -> None:
    one, two = composed(), composed("compose-two.yaml")
    second = two["services"]["easel2"]
    assert second["extends"] == {"file": "compose.yaml", "service": "easel"}
    environments = []
    for name in ("easel", "easel2"):
        given = {**of_the_composition(), **two["services"][name]["environment"]}
        settings = read_settings([], given, serving=True)
        assert settings.database.startswith("postgresql://")
        assert settings.access_key
        assert settings.models_page, "what is set up on the page would be known to one alone"
        environments.append(given)
    assert environments[0] == environments[1]
    places = {
        one["services"]["easel"]["volumes"][0].partition(":")[0],
        second["volumes"][0].partition(":")[0],
    }
    assert places == {"data", "data2"}
    assert places <= {*one["volumes"], *two["volumes"]}
    front = two["configs"]["two"]["content"]
    assert "easel:7860 easel2:7860" in front
    assert "/readyz" in front


def test_the_probes_ask_what_easel_answers() -> None:
    (container,) = pod()["containers"]
    probes = {name: container[name]["httpGet"] for name in container if name.endswith("Probe")}
    assert {name: each["path"] for name, each in probes.items()} == {
        "startupProbe": "/healthz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }
    ports = {each["name"]: str(each["containerPort"]) for each in container["ports"]}
    assert {each["port"] for each in probes.values()} <= set(ports)
    assert ports["http"] == environ_of(image())["PORT"]
    mounts = {each["mountPath"]: each["name"] for each in container["volumeMounts"]}
    assert {"/var/lib/easel", "/tmp"} == set(mounts)
    assert set(mounts.values()) == {each["name"] for each in pod()["volumes"]}


def test_the_image_copies_what_there_is_and_installs_what_was_tested() -> None:
    for step in image():
        if step.name == "COPY":
            assert all((ROOT / each).exists() for each in shlex.split(step.words)[:-1]), step
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    wanted = re.search(r"\^\(([\w|-]+)\)==", text("Containerfile"))
    assert wanted
    assert all(f"\n{name}==" in lock for name in wanted[1].split("|"))
    space = yaml.safe_load(text("space.yaml"))
    assert f"\ngradio=={space['sdk_version']}\n" in lock
    assert (ROOT / space["app_file"]).is_file()
