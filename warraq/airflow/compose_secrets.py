"""`python -m warraq.airflow.compose_secrets`: write .env for docker compose, with secrets nobody has chosen."""

from __future__ import annotations

import base64
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

import click
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from storage.errors import UsageError

SECRET_BYTES = 32
# Only its own holder trusts the certificate, and it is replaced with the other secrets or never.
VALID = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC))


def fresh_secrets() -> dict[str, str]:
    """The variables docker-compose.yml insists on; hexadecimal, because they stand in URLs."""
    stores = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "S3_SECRET_KEY", "S3_ADMIN_SECRET_KEY")
    return {
        **{name: secrets.token_hex(SECRET_BYTES) for name in stores},
        **{name: secrets.token_hex(SECRET_BYTES) for name in ("AIRFLOW_JWT_SECRET", "AIRFLOW_API_SECRET_KEY")},
        "S3_ACCESS_KEY": f"warraq{secrets.token_hex(7)}",
        "S3_ADMIN_ACCESS_KEY": f"admin{secrets.token_hex(7)}",
        "S3_CHANNEL_PEM": key_and_certificate(),
        "AIRFLOW_FERNET_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "AIRFLOW_ADMIN_PASSWORD": secrets.token_urlsafe(15),
    }


def key_and_certificate() -> str:
    """A private key and the certificate it signed for itself, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "warraq")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), *VALID)
    certificate = builder.sign(key, hashes.SHA256())
    parts = (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        certificate.public_bytes(Encoding.PEM),
    )
    return b"".join(parts).decode()


def write_environment(path: Path) -> None:
    """Write the file for its owner only. Raises UsageError when it exists: new secrets would lock the old data away."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"{path} exists", remedy="keep it: databases were made with its passwords") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(
            "# Made by `make secrets`; see .env.example for what else may stand here. Keep a copy with the backups.\n"
        )
        file.writelines(f"{name}={_quoted(value)}\n" for name, value in fresh_secrets().items())


def _quoted(value: str) -> str:
    """A value as docker compose reads it from one line."""
    return '"' + value.replace("\n", "\\n") + '"' if "\n" in value else value


@click.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), default=Path(".env"))
def main(path: Path) -> None:
    """Write PATH (.env) unless it exists."""
    try:
        write_environment(path)
    except UsageError as error:
        raise click.ClickException(f"{error.message}: {error.remedy}") from None
    click.echo(f"{path} written; Airflow's user is admin, its password AIRFLOW_ADMIN_PASSWORD there")


if __name__ == "__main__":
    main()
