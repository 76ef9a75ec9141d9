#!/bin/bash
# Runs a command with this machine's tools in PATH:  .tools/with.sh cargo leptos build
set -eu
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
exec "$@"
