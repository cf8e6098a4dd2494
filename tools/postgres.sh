#!/bin/sh
# A private PostgreSQL with PostGIS for tests and proofs, reached through a socket only its owner
# can open; nothing of it outlives `stop`.
#
# usage: tools/postgres.sh run COMMAND...      runs it with a server, or without where none can start
#        eval "$(tools/postgres.sh start)"     sets TEST_POSTGRES_DIRECTORY, _OWNER_URL and _APP_URL
#        tools/postgres.sh stop
set -eu

# The newest server that Debian put on this machine, else whatever is on the path.
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
PATH=${programs:+$programs:}$PATH

as_server() {
    # PostgreSQL refuses to run as root.
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start() {
    command -v initdb >/dev/null || { echo "PostgreSQL is not installed." >&2; exit 1; }
    directory=$(mktemp -d -t marketplace-postgres.XXXXXX)
    [ "$(id -u)" != 0 ] || chown postgres "$directory"
    cd "$directory"
    as_server initdb --pgdata="$directory/data" --username=postgres --auth=trust \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 ||
        { cat initdb.log >&2; exit 1; }
    # Tests throw the data away, so nothing need survive a crash of the machine; proofs are run as
    # in production.
    hasty="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    as_server pg_ctl start --wait --silent --pgdata="$directory/data" --log="$directory/server.log" \
        --options="-c listen_addresses= -c unix_socket_directories=$directory \
            -c unix_socket_permissions=0700 ${TEST_POSTGRES_OPTIONS-$hasty} -c timezone=UTC" >/dev/null 2>&1 ||
        { cat "$directory/server.log" >&2; exit 1; }
    # What a superuser does once for an installation; new test databases are copies of the template.
    as_server psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --host="$directory" \
        --username=postgres --dbname=postgres >/dev/null <<'SQL'
CREATE ROLE marketplace_owner LOGIN CREATEDB;
CREATE ROLE marketplace_app LOGIN;
GRANT SET ON PARAMETER session_replication_role TO marketplace_owner;
CREATE DATABASE marketplace_template IS_TEMPLATE true;
\connect marketplace_template
CREATE EXTENSION postgis;
\connect postgres
CREATE DATABASE marketplace OWNER marketplace_owner TEMPLATE marketplace_template;
SQL
    echo "export TEST_POSTGRES_DIRECTORY='$directory'"
    echo "export TEST_POSTGRES_OWNER_URL='postgresql://marketplace_owner@/marketplace?host=$directory'"
    echo "export TEST_POSTGRES_APP_URL='postgresql://marketplace_app@/marketplace?host=$directory'"
}

stop() {
    cd "$TEST_POSTGRES_DIRECTORY"
    as_server pg_ctl stop --silent --mode=immediate --pgdata=data >/dev/null 2>&1 || true
    cd / && rm -rf "$TEST_POSTGRES_DIRECTORY"
}

run() {
    # Each start and stop is a process of its own, for they leave this folder.
    if settings=$("$0" start); then
        eval "$settings"
        trap '"$0" stop' EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM
    fi
    "$@"
}

case ${1:-} in
    start | stop) "$1" ;;
    run) shift && run "$@" ;;
    *) echo "usage: tools/postgres.sh run COMMAND...|start|stop" >&2; exit 2 ;;
esac
