#!/bin/bash
# Every check of the project, on both databases and in the browser.
#
# Each step prints its name, its output and its time. A failing step does not stop
# the others; the exit status is non-zero when anything failed, and the last line
# counts tests (and each step that is one check): "N passed, N failed".
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$here/setup.sh" toolchain checks leptos node browser postgres python || exit 1
. "$here/env.sh"
cd "$MUSTER_ROOT" || exit 1

wasm=wasm32-unknown-unknown
work=$(mktemp -d "${TMPDIR:-/tmp}/muster-test.XXXXXX")
database=
front=

clean_up() {
  [ -n "$front" ] && kill -- "-$front" 2>/dev/null
  [ -n "$database" ] && as_postgres "$(postgres_programs)/pg_ctl" -D "$database" -m immediate -s stop >/dev/null 2>&1
  rm -rf "$work" "${database%/data}"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# --- steps ------------------------------------------------------------------

passed=0 failed=0 summary=

# counts LOG: passed and failed as the test programs themselves report them.
counts() {
  awk '/^test result: / { p += $4; f += $6; seen = 1 }
       /^[0-9]+ passed, [0-9]+ failed/ { p += $1; f += $3; seen = 1 }
       END { if (seen) print p + 0, f + 0 }' "$1"
}

# record NAME STATUS SECONDS LOG
record() {
  local ok=0 bad=0 word=ok
  read -r ok bad < <(counts "$4") || { ok=0 bad=0; [ "$2" = 0 ] && ok=1; }
  [ "$2" != 0 ] && [ "$bad" = 0 ] && bad=1
  [ "$bad" != 0 ] && word=FAILED
  passed=$((passed + ok)) failed=$((failed + bad))
  summary+=$(printf '  %-34s %5d s   %s' "$1" "$3" "$word")$'\n'
  printf '[test] %s: %s (%d s)\n\n' "$1" "$word" "$3"
  [ "$word" = ok ]
}

step() {
  local name=$1 begin=$SECONDS status
  shift
  printf '[test] %s\n' "$name"
  "$@" 2>&1 | tee "$work/step.log"
  status=${PIPESTATUS[0]}
  record "$name" "$status" $((SECONDS - begin)) "$work/step.log"
}

skip() {
  failed=$((failed + 1))
  summary+=$(printf '  %-34s %5s     %s' "$1" - "FAILED: $2")$'\n'
  printf '[test] %s: not run, %s\n\n' "$1" "$2"
}

# --- a database server of our own -------------------------------------------

as_postgres() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

start_postgres() {
  local programs folder port password attempt
  programs=$(postgres_programs) || return 1
  folder=$(mktemp -d "${TMPDIR:-/tmp}/muster-postgres.XXXXXX")
  database=$folder/data
  [ "$(id -u)" = 0 ] && chown postgres "$folder"
  as_postgres "$programs/initdb" -D "$database" -U postgres -E UTF8 --locale=C \
    --auth-local=trust --auth-host=scram-sha-256 --no-sync >"$work/initdb.log" 2>&1 ||
    { cat "$work/initdb.log"; return 1; }
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
    # Durability costs time and is worth nothing here.
    as_postgres "$programs/pg_ctl" -D "$database" -s -w -t 60 -l "$folder/log" -o "-p $port -k $folder \
      -c listen_addresses=127.0.0.1 -c max_connections=400 -c fsync=off \
      -c synchronous_commit=off -c full_page_writes=off" start >/dev/null 2>&1 && break
    [ $attempt = 5 ] && { cat "$folder/log"; return 1; }
  done
  # An ordinary role, so that the rules of the database hold for it as for the real one.
  as_postgres "$programs/psql" -h "$folder" -p "$port" -U postgres -d postgres -q -v ON_ERROR_STOP=1 \
    -c "create role muster login nosuperuser createdb password '$password'" || return 1
  export MUSTER_TEST_POSTGRES_URL=postgres://muster:$password@127.0.0.1:$port/postgres
  echo "[test] PostgreSQL $("$programs/postgres" -V | awk '{ print $3 }') serves on port $port"
}

# --- the optimised front end, beside the other steps -------------------------

# A place of its own, so that a development site is left alone.
site=$MUSTER_TARGET/end2end/site

build_front() {
  LEPTOS_SITE_ROOT=$site cargo leptos build --release --frontend-only
}

start_front() {
  front_begin=$SECONDS
  echo "[test] release front end: building beside the next steps"
  echo
  set -m
  (build_front; echo $? >"$work/front.status"; echo $((SECONDS - front_begin)) >"$work/front.seconds") \
    >"$work/front.log" 2>&1 </dev/null &
  front=$!
  set +m
}

finish_front() {
  wait "$front"
  front=
  tail -25 "$work/front.log"
  record "release front end" "$(cat "$work/front.status")" "$(cat "$work/front.seconds")" /dev/null
}

# --- the browser ------------------------------------------------------------

# The server under test stands beside the front end's list of hashed names.
browser_tests() {
  cp "$MUSTER_TARGET/debug/muster" "$MUSTER_TARGET/release/hash.txt" "$MUSTER_TARGET/end2end/" || return 1
  MUSTER_BIN=$MUSTER_TARGET/end2end/muster MUSTER_SITE_ROOT=$site LEPTOS_SITE_ROOT=$site \
    CHROMIUM=$CHROMIUM node end2end/run.mjs
}

rust_doc() {
  RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --features ssr --document-private-items
}

# ----------------------------------------------------------------------------

step "format" cargo fmt --check
step "clippy, server" cargo clippy --features ssr --all-targets -- -D warnings
step "clippy, browser" cargo clippy --features hydrate --lib --target $wasm -- -D warnings
browser_compiles=$?
[ $browser_compiles = 0 ] && start_front
step "documentation" rust_doc
if start_postgres; then
  # Half of the time a test waits: for a database, a lease, a process that starts.
  export RUST_TEST_THREADS=${RUST_TEST_THREADS:-$((2 * $(nproc)))}
  step "cargo test, SQLite and PostgreSQL" cargo test --features ssr --no-fail-fast
  for name in sqlite postgres; do
    echo "[test] on $name: $(grep -c "::$name \.\.\. ok" "$work/step.log") tests passed"
  done
else
  skip "cargo test, SQLite and PostgreSQL" "PostgreSQL did not start"
fi
if [ $browser_compiles != 0 ]; then
  skip "release front end" "the browser side does not compile"
elif finish_front; then
  step "WebAssembly budget" node end2end/wasm_budget.mjs "$site"
  if step "server for the browser tests" cargo build --features ssr --bin muster; then
    step "browser tests" browser_tests
  fi
fi

printf '%s\n%d s in all\n' "$summary" "$SECONDS"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
