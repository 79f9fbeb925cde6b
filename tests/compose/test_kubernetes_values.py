"""The values file for Kubernetes: YAML, with keys that the chart has and variables that Warraq and Airflow read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.fixtures.paths import ROOT

VALUES = ROOT / "deploy" / "kubernetes" / "values.yaml"
PAGE = ROOT / "docs" / "how_to" / "operate" / "kubernetes.md"
ENVIRONMENT = ROOT / ".env.example"
# As in the chart's parameters reference (1.22.0) and templates; `config`, `env` and `secret` hold names of others.
CHART_KEYS = {
    "airflowHome",
    "airflowVersion",
    "apiSecretKeySecretName",
    "apiServer.resources",
    "createUserJob.enabled",
    "dagProcessor.livenessProbe.command",
    "dagProcessor.resources",
    "dags.gitSync.enabled",
    "dags.persistence.enabled",
    "data.metadataSecretName",
    "executor",
    "fernetKeySecretName",
    "gid",
    "images.airflow.pullPolicy",
    "images.airflow.repository",
    "images.airflow.tag",
    "jwtSecretName",
    "logs.persistence.enabled",
    "logs.persistence.size",
    "postgresql.enabled",
    "redis.enabled",
    "scheduler.livenessProbe.command",
    "scheduler.resources",
    "statsd.enabled",
    "triggerer.livenessProbe.command",
    "triggerer.persistence.enabled",
    "triggerer.resources",
    "uid",
    "workers.extraVolumeMounts",
    "workers.extraVolumes",
    "workers.resources",
    "workers.terminationGracePeriodSeconds",
}
FREE_KEYS = {"config", "env", "secret"}
LEAVES = {"resources", "command", "extraVolumes", "extraVolumeMounts"}


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    found = yaml.load(VALUES.read_text(encoding="utf-8"), Loader=_StrictLoader)
    assert isinstance(found, dict)
    return found


class _StrictLoader(yaml.SafeLoader):
    """YAML takes the last of two equal keys without a word; this refuses."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key stands twice: {keys}"
        return super().construct_mapping(node, deep)


def paths(values: dict[str, Any], above: str = "") -> Iterator[str]:
    for key, value in values.items():
        path = f"{above}{key}"
        if isinstance(value, dict) and key not in LEAVES:
            yield from paths(value, f"{path}.")
        else:
            yield path


def test_every_key_is_one_of_the_chart(values: dict[str, Any]) -> None:
    own = {key: value for key, value in values.items() if key not in FREE_KEYS}
    assert set(paths(own)) <= CHART_KEYS


def test_every_variable_is_one_that_warraq_reads(values: dict[str, Any]) -> None:
    known = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", ENVIRONMENT.read_text(encoding="utf-8"), re.M))
    named = {entry["name"] for entry in values["env"]} | {entry["envName"] for entry in values["secret"]}
    assert named - {"AWS_EC2_METADATA_DISABLED"} <= known
    assert {"WARRAQ_ARCHIVE", "WARRAQ_CATALOG", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= named


def test_pods_run_one_task_each_against_a_remote_archive_and_no_database_of_the_chart(values: dict[str, Any]) -> None:
    assert values["executor"] == "KubernetesExecutor"
    assert next(entry["value"] for entry in values["env"] if entry["name"] == "WARRAQ_ARCHIVE").startswith("s3://")
    assert not any(values[name]["enabled"] for name in ("postgresql", "redis", "createUserJob"))


def test_no_secret_stands_in_the_file(values: dict[str, Any]) -> None:
    assert not [entry["name"] for entry in values["env"] if re.search("SECRET|PASSWORD|KEY|CATALOG", entry["name"])]
    assert all(set(entry) == {"envName", "secretName", "secretKey"} for entry in values["secret"])


def test_every_secret_is_made_in_the_readme(values: dict[str, Any]) -> None:
    readme = PAGE.read_text(encoding="utf-8")
    for entry in values["secret"]:
        assert f"create secret generic {entry['secretName']}" in readme
        assert f"--from-literal={entry['secretKey']}=" in readme
    named = [
        values["data"]["metadataSecretName"],
        *(value for key, value in values.items() if key.endswith("SecretName")),
    ]
    assert all(f"create secret generic {name}" in readme for name in named)


def test_the_user_and_the_folders_are_those_of_the_image(values: dict[str, Any]) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert f"useradd --uid {values['uid']} " in dockerfile
    assert f"AIRFLOW_HOME={values['airflowHome']} " in dockerfile
    assert f"WARRAQ_CACHE={values['workers']['extraVolumeMounts'][0]['mountPath']}\n" in dockerfile


def test_what_the_readme_replaces_in_the_dockerfile_is_there() -> None:
    assert "sed 's/\\[airflow,postgres\\]/" in PAGE.read_text(encoding="utf-8")
    assert (ROOT / "Dockerfile").read_text(encoding="utf-8").count("[airflow,postgres]") == 1


def test_the_readme_says_plainly_that_it_was_not_run() -> None:
    assert "**It was not run.**" in PAGE.read_text(encoding="utf-8")
