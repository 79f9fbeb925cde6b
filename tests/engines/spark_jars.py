"""Jars for Spark with Iceberg and S3, from PyPI and Debian alone: `python -m tests.engines.spark_jars FOLDER`.

PyPI's sagemaker-feature-store-pyspark carries Iceberg's runtime and Amazon's SDK, both under names of its own; Debian's
jarjar (libjarjar-java) gives them their own names again. The JDBC drivers are Debian's.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

RULES = "".join(f"rule smfs.shaded.{name}.** {name}.@1\n" for name in ("org.apache.iceberg", "software.amazon"))
JARJAR = Path("/usr/share/java/jarjar.jar")
DRIVERS = [Path("/usr/share/java/sqlite-jdbc.jar"), Path("/usr/share/java/postgresql.jar")]


def lacking() -> str:
    """What of the machine is not there, or ""."""
    if shutil.which("java") is None:
        return "no java (Debian: default-jre-headless)"
    missing = [str(path) for path in (JARJAR, *DRIVERS) if not path.exists()]
    packages = "libjarjar-java, libxerial-sqlite-jdbc-java, libpostgresql-jdbc-java"
    return f"no {', '.join(missing)} (Debian: {packages})" if missing else ""


def make_jars(folder: Path) -> list[Path]:
    """All jars that `spark.jars` needs; Iceberg's is written to the folder, which takes a minute."""
    folder.mkdir(parents=True, exist_ok=True)
    shaded = next((Path(str(resources.files("feature_store_pyspark"))) / "jars").glob("*-3.5.jar"))
    rules, made = folder / "rules.txt", folder / "iceberg-and-aws.jar"
    rules.write_text(RULES)
    command = ["java", "-cp", str(JARJAR), "com.tonicsystems.jarjar.Main", "process", str(rules), shaded, made]
    subprocess.run(command, check=True, capture_output=True)
    return [made, *DRIVERS]


if __name__ == "__main__":
    if problem := lacking():
        sys.exit(problem)
    sys.stdout.write(",".join(map(str, make_jars(Path(sys.argv[1])))))
