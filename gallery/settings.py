"""What the person who runs the gallery may choose: one frozen `Settings`, made once and passed in.

Every field can be set by an environment variable (`SHIHUA_` and its name in capitals) or by a flag, and a flag wins.
A misspelt SHIHUA_ variable is an error and not a silent default. Nothing else in the house reads the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SHIHUA_"
Language = Literal["zh", "en"]


class SettingsError(ValueError):
    """A setting that cannot be used; the message is one sentence: the setting, its value and what is allowed."""


def _setting(default: object, reason: str, allowed: str, **limits: Any) -> Any:
    """A field with its one-line reason; `allowed` ends the sentence of a SettingsError."""
    return Field(default=default, description=reason, json_schema_extra={"allowed": allowed}, **limits)


class Settings(BaseSettings):
    """Everything that may differ from one house to the next; `Settings.make` builds it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", validate_default=True)

    home: Path = _setting(
        Path("data"), "the folder of the database, the pictures and the cookie secret", "a path to a folder"
    )
    host: str = _setting(
        "127.0.0.1",
        "the address to listen on; 0.0.0.0 lets other machines in",
        "an address or a host name",
        min_length=1,
        pattern=r"^\S+$",
    )
    port: int = _setting(7860, "the port to listen on", "a whole number from 1 to 65535", ge=1, le=65535)
    trusted_proxies: str = _setting(
        "127.0.0.1",
        "the proxies whose word on where a visitor comes from (X-Forwarded-For) is taken; * takes anybody's",
        "addresses or networks with commas between them, or *",
        pattern=r"^(\*|[0-9A-Fa-f.:/]*(, ?[0-9A-Fa-f.:/]+)*)$",
    )
    language: Language = _setting("zh", "the language of a first visit and of the titles on the first wall", "zh or en")
    device: str = _setting(
        "auto",
        "what the networks compute on; auto takes CUDA where there is one",
        "auto, cpu, cuda or cuda:N",
        pattern=r"^(auto|cpu|cuda(:\d+)?)$",
    )
    queue_size: int = _setting(
        128,
        "works that may wait for the engine before newcomers are asked to come back",
        "a whole number from 1 to 10000",
        ge=1,
        le=10000,
    )
    deadline_s: float = _setting(
        120.0,
        "seconds after which a visitor is told that a work takes too long",
        "a number from 1 to 3600",
        ge=1,
        le=3600,
    )
    stop_s: float = _setting(
        20.0,
        "seconds that works under way may still take when the gallery is told to stop; nothing new is begun meanwhile",
        "a number from 0 to 600",
        ge=0,
        le=600,
    )
    max_drafts: int = _setting(
        2048,
        "unsaved works kept for all visitors together; the oldest go first",
        "a whole number from 8 to 100000",
        ge=8,
        le=100000,
    )
    disk_floor_mb: int = _setting(
        256,
        "megabytes that stay free on the disk of the home; below that nothing new is kept",
        "a whole number from 0 to 1000000",
        ge=0,
        le=1_000_000,
    )
    open_metrics: bool = _setting(
        False, "whether /metrics is told to everybody, not to this machine alone", "true or false"
    )
    backup_every_h: float = _setting(
        0.0,
        "hours between backups into the folder backups of the home; 0 makes none by itself",
        "a number from 0 to 8760",
        ge=0,
        le=8760,
    )
    backup_keep: int = _setting(
        7, "how many of those backups are kept; older ones go", "a whole number from 1 to 1000", ge=1, le=1000
    )
    seed_wall: bool = _setting(
        True, "whether an empty gallery paints and writes its first wall itself", "true or false"
    )

    @property
    def database_url(self) -> str:
        """Where the works are written down."""
        return f"sqlite:///{self.home / 'gallery.sqlite'}"

    @property
    def disk_floor(self) -> int:
        """Bytes that stay free on the disk of the home."""
        return self.disk_floor_mb * 2**20

    @classmethod
    def make(cls, overrides: Mapping[str, object] | None = None) -> Settings:
        """The settings of this run: defaults, then SHIHUA_* variables, then `overrides` by field name.

        Raises SettingsError with one sentence for the first value that cannot be used.
        """
        _refuse_unknown_variables(cls)
        given: dict[str, Any] = {name: value for name, value in (overrides or {}).items() if value is not None}
        try:
            return cls(**given)
        except ValidationError as error:
            raise SettingsError(_sentence(cls, error)) from None


def _refuse_unknown_variables(settings: type[Settings]) -> None:
    known = {PREFIX + name.upper() for name in settings.model_fields}
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise SettingsError(f"{name} is no setting of this gallery; there are: {', '.join(sorted(known))}")


def _sentence(settings: type[Settings], error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    field = settings.model_fields.get(name)
    if field is None:
        return f"{name} is no setting of this gallery; there are: {', '.join(sorted(settings.model_fields))}"
    extra = field.json_schema_extra
    allowed = extra["allowed"] if isinstance(extra, dict) else "another value"
    return f"{PREFIX}{name.upper()} is {str(first['input'])!r}, which is not allowed: give {allowed}"
