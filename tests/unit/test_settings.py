"""What the command line and the environment may say, and that nonsense is told in a sentence."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.errors import ConfigError
from chat.settings import DEFAULT_PORT, VARIABLES, misspelt_variables, read_settings
from chat.web.serve import policy_of


def test_without_a_word_it_is_this_machine_only_and_the_users_own_folder() -> None:
    settings = read_settings([], {})
    assert (settings.host, settings.port, settings.hosted) == ("127.0.0.1", DEFAULT_PORT, False)
    assert settings.loopback
    assert settings.data.is_absolute()
    assert settings.data.name == "easel"
    assert settings.model_files == ()


def test_the_command_line_wins_over_the_environment() -> None:
    environ = {"PORT": "8001", "HOST": "10.0.0.1", "GRADIO_SERVER_PORT": "8003"}
    assert read_settings(["--host", "localhost"], environ).port == 8001
    settings = read_settings(["--port", "8002", "--host", "::1"], environ)
    assert (settings.port, settings.host) == (8002, "::1")
    assert read_settings([], {"GRADIO_SERVER_PORT": "8003"}).port == 8003


@given(st.text(max_size=12).filter(lambda text: "\x00" not in text))
def test_any_port_is_a_port_or_a_sentence(text: str) -> None:
    try:
        port = read_settings([], {"PORT": text}).port
    except ConfigError as error:
        assert str(error).startswith("PORT must be a number")  # noqa: PT017 - either may come
    else:
        assert 0 <= port < 65536


@pytest.mark.parametrize("text", ["65536", "-1", "80a", "²", "9" * 5_000, "1.5"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="number from 0 to 65535"):
        read_settings([], {"PORT": text})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "studio.local"])
def test_no_door_to_others_without_the_hosts_own_word(host: str) -> None:
    with pytest.raises(ConfigError, match="--i-know-there-is-no-login"):
        read_settings([], {"HOST": host})
    assert read_settings(["--i-know-there-is-no-login"], {"HOST": host}).host == host


def test_who_tells_people_apart_needs_no_such_word_and_no_token_but_the_host_s() -> None:
    for mode, by_address in (("guests", True), (" Users ", False)):
        settings = read_settings([], {"HOST": "0.0.0.0", "EASEL_LOGIN": mode})
        assert settings.login == mode.strip().lower()
        assert bool(settings.token) == by_address
        here = read_settings([], {"EASEL_LOGIN": mode})
        assert here.loopback
        assert here.models_page, "or every guest could set up providers"
        assert not here.owner_alone
    assert read_settings(["--no-token"], {"EASEL_LOGIN": "guests"}).token == ""
    assert read_settings([], {"EASEL_LOGIN": "users"}).token == ""
    assert read_settings([], {"EASEL_GUEST_DAYS": "7"}).guest_stays == timedelta(days=7)


@pytest.mark.parametrize("days", ["0", "-1", "3651", "x", "1.5", "²"])
def test_guests_stay_for_days(days: str) -> None:
    with pytest.raises(ConfigError, match="EASEL_GUEST_DAYS is a whole number"):
        read_settings([], {"EASEL_GUEST_DAYS": days})


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [
        ([], {"EASEL_LOGIN": "everybody"}),
        ([], {"EASEL_LOGIN": "users", "EASEL_PASSPHRASE": "a long phrase"}),
        (["--i-know-there-is-no-login"], {"EASEL_LOGIN": "users"}),
        (["--new-administrator"], {"EASEL_LOGIN": "guests"}),
        (["--new-administrator"], {}),
        ([], {"EASEL_LOGIN": "guests", "EASEL_MODELS_PAGE": "on"}),
    ],
)
def test_a_login_that_contradicts_itself_is_refused(
    arguments: list[str], environ: dict[str, str]
) -> None:
    with pytest.raises(ConfigError, match="EASEL_LOGIN"):
        read_settings(arguments, environ)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_needs_no_such_word(host: str) -> None:
    assert read_settings(["--host", host], {}).loopback


def test_a_hosted_space_listens_and_answers_under_its_own_name_only() -> None:
    environ = {"SPACE_ID": "me/easel", "SPACE_HOST": "Me-Easel.hf.example"}
    with pytest.raises(ConfigError, match=r"EASEL_PASSPHRASE.*EASEL_NO_LOGIN=1"):
        read_settings([], environ)
    settings = read_settings([], {**environ, "EASEL_PASSPHRASE": "a long phrase"})
    assert (settings.host, settings.port) == ("0.0.0.0", DEFAULT_PORT)
    policy = policy_of(settings)
    assert "me-easel.hf.example" in policy.hosts
    assert {origin.lower() for origin in policy.public_origins} == {"https://me-easel.hf.example"}


def test_a_home_is_understood_and_a_strange_folder_is_an_address_that_leads_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_settings([], {"EASEL_DATA": "~/art"}).data == tmp_path / "art"
    strange = tmp_path / "a ? b#c %20 ü"
    settings = read_settings([], {"EASEL_DATA": str(strange)})
    assert settings.database_url.startswith("sqlite:////")
    assert not set("?# ") & set(settings.database_url)


def test_names_are_read_with_blanks_and_capitals_as_people_write_them() -> None:
    settings = read_settings([], {"EASEL_HOSTS": " Studio.local, ,easel.lan:7860,"})
    assert settings.hosts == ("Studio.local", "easel.lan:7860")
    assert policy_of(settings).hosts == {"studio.local", "easel.lan:7860"}


def test_own_models_lie_in_the_data_folder_or_where_they_are_said_to(tmp_path: Path) -> None:
    (tmp_path / "models.toml").touch()
    other = tmp_path / "other.toml"
    other.touch()
    environ = {"EASEL_DATA": str(tmp_path)}
    usual = read_settings([], environ)
    assert usual.model_files == (tmp_path / "models.toml",)
    assert usual.called(tmp_path / "models.toml") == "models.toml in the data folder"
    elsewhere = read_settings([], {"EASEL_MODELS": str(other), "EASEL_GUARDS": str(other)})
    assert elsewhere.model_files == (other,)
    assert elsewhere.called(other) == "other.toml, which EASEL_MODELS names"
    with pytest.raises(
        ConfigError, match=r"EASEL_MODELS names a file that is not there: “none\.toml”"
    ):
        read_settings([], {"EASEL_MODELS": str(tmp_path / "none.toml")})


def test_keys_of_programs_lie_in_the_data_folder_or_where_they_are_said_to(tmp_path: Path) -> None:
    (tmp_path / "api-keys.txt").touch()
    other = tmp_path / "elsewhere" / "keys.txt"
    other.parent.mkdir()
    other.touch()
    environ = {"EASEL_DATA": str(tmp_path), "EASEL_API_KEYS": "laptop=secret"}
    usual = read_settings([], environ)
    assert usual.api_key_files == (tmp_path / "api-keys.txt",)
    assert "secret" not in repr(usual)
    moved = read_settings([], {**environ, "EASEL_API_KEYS_FILE": str(other)})
    assert moved.api_key_files == (other,)
    assert moved.called(other) == "keys.txt, which EASEL_API_KEYS_FILE names"


def test_keys_do_not_stand_in_what_may_be_printed() -> None:
    assert "secret" not in repr(read_settings([], {"OPENAI_API_KEY": "secret"}))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EASEL_DRAIN_S", "soon", "a whole number of seconds from 0 to 3600, not 'soon'"),
        ("EASEL_DRAIN_S", "3601", "from 0 to 3600"),
        ("EASEL_LOG_FORMAT", "xml", "“text” or “json”, not 'xml'"),
        ("EASEL_METRICS_KEY", "short", "16 or more letters"),
        ("EASEL_ACCESS_KEY", "ab" * 31, "64 hexadecimal digits"),
        ("EASEL_LIVE_URL", "postgresql://host/name", "goes with EASEL_DATABASE_URL"),
    ],
)
def test_what_a_host_sets_wrongly_is_refused(name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read_settings([], {name: value})


def test_a_host_has_patience_and_says_who_may_come_in() -> None:
    hosted = read_settings([], {"EASEL_TOKEN": "off"}, serving=True)
    assert (hosted.drain_s, read_settings([], {}).drain_s) == (30, 0)
    assert read_settings([], {"EASEL_LOGIN": "users"}, serving=True).token == ""
    key = "k" * 16
    assert key in read_settings([], {"EASEL_METRICS_KEY": key}).secrets
    with pytest.raises(ConfigError, match="Say who may come in"):
        read_settings([], {}, serving=True)
    with pytest.raises(ConfigError, match="Say who may come in"):
        read_settings([], {"EASEL_LOGIN": "guests"}, serving=True)


def test_a_level_of_the_log_that_is_none_is_refused_with_those_that_are() -> None:
    assert read_settings([], {"EASEL_LOG_LEVEL": "debug"}).log_level == "DEBUG"
    assert read_settings([], {}).log_level == "INFO"
    with pytest.raises(ConfigError, match="EASEL_LOG_LEVEL is one of DEBUG, INFO"):
        read_settings([], {"EASEL_LOG_LEVEL": "loud"})


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://easel:tell%40nobody@host/name",
        "postgresql://host/name?user=easel&password=tell%40nobody",
    ],
)
def test_the_password_of_a_database_is_a_secret_however_it_is_written(address: str) -> None:
    settings = read_settings([], {"EASEL_DATABASE_URL": address})
    assert settings.database_url == address
    assert {address, "tell@nobody"} <= set(settings.secrets)
    assert "nobody" not in repr(settings)
    assert read_settings(["--no-token"], {"EASEL_DATABASE_URL": "sqlite:///e.db"}).secrets == ()


def test_the_address_carries_a_token_unless_it_is_not_wanted() -> None:
    first, second = read_settings([], {}), read_settings([], {})
    assert len(first.token) >= 32
    assert first.token != second.token
    assert first.token in first.secrets
    assert first.token not in repr(first)
    for arguments, environ in (
        ([], {"EASEL_TOKEN": "off"}),
        (["--no-token"], {}),
        ([], {"EASEL_PASSPHRASE": "a long phrase"}),
        (["--i-know-there-is-no-login"], {"HOST": "0.0.0.0"}),
    ):
        assert read_settings(arguments, environ).token == ""
    assert read_settings([], {"EASEL_TOKEN": "a-token-of-my-own"}).token == "a-token-of-my-own"
    with pytest.raises(ConfigError, match="EASEL_TOKEN"):
        read_settings([], {"EASEL_TOKEN": "short"})


def test_a_pass_phrase_opens_the_network_and_is_kept_out_of_sight() -> None:
    settings = read_settings([], {"HOST": "0.0.0.0", "EASEL_PASSPHRASE": "a long phrase"})
    assert settings.passphrase == "a long phrase"
    assert "a long phrase" in settings.secrets
    assert "a long phrase" not in repr(settings)


def test_a_whole_address_among_the_names_tells_of_a_proxy_that_ends_tls() -> None:
    policy = policy_of(read_settings([], {"EASEL_HOSTS": "https://Studio.example/, other.lan"}))
    assert policy.hosts == {"other.lan"}
    assert policy.public_origins == {"https://studio.example"}


def test_a_misspelt_variable_is_named_with_the_right_one_and_others_are_left_alone() -> None:
    environ = {"EASEL_DATABSE_URL": "x", "EASEL_DATA": "/srv", "EASEL_OWN_KEY_OF_MINE": "k"}
    assert misspelt_variables(environ) == [
        "EASEL_DATABSE_URL is not a setting of Easel's. Did you mean “EASEL_DATABASE_URL”?"
    ]


def test_every_variable_that_is_read_or_documented_is_known() -> None:
    root = Path(__file__).parents[2]
    texts = [(root / name).read_text("utf-8") for name in ("chat/settings.py", "README.md")]
    assert set(re.findall(r"EASEL_[A-Z_]+[A-Z]", "".join(texts))) <= VARIABLES


def test_sites_to_add_pictures_from_are_addresses() -> None:
    written = " http://pictures.lan:8080 ,https://shop.example/,"
    read = read_settings([], {"EASEL_PICTURE_SITES": written})
    assert read.picture_sites == ("http://pictures.lan:8080", "https://shop.example/")
    for wrong in ("pictures.lan", "http://a/b", "ftp://a", "http://me@a"):
        with pytest.raises(ConfigError, match="EASEL_PICTURE_SITES"):
            read_settings([], {"EASEL_PICTURE_SITES": wrong})


def test_how_many_replies_may_be_written_at_once_is_for_the_host_to_say() -> None:
    assert read_settings([], {}).replies_at_once == 12
    assert read_settings([], {"EASEL_REPLIES_AT_ONCE": " 60 "}).replies_at_once == 60
    assert read_settings([], {"EASEL_REPLIES_QUEUED": "0"}).replies_queued == 0
    for name, least in {"EASEL_REPLIES_AT_ONCE": 1, "EASEL_REPLIES_QUEUED": 0}.items():
        for wrong in (str(least - 1), "-5", "1.5", "many", "10001"):
            with pytest.raises(ConfigError, match=f"{name} is a whole number from {least} to"):
                read_settings([], {name: wrong})


def test_how_long_a_call_waits_for_its_user_is_told_in_minutes() -> None:
    assert read_settings([], {}).approval_patience == timedelta(minutes=15)
    read = read_settings([], {"EASEL_APPROVAL_MINUTES": " 90 "})
    assert read.approval_patience == timedelta(minutes=90)
    for wrong in ("0", "-5", "1.5", "soon", "99999"):
        with pytest.raises(ConfigError, match="EASEL_APPROVAL_MINUTES"):
            read_settings([], {"EASEL_APPROVAL_MINUTES": wrong})


@pytest.mark.parametrize(
    ("environ", "closed"),
    [
        ({}, False),
        ({"EASEL_MODELS_PAGE": "off"}, True),
        ({"EASEL_PASSPHRASE": "correct horse battery"}, True),
        ({"EASEL_HOSTS": "studio.example"}, True),
        ({"EASEL_ROOT_PATH": "/studio"}, True),
        ({"HOST": "10.0.0.1", "EASEL_NO_LOGIN": "1"}, True),
        ({"SPACE_ID": "me/easel", "EASEL_NO_LOGIN": "1"}, True),
        ({"EASEL_HOSTS": "studio.example", "EASEL_MODELS_PAGE": "on"}, False),
    ],
)
def test_providers_are_set_up_on_the_page_by_its_owner_alone_unless_the_host_opens_it(
    environ: dict[str, str], closed: bool
) -> None:
    assert bool(read_settings([], environ).models_page) is closed


def test_what_a_switch_says_is_on_or_off() -> None:
    with pytest.raises(ConfigError, match="EASEL_MODELS_PAGE is “on” or “off”"):
        read_settings([], {"EASEL_MODELS_PAGE": "maybe"})
