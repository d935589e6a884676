"""Settings: every one explained, a bad one answered with one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import uvicorn
from pydantic import ValidationError

from gallery.settings import Settings, SettingsError


def test_every_setting_has_a_one_line_reason_and_says_what_is_allowed() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert "\n" not in field.description, name
        assert isinstance(field.json_schema_extra, dict), name
        assert field.json_schema_extra["allowed"], name


def test_the_defaults_are_enough_to_start() -> None:
    settings = Settings.make()
    assert (settings.host, settings.port, settings.language) == ("127.0.0.1", 7860, "zh")


def test_a_variable_beats_the_default_and_a_flag_beats_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIHUA_PORT", "8001")
    monkeypatch.setenv("SHIHUA_LANGUAGE", "en")
    settings = Settings.make({"port": "8002", "language": None})
    assert (settings.port, settings.language) == (8002, "en")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "0"),
        ("port", "65536"),
        ("port", "eighty"),
        ("language", "fr"),
        ("device", "tpu"),
        ("host", ""),
        ("host", "a b"),
        ("queue_size", "0"),
        ("deadline_s", "nan"),
        ("seed_wall", "perhaps"),
        ("max_drafts", "1"),
    ],
)
def test_a_bad_value_is_one_sentence_with_setting_value_and_remedy(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"SHIHUA_{name.upper()}", value)
    with pytest.raises(SettingsError) as caught:
        Settings.make()
    sentence = str(caught.value)
    assert sentence.startswith(f"SHIHUA_{name.upper()} is {value!r}")
    assert ": give " in sentence
    assert "\n" not in sentence


def test_a_misspelt_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIHUA_PROT", "8001")
    with pytest.raises(SettingsError, match=r"SHIHUA_PROT is no setting.*SHIHUA_PORT"):
        Settings.make()


def test_an_unknown_flag_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="colour is no setting"):
        Settings.make({"colour": "red"})


def test_settings_cannot_change_once_made(tmp_path: Path) -> None:
    settings = Settings.make({"home": tmp_path})
    with pytest.raises(ValidationError):
        settings.port = 1
    assert settings.database_url == f"sqlite:///{tmp_path}/gallery.sqlite"


@pytest.mark.parametrize("given", ["", "*", "127.0.0.1", "10.0.0.1, 10.2.0.0/16", "::1,fd00::/8"])
def test_proxies_are_named_by_address_or_network(given: str) -> None:
    settings = Settings.make({"trusted_proxies": given})
    assert settings.trusted_proxies == given
    uvicorn.Config("app", forwarded_allow_ips=settings.trusted_proxies)


@pytest.mark.parametrize("given", ["everybody", "10.0.0.1;10.0.0.2", "**"])
def test_proxies_by_any_other_name_are_refused(given: str) -> None:
    with pytest.raises(SettingsError, match=r"SHIHUA_TRUSTED_PROXIES is .* addresses or networks"):
        Settings.make({"trusted_proxies": given})
