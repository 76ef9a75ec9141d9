# Sourced by the other scripts: where the project and this machine's tools are,
# with the tools put in front of PATH. It changes nothing on the disk and may be
# sourced before anything is set up.

MUSTER_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Outside the tree, so that every clone on the machine shares what took long to build.
MUSTER_TOOLS=${MUSTER_TOOLS:-${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/muster/tools}
# Where cargo puts its results.
MUSTER_TARGET=${CARGO_TARGET_DIR:-$MUSTER_ROOT/target}

CARGO_LEPTOS_VERSION=0.3.11
# wasm-bindgen is a crate and a program, and both must be of one version.
WASM_BINDGEN_VERSION=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' \
  "$MUSTER_ROOT/Cargo.lock" 2>/dev/null)
# The oldest Rust that will do.
RUST_VERSION=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$MUSTER_ROOT/Cargo.toml")

# The Rust chosen by `setup.sh toolchain`: MUSTER_RUST_ID and what selects it.
# shellcheck source=/dev/null
[ -r "$MUSTER_TOOLS/rust.env" ] && . "$MUSTER_TOOLS/rust.env"
# The browser chosen by `setup.sh browser`.
# shellcheck source=/dev/null
[ -z "${CHROMIUM:-}" ] && [ -r "$MUSTER_TOOLS/browser.env" ] && . "$MUSTER_TOOLS/browser.env"

case ":$PATH:" in
  *":$MUSTER_ROOT/end2end/node_modules/.bin:"*) ;;
  *)
    PATH=$MUSTER_TOOLS/cargo-leptos-$CARGO_LEPTOS_VERSION/bin:$MUSTER_TOOLS/wasm-bindgen-$WASM_BINDGEN_VERSION/bin:$MUSTER_ROOT/end2end/node_modules/.bin:$PATH
    # cargo looks for its sub-commands in this folder before PATH, unless PATH names it.
    PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
    ;;
esac
# Links to a Rust that is not the first in PATH; absent when the first one will do.
[ -n "${MUSTER_RUST_BIN:-}" ] && PATH=$MUSTER_RUST_BIN:$PATH
# Made by `setup.sh python`.
MUSTER_PYTHON=${MUSTER_PYTHON:-$MUSTER_TOOLS/python/bin/python}
export MUSTER_PYTHON PATH MUSTER_ROOT MUSTER_TOOLS MUSTER_TARGET CHROMIUM

# The folder with initdb and pg_ctl; Debian keeps it out of PATH.
postgres_programs() {
  local folder
  folder=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)
  [ -x "$folder" ] || folder=$(command -v initdb) || return 1
  dirname "$(readlink -f "$folder")"
}
