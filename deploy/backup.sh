#!/usr/bin/env bash
# backup.sh FOLDER: Airflow's database, the catalog and the archive of the running stack. Again into the same folder: what is new.
# The stack it means is docker compose's: COMPOSE_PROJECT_NAME, COMPOSE_FILE and COMPOSE_ENV_FILES are obeyed.
set -euo pipefail
umask 077
mkdir -p "${1:?usage: backup.sh FOLDER}/archive"
folder=$(cd "$1" && pwd)

dump() {
  docker compose exec -T postgres sh -c \
    'PGPASSWORD=$POSTGRES_PASSWORD exec pg_dump --host=127.0.0.1 --username=warraq --format=custom "$0"' "$1" > "$folder/$1.dump.part"
  mv "$folder/$1.dump.part" "$folder/$1.dump"
  echo "$1: $(stat --format=%s "$folder/$1.dump") bytes"
}

# Databases first: objects are only added, so all that this catalog names is there when they are copied.
began=$(date --utc +%Y-%m-%dT%H:%M:%SZ)
dump airflow
dump catalog
docker compose run --rm --no-deps -T --user "$(id -u):$(id -g)" --volume "$folder/archive:/backup" airflow-worker \
  python -m storage.objects.object_copy save /backup --began "$began"
date --utc +%Y-%m-%dT%H:%M:%SZ > "$folder/complete"
echo "backup complete: $folder; keep .env with it"
