"""Refuses a run or backfill that could only fail, before Airflow stores it: the form shows why."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from airflow.plugins_manager import AirflowPlugin

from storage.settings import read_settings
from warraq.airflow.run_conf import MAX_BYTES, body_complaint

_GUARDED = re.compile(r".*/api/v2/(?:dags/[^/]+/dagRuns|backfills(?:/dry_run)?)/?")


class TriggerGuard:
    """ASGI middleware; looks only at the bodies of the two requests that store a configuration."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Read the body, judge it, and hand it on as it was."""
        if scope["type"] != "http" or scope["method"] != "POST" or not _GUARDED.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        body, messages = b"", []
        while True:
            message = await receive()
            messages.append(message)
            body += message.get("body", b"")
            if message["type"] != "http.request" or not message.get("more_body") or len(body) > MAX_BYTES:
                break
        said = body_complaint(scope["path"], body, read_settings(), now=datetime.now(UTC))
        if said:
            await _refuse(send, said)
            return

        async def replayed() -> Any:
            return messages.pop(0) if messages else await receive()

        await self.app(scope, replayed, send)


async def _refuse(send: Any, said: str) -> None:
    body = json.dumps({"detail": said}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 422, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class TriggerGuardPlugin(AirflowPlugin):
    """Puts it in front of the REST API."""

    name = "warraq_trigger_guard"
    fastapi_root_middlewares = [{"middleware": TriggerGuard, "args": [], "kwargs": {}, "name": "Trigger guard"}]  # noqa: RUF012
