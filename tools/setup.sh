#!/bin/sh
# Sets up what is missing: virtual environment, locked packages, front-end files, catalogues, and
# for tests also a browser and PostgreSQL. What was done with the same files is not done again.
#
# usage: tools/setup.sh run|test
set -eu
cd "$(dirname "$0")/.."
purpose=$1

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
fingerprint() { cat "$@" | sha256sum | cut -d ' ' -f 1; }
is_done() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

set_up_python() {
    if ! .venv/bin/python -c '' 2>/dev/null; then
        python=$(find_python) ||
            fail "Python 3.11 or newer with venv is missing. On Debian: apt-get install python3-venv"
        say "Making the virtual environment with $python ..."
        rm -rf .venv
        "$python" -m venv .venv
    fi
    lock=requirements.lock
    [ "$purpose" = run ] || lock=requirements-dev.lock
    wanted=$(fingerprint pyproject.toml "$lock")
    is_done ".venv/stamp-$purpose" "$wanted" && return
    say "Installing the locked Python packages ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes --requirement "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --no-deps --no-build-isolation --no-index --editable .
    printf '%s\n' "$wanted" > ".venv/stamp-$purpose"
    # The lock for tests holds everything of the lock for running.
    [ "$purpose" = run ] || fingerprint pyproject.toml requirements.lock > .venv/stamp-run
}

find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
            2>/dev/null
        then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

set_up_front_end() {
    if ! command -v npm >/dev/null; then
        [ "$purpose" = run ] || fail "Node 20 with npm is missing; the tests need it."
        say "Node 20 with npm is missing: going on without styles, map and scripts."
        return
    fi
    wanted=$(fingerprint package.json package-lock.json .npmrc)
    if ! is_done "node_modules/.stamp-$purpose" "$wanted"; then
        say "Installing the locked front-end packages ..."
        kept=--omit=dev
        [ "$purpose" = run ] || kept=--include=dev
        npm ci --ignore-scripts --no-audit --no-fund --loglevel=error "$kept" >/dev/null
        printf '%s\n' "$wanted" > "node_modules/.stamp-$purpose"
        [ "$purpose" = run ] || printf '%s\n' "$wanted" > node_modules/.stamp-run
    fi
    wanted=$(fingerprint package-lock.json tools/copy_vendor.py)
    if [ ! -d static/vendor ] || ! is_done node_modules/.stamp-vendor "$wanted"; then
        say "Copying the front-end files ..."
        .venv/bin/python tools/copy_vendor.py
        printf '%s\n' "$wanted" > node_modules/.stamp-vendor
    fi
}

compile_catalogues() {
    catalogues=$(find marketplace/translations -name '*.po')
    [ -n "$catalogues" ] || return 0
    # shellcheck disable=SC2086 (our own file names, without blanks)
    wanted=$(fingerprint $catalogues)
    is_done .venv/stamp-catalogues "$wanted" && return
    say "Compiling the catalogues ..."
    .venv/bin/pybabel --quiet compile --directory marketplace/translations
    printf '%s\n' "$wanted" > .venv/stamp-catalogues
}

install_debian_packages() {
    missing=
    command -v chromium >/dev/null || missing="$missing chromium"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 &&
        ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 ||
        missing="$missing postgresql-postgis"
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "Missing, so their tests are skipped; on Debian: apt-get install$missing"
        return
    fi
    say "Installing Debian's packages:$missing ..."
    # shellcheck disable=SC2086 (several names)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq --yes --no-install-recommends $missing; } >.venv/apt.log 2>&1 || {
        tail -n 5 .venv/apt.log
        say "They could not be installed; their tests are skipped."
    }
}

set_up_python
set_up_front_end
compile_catalogues
[ "$purpose" = run ] || install_debian_packages
