"""A real S3 server (SeaweedFS) on loopback, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

READY_SECONDS = 60
GRPC_OFFSET = 10_000  # SeaweedFS listens on each port plus this as well
PORTS = range(11_000, 22_000)  # with the offset still below the ephemeral ports of Linux


def free_port() -> int:
    """A TCP port that is free now, together with its gRPC twin."""
    for _ in range(200):
        port = random.choice(PORTS)
        with contextlib.suppress(OSError), socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", port))
            two.bind(("127.0.0.1", port + GRPC_OFFSET))
            return port
    raise RuntimeError("no free port found")


@dataclass(frozen=True)
class Identity:
    """Who may sign requests, and the AWS policy that says for what."""

    name: str
    policy: dict[str, Any]

    @property
    def environ(self) -> dict[str, str]:
        """The credentials."""
        return {"AWS_ACCESS_KEY_ID": f"{self.name}-test-key", "AWS_SECRET_ACCESS_KEY": f"{self.name}-test-secret"}


@dataclass
class S3Server:
    """A SeaweedFS that can be stopped and started again on the same port and data."""

    folder: Path
    bucket: str = "archive"
    access_key: str = "warraq-test-key"
    secret_key: str = "warraq-test-secret"
    # Beside the administrator, who has the two keys above.
    identities: tuple[Identity, ...] = ()
    # Key and certificate that the S3 server's second port (gRPC) asks for.
    channel_pem: str = ""
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """What a process needs to reach the server, apart from WARRAQ_ARCHIVE."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def start(self) -> None:
        weed = Path(sys.executable).with_name("weed")
        services = {name: free_port() for name in ("master", "volume", "filer", "admin")}
        flags = ["-logtostderr=true", "mini", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
        flags += [f"-s3.port={self.port}", *(f"-{name}.port={port}" for name, port in services.items())]
        flags += [f"-bucket={self.bucket}", "-s3.autoCreateBucket=false", "-s3.allowDeleteBucketNotEmpty=false"]
        flags += ["-master.volumeSizeLimitMB=64", "-admin.ui=false", "-webdav=false", "-master.telemetry=false"]
        flags += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
        if self.identities:
            config = self.folder.parent / f"{self.folder.name}-identities.json"
            config.write_text(json.dumps(self._identities()), encoding="utf-8")
            flags.append(f"-s3.config={config}")
        channel = {}
        if self.channel_pem:
            pem = self.folder.parent / f"{self.folder.name}-channel.pem"
            pem.write_text(self.channel_pem, encoding="utf-8")
            channel = dict.fromkeys(("WEED_GRPC_CA", "WEED_GRPC_S3_CERT", "WEED_GRPC_S3_KEY"), str(pem))
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [str(weed), *flags],
                env={**os.environ, **self.environ, **channel},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_ready(Path(log.name))

    def stop(self) -> None:
        if self._process is None:
            return
        for force in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, force)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
                break
        self._process = None

    @contextlib.contextmanager
    def hanging(self) -> Iterator[None]:
        """Connections are taken meanwhile and nothing is answered."""
        assert self._process
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    def _identities(self) -> dict[str, Any]:
        """SeaweedFS's own form."""
        people = [{"name": "admin", "actions": ["Admin"], "credentials": [_credential(self.environ)]}]
        for identity in self.identities:
            credentials = [_credential(identity.environ)]
            people.append({"name": identity.name, "policyNames": [identity.name], "credentials": credentials})
        policies = [{"name": identity.name, "document": identity.policy} for identity in self.identities]
        return {"identities": people, "policies": policies}

    def _wait_until_ready(self, log: Path) -> None:
        import boto3
        from botocore.config import Config

        client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
            config=Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1}),
        )
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                client.put_object(Bucket=self.bucket, Key="ready", Body=b"yes")
                assert client.get_object(Bucket=self.bucket, Key="ready")["Body"].read() == b"yes"
                return
            except Exception as error:
                ended = self._process is None or self._process.poll() is not None
                if ended or time.monotonic() > deadline:
                    tail = log.read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"SeaweedFS is not ready ({error}); its log ends:\n{tail}") from error
                time.sleep(0.1)
        client.close()


def _credential(environ: dict[str, str]) -> dict[str, str]:
    return {"accessKey": environ["AWS_ACCESS_KEY_ID"], "secretKey": environ["AWS_SECRET_ACCESS_KEY"]}
