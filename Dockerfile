# One image for every Airflow service and for `warraq` itself. The build stage has pip; the final one has neither pip's
# cache nor a compiler.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/warraq
COPY constraints.txt setup.cfg pyproject.toml README.md LICENSE ./
COPY extract extract
COPY spiders spiders
COPY storage storage
COPY warraq warraq
RUN /opt/warraq/bin/pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt '.[airflow,postgres]' \
 && /opt/warraq/bin/pip uninstall --yes pip

FROM python:3.12-slim-bookworm
RUN useradd --uid 10001 --create-home --home-dir /home/warraq warraq \
 && mkdir -p /opt/airflow/logs /var/spool/warraq /srv/portals \
 && chown -R warraq:warraq /opt/airflow /var/spool/warraq
COPY --from=build /opt/warraq /opt/warraq
COPY dags /srv/dags
COPY plugins /srv/plugins
ENV PATH=/opt/warraq/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/srv/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/srv/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    WARRAQ_CACHE=/var/spool/warraq
USER 10001
WORKDIR /home/warraq
CMD ["warraq", "--help"]
