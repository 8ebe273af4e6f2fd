"""Settings: environment variables (TRACKER_…) over `config.toml` in the instance folder.

A wrong or unknown setting stops the start and is named, as the person would have to write it.
"""

import os
import secrets
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from tracker.addresses import is_address
from tracker.errors import SettingsError

PREFIX = "TRACKER_"
MEGABYTE = 1024 * 1024


class Settings(BaseSettings):
    """What an operator can set. Sizes are bytes, times seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", hide_input_in_errors=True)

    instance: Path = Path("instance")
    database_url: str = ""
    base_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(5000, ge=0, le=65535)
    threads: int = Field(8, ge=1, le=64)
    trusted_hosts: list[str] = []
    proxies: int = Field(0, ge=0, le=5)
    timezone: str = "Asia/Shanghai"
    locale: Literal["zh_CN", "en"] = "zh_CN"
    secret_key: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    smtp_host: str = ""
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    smtp_timeout: float = Field(20.0, gt=0)
    mail_from: str = "tracker@localhost"
    mail_attempts: int = Field(12, ge=1)
    mail_reply_to: str = ""
    remind_after: str = "08:30"

    imap_host: str = ""
    imap_port: int = Field(0, ge=0, le=65535)
    imap_user: str = ""
    imap_password: SecretStr = SecretStr("")
    imap_tls: Literal["none", "starttls", "tls"] = "tls"
    imap_ca: str = ""
    imap_folder: str = "INBOX"
    imap_done: str = ""
    imap_every: int = Field(5, ge=1, le=1440)
    imap_timeout: float = Field(20.0, gt=0)
    imap_limit: int = Field(30 * MEGABYTE, gt=0)
    imap_trusted: str = ""

    upload_limit: int = Field(20 * MEGABYTE, gt=0)
    evidence_limit: int = Field(50 * MEGABYTE, gt=0)
    evidence_files_per_task: int = Field(100, gt=0)
    evidence_members: int = Field(2000, gt=0)
    evidence_unpacked: int = Field(500 * MEGABYTE, gt=0)
    evidence_pixels: int = Field(100_000_000, gt=0)
    read_memory: int = Field(1024 * MEGABYTE, gt=0)
    read_seconds: float = Field(30.0, gt=0)
    session_hours: float = Field(12.0, gt=0)
    failpoint: str = ""

    s3_endpoint: str = ""
    s3_bucket: str = ""
    s3_prefix: str = "tracker/"
    s3_region: str = "us-east-1"
    s3_key: str = ""
    s3_secret: SecretStr = SecretStr("")
    s3_timeout: float = Field(20.0, gt=0)

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no IANA time zone") from error
        return value

    @field_validator("s3_endpoint")
    @classmethod
    def _endpoint_is_http(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError(f"{value!r} is no http(s) address")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _s3_is_whole(self) -> "Settings":
        """A key without its secret, or an address without a bucket, is a setting forgotten."""
        if bool(self.s3_key) != bool(self.s3_secret.get_secret_value()):
            raise ValueError("TRACKER_S3_KEY and TRACKER_S3_SECRET belong together")
        if self.s3_endpoint and not self.s3_bucket:
            raise ValueError("TRACKER_S3_ENDPOINT needs TRACKER_S3_BUCKET")
        return self

    @field_validator("mail_reply_to")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and not is_address(value):
            raise ValueError(f"{value!r} is no mail address")
        return value

    @model_validator(mode="after")
    def _imap_is_whole(self) -> "Settings":
        """A mailbox without who looks into it is a setting forgotten."""
        if self.imap_host and not (self.imap_user and self.imap_password.get_secret_value()):
            raise ValueError("TRACKER_IMAP_HOST needs TRACKER_IMAP_USER and TRACKER_IMAP_PASSWORD")
        return self

    @field_validator("base_url")
    @classmethod
    def _base_is_http(cls, value: str) -> str:
        if value and (
            urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc
        ):
            raise ValueError(f"{value!r} is no http(s) address")
        return value.rstrip("/")

    @field_validator("remind_after")
    @classmethod
    def _hour_and_minute(cls, value: str) -> str:
        hour, _, minute = value.partition(":")
        if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
            raise ValueError(f"{value!r} is no time of day such as 08:30")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        folder = os.environ.get(PREFIX + "INSTANCE", "instance")
        file = TomlConfigSettingsSource(settings_cls, Path(folder) / "config.toml")
        return init_settings, env_settings, file

    @property
    def database(self) -> str:
        """The SQLAlchemy address, SQLite in the instance folder unless set."""
        if not self.database_url:
            return f"sqlite:///{self.instance.absolute() / 'tracker.db'}"
        url = self.database_url
        for old in ("postgres://", "postgresql://"):
            if url.startswith(old):
                return "postgresql+psycopg://" + url.removeprefix(old)
        return url

    @property
    def address(self) -> str:
        """Where people reach the tracker; links in mail start with it."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @property
    def mailbox(self) -> str:
        """The address of the mailbox that replies come to; "" where none is looked into."""
        if not self.imap_host:
            return ""
        return self.mail_reply_to or (self.imap_user if is_address(self.imap_user) else "")

    @property
    def uploads(self) -> Path:
        """The folder of stored files."""
        return self.instance / "uploads"


def load(**overrides: Any) -> Settings:
    """The settings in force. Raises SettingsError naming the variable that is wrong."""
    _refuse_unknown_variables()
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = f" {PREFIX}{str(first['loc'][0]).upper()} " if first["loc"] else ""
        raise SettingsError(f"设置{name}不正确：{first['msg']}") from error
    except ValueError as error:
        raise SettingsError(f"设置文件 config.toml 不能读取：{error}") from error


def _refuse_unknown_variables() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {PREFIX + "SHARED_PLANS"}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(
                f"没有名为 {name} 的设置。请核对拼写，全部名称见 docs/operating.md。"
            )


def secret_key(settings: Settings) -> str:
    """The key that signs cookies: set, or made once and kept in the instance folder."""
    if settings.secret_key:
        return settings.secret_key
    file = settings.instance / "secret_key"
    if not file.exists():
        _make_once(file, secrets.token_hex(32))
    if not (key := file.read_text().strip()):
        raise SettingsError(f"文件 {file} 是空的。请删去它再启动，或设置 TRACKER_SECRET_KEY。")
    return key


def _make_once(file: Path, content: str) -> None:
    """The file appears whole or not at all; of two processes that start together one makes it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with open(aside, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as handle:
        handle.write(content)
    try:
        os.link(aside, file)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
