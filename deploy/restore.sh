#!/usr/bin/env bash
# restore.sh FOLDER: fill an empty stack from what backup.sh wrote, then start it. Interrupted, run it again.
# What was removed on request after the backup was made is removed again: WARRAQ_REMOVALS names the folder of the register here.
set -euo pipefail
: "${1:?usage: restore.sh FOLDER}"
folder=$(cd "$1" && pwd)
[ -f "$folder/complete" ] || { echo "$folder holds no complete backup" >&2; exit 2; }

in_postgres() {
  docker compose exec -T postgres sh -c 'PGPASSWORD=$POSTGRES_PASSWORD; export PGPASSWORD; exec "$0" --host=127.0.0.1 --username=warraq "$@"' "$@"
}

restore() {
  in_postgres pg_restore --dbname="$1" --single-transaction --clean --if-exists --no-owner < "$folder/$1.dump"
  echo "$1: restored"
}

docker compose up --detach --wait postgres redis seaweedfs
docker compose run --rm -T catalog-database
docker compose run --rm -T archive-bucket
if [ "$(in_postgres psql --dbname=airflow --tuples-only --no-align --command="SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" != 0 ]; then
  echo "this stack is in use: restore into an empty one (docker compose down --volumes deletes all its data)" >&2
  exit 2
fi
docker compose run --rm --no-deps -T --user "$(id -u):$(id -g)" --volume "$folder/archive:/backup" airflow-worker \
  python -m storage.objects.object_copy load /backup
restore catalog
register=()
if [ -n "${WARRAQ_REMOVALS:-}" ]; then
  register=(--volume "$(cd "$WARRAQ_REMOVALS" && pwd):/removals" --env WARRAQ_REMOVALS=/removals)
fi
# Before anybody reads: the backup holds what was removed since, and half of what was being removed.
docker compose run --rm --no-deps -T --user "$(id -u):$(id -g)" "${register[@]}" airflow-worker warraq remove --again
# Last: its tables are the mark that the stack is in use.
restore airflow
docker compose up --detach
echo "restored from the backup of $(cat "$folder/complete")"
