"""A run's note says why it failed or is degraded, and what to do: the line that its task wrote last."""

from __future__ import annotations

from typing import Any

from airflow.listeners import hookimpl
from airflow.models.xcom import XComModel
from airflow.plugins_manager import AirflowPlugin
from sqlalchemy import select
from sqlalchemy.orm import object_session

NOTE_KEY = "note"  # of the XCom that CommandOperator pushes
MAX_NOTE = 1000  # Airflow's column
_OVER = "over now: "


class RunNotes:
    """Airflow's listener; runs where a DAG run's state is decided. A person's own note is left alone."""

    @hookimpl
    def on_dag_run_failed(self, dag_run: Any, msg: str) -> None:
        """The cause."""
        _write(dag_run)

    @hookimpl
    def on_dag_run_success(self, dag_run: Any, msg: str) -> None:
        """The findings of a degraded run; a cause of before is over."""
        _write(dag_run)


def _write(dag_run: Any) -> None:
    session = object_session(dag_run)
    if session is None:
        return
    known = dag_run.dag_run_note
    if known is not None and known.user_id is not None:
        return
    wanted = select(XComModel).where(
        XComModel.dag_id == dag_run.dag_id, XComModel.run_id == dag_run.run_id, XComModel.key == NOTE_KEY
    )
    told = [XComModel.deserialize_value(row) for row in session.scalars(wanted)]
    if told:
        dag_run.note = "\n".join(dict.fromkeys(map(str, told)))[:MAX_NOTE]
    elif known is not None and not known.content.startswith(_OVER):
        dag_run.note = f"{_OVER}{known.content}"[:MAX_NOTE]


class RunNotePlugin(AirflowPlugin):
    """Registers the listener."""

    name = "warraq_run_note"
    listeners = [RunNotes()]  # noqa: RUF012 - Airflow's own form
