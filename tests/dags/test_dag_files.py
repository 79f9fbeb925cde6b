"""The DAG files: one DAG a portal, cheap to parse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.paths import ROOT

DAGS = ROOT / "dags"
# Not rich, which Airflow imports itself.
SLOW = {"scrapy", "trafilatura", "pyarrow", "boto3", "pyiceberg", "duckdb", "pandas"}
MAX_PARSE_SECONDS = 1.0  # CPU, for 60 portals

PROBE = """
import json, sys, time
import airflow.sdk, airflow.providers.standard.operators.empty
before = set(sys.modules)
sys.path.insert(0, sys.argv[1])
start = time.process_time()
import archive_portals, maintain_archive
seconds = time.process_time() - start
dags = [
    value for module in (archive_portals, maintain_archive) for name, value in vars(module).items()
    if name.startswith("archive_") or name.endswith(("_archive", "_portals")) and hasattr(value, "dag_id")
]
print(json.dumps({
    "seconds": seconds,
    "modules": sorted({name.split(".")[0] for name in set(sys.modules) - before}),
    "dags": {dag.dag_id: {
        "tasks": [task.task_id for task in dag.topological_sort()],
        "timetable": type(dag.timetable).__name__, "zone": str(getattr(dag.timetable, "timezone", None)),
        "catchup": dag.catchup, "tags": sorted(dag.tags), "doc": dag.doc_md,
    } for dag in dags},
}))
"""


@pytest.fixture(scope="module")
def parse(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    folder = tmp_path_factory.mktemp("airflow")

    def run(**environ: str) -> dict[str, Any]:
        ended = subprocess.run(
            [sys.executable, "-c", PROBE, str(DAGS)],
            env={**os.environ, "AIRFLOW_HOME": str(folder), **environ},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ended.returncode == 0, ended.stderr
        found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
        return found

    return run


def test_a_dag_has_the_three_stages_on_the_portals_schedule(parse: Callable[..., dict[str, Any]]) -> None:
    dag = parse()["dags"]["archive_almasaa"]
    assert dag["tasks"] == ["crawl", "extract", "publish", "passed_audit"]
    assert dag["timetable"] == "CronDataIntervalTimetable"
    assert dag["zone"] == "Africa/Cairo"
    assert dag["catchup"] is False
    assert dag["tags"] == ["archive", "country:EG", "language:ar"]
    assert "warraq crawl almasaa --from" in dag["doc"]
    assert "بوابة المساء" in dag["doc"]


def test_the_archive_itself_is_looked_after_by_dags_of_its_own(parse: Callable[..., dict[str, Any]]) -> None:
    dags = parse()["dags"]
    tasks = {name: dags[name]["tasks"] for name in dags if not name.startswith("archive_")}
    assert tasks == {
        "maintain_archive": ["maintain"],
        "release_archive": ["release"],
        "check_portals": ["health", "all_well"],
        "reextract_archive": ["list_months", "reextract", "list_promotions", "promote"],
    }


def test_a_process_of_one_task_makes_its_own_dag_only(parse: Callable[..., dict[str, Any]]) -> None:
    dags = parse(_AIRFLOW_PARSING_CONTEXT_DAG_ID="archive_almasaa")["dags"]
    assert [name for name in dags if name.startswith("archive_")] == ["archive_almasaa"]


def write_portals(folder: Path, *, count: int, first_line: str = "") -> None:
    for number in range(count):
        name = f"portal{number:02d}"
        (folder / f"{name}.py").write_text(
            f"{first_line}\nfrom spiders.portal.definition import Portal\n"
            f"PORTAL = Portal(name={name!r}, title_ar='بوابة', title_en='Portal {number}', country='EG',\n"
            f"    timezone='Africa/Cairo', start_url='https://{name}.example/')\n",
            encoding="utf-8",
        )


def test_sixty_portals_parse_within_a_second_and_import_nothing_slow(
    parse: Callable[..., dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packaged = len([name for name in parse()["dags"] if name.startswith("archive_")])
    write_portals(tmp_path, count=max(0, 60 - packaged) + 1)
    found = parse(WARRAQ_PORTALS=str(tmp_path))
    portals = len([name for name in found["dags"] if name.startswith("archive_")])
    with capsys.disabled():
        sys.stdout.write(f"\n{portals} portals parsed in {found['seconds']:.2f} s of CPU\n")
    assert portals >= 60
    assert not SLOW & set(found["modules"]), "import it inside the function that needs it"
    assert found["seconds"] * 60 / portals < MAX_PARSE_SECONDS, f"parsing took {found['seconds']:.2f} s of CPU"


def test_a_slow_import_would_be_found(parse: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    """A definition that imports them is seen: nothing that Airflow has imported before hides one."""
    write_portals(tmp_path, count=1, first_line=f"import {', '.join(sorted(SLOW))}")
    assert set(parse(WARRAQ_PORTALS=str(tmp_path))["modules"]) >= SLOW


def test_a_bad_definition_takes_no_dag_but_its_own_and_is_an_import_error(
    parse: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    write_portals(tmp_path, count=1)
    (tmp_path / "wrong.py").write_text("from spiders.portal.definition import Portal\nPORTAL = Portal(nmae='wrong')\n")
    assert {"archive_almasaa", "archive_portal00"} <= set(parse(WARRAQ_PORTALS=str(tmp_path))["dags"])
    shown = subprocess.run(
        [sys.executable, str(DAGS / "bad_definitions.py")],
        env={**os.environ, "WARRAQ_PORTALS": str(tmp_path)},
        cwd=DAGS.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "wrong.py: TypeError" in shown.stderr.splitlines()[-1]
    (tmp_path / "wrong.py").unlink()
    assert parse(WARRAQ_PORTALS=str(tmp_path))["dags"]
