#!/bin/bash
# Fills the demo organisation, serves it, and ends its output with the addresses.
# Expects the development build: `make run` makes it first.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$MUSTER_ROOT"
muster=$MUSTER_TARGET/debug/muster

address=${LEPTOS_SITE_ADDR:-$(sed -n 's/^site-addr *= *"\(.*\)"/\1/p' Leptos.toml)}
host=${address%:*} port=${address##*:}
[ "$host" = 0.0.0.0 ] && host=127.0.0.1
answers() { (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null; }
if answers; then
  echo "[run] cannot continue: something else already answers at $address (choose another with LEPTOS_SITE_ADDR)" >&2
  exit 1
fi

echo "[run] filling the demo organisation"
greeting=$("$muster" demo)

echo "[run] starting the server"
"$muster" serve &
server=$!
stopped=
trap 'stopped=yes; kill -TERM $server 2>/dev/null' INT TERM
for _ in $(seq 150); do
  if answers; then
    printf '\n%s\n' "$greeting"
    break
  fi
  kill -0 $server 2>/dev/null || break
  sleep 0.2
done
# A signal ends the first wait; the second one sees the server's own end.
status=0
wait $server || status=$?
while kill -0 $server 2>/dev/null; do wait $server || status=$?; done
[ -n "$stopped" ] && exit 0
exit $status
