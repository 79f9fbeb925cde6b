# One image for every Airflow service and for `warraq` itself. The build stage has the installers; the final one has neither
# them nor a compiler. Without "# syntax=" lines: those are pulled from a registry at each build.
FROM python:3.12-slim-bookworm AS build
# A package index other than PyPI.
ARG PIP_INDEX_URL
WORKDIR /src
COPY constraints.txt ./
# uv takes a minute for what pip takes four.
RUN python -m venv /opt/uv \
 && /opt/uv/bin/pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt uv \
 && python -m venv --without-pip /opt/warraq
COPY setup.cfg pyproject.toml README.md LICENSE ./
COPY extract extract
COPY spiders spiders
COPY storage storage
COPY warraq warraq
COPY dags dags
COPY plugins plugins
RUN UV_DEFAULT_INDEX=${PIP_INDEX_URL:-https://pypi.org/simple} /opt/uv/bin/uv pip install --no-cache --compile-bytecode \
    --python /opt/warraq/bin/python --constraint constraints.txt '.[airflow,postgres]'

FROM python:3.12-slim-bookworm
RUN useradd --uid 10001 --create-home --home-dir /home/warraq warraq \
 && mkdir -p /opt/airflow/logs /var/spool/warraq \
 && chown -R warraq:warraq /opt/airflow /var/spool/warraq
COPY --from=build /opt/warraq /opt/warraq
ENV PATH=/opt/warraq/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/warraq/share/warraq/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/warraq/share/warraq/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    WARRAQ_CACHE=/var/spool/warraq
USER 10001
WORKDIR /home/warraq
CMD ["warraq", "--help"]
