"""Jars for Spark with Iceberg, from PyPI and Debian alone: `python -m tests.engines.spark_jars FOLDER`.

PyPI's snowpark-connect-deps-iceberg carries Iceberg's runtime without the Jackson that it renamed; Spark's own Jackson,
renamed by Debian's jarjar (libjarjar-java), stands in for it. The JDBC drivers are Debian's.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib import resources
from pathlib import Path

RULE = "rule com.fasterxml.jackson.** org.apache.iceberg.shaded.com.fasterxml.jackson.@1\n"
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
    """All jars that `spark.jars` needs; those of Jackson are written to the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    runtime = Path(str(resources.files("snowpark_connect_deps_iceberg"))) / "jars"
    found = [next(runtime.glob("iceberg-spark-runtime-3.5_2.12-*.jar")), *DRIVERS]
    (folder / "rules.txt").write_text(RULE)
    for name in ("annotations", "core", "databind"):
        jar = next((Path(str(resources.files("pyspark"))) / "jars").glob(f"jackson-{name}-2.*.jar"))
        renamed = folder / f"iceberg-jackson-{name}.jar"
        if not renamed.exists():
            _rename(jar, renamed, folder / "rules.txt")
        found.append(renamed)
    return found


def _rename(jar: Path, renamed: Path, rules: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        plain, part = Path(name, "plain.jar"), Path(name, "renamed.jar")
        with zipfile.ZipFile(jar) as old, zipfile.ZipFile(plain, "w") as new:
            for entry in old.infolist():
                # Classes for other versions of Java would get the same names.
                if not entry.filename.startswith("META-INF/versions/"):
                    new.writestr(entry, old.read(entry))
        command = ["java", "-cp", str(JARJAR), "com.tonicsystems.jarjar.Main", "process", str(rules), plain, part]
        subprocess.run(command, check=True, capture_output=True)
        shutil.move(part, renamed)


if __name__ == "__main__":
    if problem := lacking():
        sys.exit(problem)
    sys.stdout.write(",".join(map(str, make_jars(Path(sys.argv[1])))))
