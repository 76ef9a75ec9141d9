#!/bin/bash
# Sets up what the project needs to be built, run and tested.
#
#   .tools/setup.sh PART…
#
#   toolchain  Rust for the server and for WebAssembly, and a C compiler
#   checks     clippy and rustfmt
#   leptos     cargo-leptos and wasm-bindgen
#   node       Node and what end2end/package-lock.json names, wasm-opt among it
#   browser    Chromium
#   postgres   the PostgreSQL server programs
#   python     Python with what reads our calendar feeds in the tests
#   wrk        the load generator for benchmarks
#
# A part that is there already costs nearly nothing. A part that cannot be
# installed ends the script with one line that says what is missing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/env.sh"

say() { printf '[setup] %s\n' "$*"; }
stop() { printf '[setup] cannot continue: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
# at_least 1.96 1.100.0: true when the second version is not older than the first.
at_least() { [ -n "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -1)" = "$1" ]; }

mkdir -p "$MUSTER_TOOLS/log" 2>/dev/null || stop "cannot write to $MUSTER_TOOLS (choose another folder with MUSTER_TOOLS)"

# Two clones may be set up at the same time; the second waits for the first.
only_one() {
  [ -z "${locked:-}" ] || return 0
  locked=yes
  have flock || return 0
  exec 9>"$MUSTER_TOOLS/lock"
  flock -n 9 && return 0
  say "waiting for another set-up on this machine"
  flock 9
}

# quietly NAME COMMAND…: output goes to a log, with a sign of life every half minute.
# The end of the log is shown when the command fails, unless another way remains to be tried.
quietly() {
  local log=$MUSTER_TOOLS/log/$1.log pid waited=0 status=0
  shift
  "$@" >"$log" 2>&1 9>&- </dev/null &
  pid=$!
  # shellcheck disable=SC2064
  trap "kill $pid 2>/dev/null; exit 130" INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.5
    waited=$((waited + 1))
    if [ $((waited % 60)) = 0 ]; then
      say "  … $((waited / 2)) s: $(tail -1 "$log" | tr -d '\r' | sed 's/^ *//' | cut -c1-100)"
    fi
  done
  wait "$pid" || status=$?
  trap - INT TERM
  if [ $status != 0 ] && [ -z "${another_way:-}" ]; then
    tail -15 "$log" >&2
    say "  the whole log is in $log"
  fi
  return $status
}

# --- packages of the distribution -------------------------------------------

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}
may_be_root() { [ "$(id -u)" = 0 ] || have sudo; }

apt_lists() {
  [ -z "${apt_lists_read:-}" ] || return 0
  apt_lists_read=yes
  say "reading the distribution's package lists"
  [ "$(id -u)" = 0 ] || sudo -v || return 0
  quietly apt-update as_root apt-get update -q || say "  not readable now; going on with the lists that are here"
}

# The version apt would install, without epoch and revision; empty when there is none.
apt_version() {
  apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*:\)\{0,1\}\([^-+~(]*\).*$/\2/p'
}
apt_has() { [ -n "$(apt_version "$1")" ]; }

# apt_install REASON PACKAGE…
apt_install() {
  local reason=$1
  shift
  have apt-get || stop "$reason is missing, and this system has no apt-get: install it by hand"
  may_be_root || stop "$reason is missing; as root, run: apt-get install $*"
  only_one
  apt_lists
  say "installing $* from the distribution ($reason)"
  quietly apt-install as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" ||
    stop "$reason is missing, and apt-get could not install $* (is there a network?)"
}

# --- Rust -------------------------------------------------------------------

wasm=wasm32-unknown-unknown

version_of() { "$1" -V 2>/dev/null | awk '{ print $2 }'; }
recent() { at_least "$RUST_VERSION" "$(version_of "$1")"; }

# Whether a compiler really makes a WebAssembly module: library and linker are there
# and belong to this very compiler.
makes_wasm() {
  local dir works=no
  dir=$(mktemp -d)
  echo '#[unsafe(no_mangle)] pub extern "C" fn f(n: u32) -> usize { format!("{n}").len() }' >"$dir/probe.rs"
  "$1" --edition 2024 --crate-type cdylib --target $wasm -o "$dir/probe.wasm" "$dir/probe.rs" \
    >"$MUSTER_TOOLS/log/probe.log" 2>&1 && works=yes
  rm -rf "$dir"
  [ $works = yes ]
}

rust_id() { "$1" -vV 2>/dev/null | tr '\n' ' '; }

# choose EXPLANATION RUSTC [LINES]: writes rust.env, which env.sh reads.
choose() {
  {
    echo "# Written by setup.sh toolchain; delete it to choose again."
    printf '%s\n' "${@:3}"
    printf 'MUSTER_RUSTC=%q\nMUSTER_RUST_ID=%q\n' "$2" "$(rust_id "$2")"
  } >"$MUSTER_TOOLS/rust.env.new"
  mv "$MUSTER_TOOLS/rust.env.new" "$MUSTER_TOOLS/rust.env"
  . "$here/env.sh"
  say "Rust $(version_of "$2"): $1"
}

# Links to the distribution's Rust, so that only these programs come first in PATH.
choose_distribution() {
  local program links=$MUSTER_TOOLS/rust
  mkdir -p "$links"
  for program in cargo rustc rustdoc rustfmt cargo-fmt cargo-clippy clippy-driver; do
    rm -f "$links/$program"
    ln -s "/usr/bin/$program" "$links/$program"
  done
  choose "$1" /usr/bin/rustc "MUSTER_RUST_BIN=$(printf %q "$links")" "unset RUSTUP_TOOLCHAIN"
}

# The distribution's compiler comes without a standard library for WebAssembly, but
# with that library's sources: compile them once and put the result where it looks.
build_wasm_library() {
  local sysroot host build=$MUSTER_TOOLS/build/std library linker
  sysroot=$(/usr/bin/rustc --print sysroot)
  host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
  linker=$sysroot/lib/rustlib/$host/bin/rust-lld
  if [ ! -e "$linker" ] && ! have rust-lld; then
    local lld
    lld=$(command -v wasm-ld-19 || command -v wasm-ld || compgen -c wasm-ld- | sort -V | tail -1)
    [ -n "$lld" ] || { apt_install "a linker for WebAssembly" lld && lld=$(command -v wasm-ld); }
    as_root mkdir -p "${linker%/*}"
    as_root ln -sfn "$(command -v "$lld")" "$linker"
  fi
  makes_wasm /usr/bin/rustc && return 0
  [ -d "$sysroot/lib/rustlib/src/rust/library" ] || return 1
  say "compiling Rust's standard library for WebAssembly (about a minute, once)"
  rm -rf "$build" && mkdir -p "$build/src"
  printf '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2024"\n' >"$build/Cargo.toml"
  echo '#![no_std]' >"$build/src/lib.rs"
  # With bitcode, otherwise link-time optimisation refuses the library.
  (cd "$build" && quietly std env -u CARGO_BUILD_BUILD_DIR CARGO_TARGET_DIR="$build/target" \
    RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTFLAGS="-C embed-bitcode=yes" \
    /usr/bin/cargo build --release -Z build-std=std,panic_abort --target $wasm) || return 1
  rm -f "$build/target/$wasm/release/deps/"libscratch-*
  library=$sysroot/lib/rustlib/$wasm/lib
  as_root rm -rf "$library"
  as_root mkdir -p "$library"
  as_root cp "$build/target/$wasm/release/deps/"*.rlib "$library/"
  rm -rf "$build"
  makes_wasm /usr/bin/rustc
}

from_distribution() {
  if ! { [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && recent /usr/bin/rustc; }; then
    have apt-get && may_be_root || return 1
    only_one
    apt_lists
    if at_least "$RUST_VERSION" "$(apt_version rustc-web)"; then
      apt_install "Rust" rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web \
        "$(apt_has lld-19 && echo lld-19 || echo lld)"
    elif at_least "$RUST_VERSION" "$(apt_version rustc)" && apt_has libstd-rust-dev-wasm32; then
      apt_install "Rust" rustc cargo libstd-rust-dev-wasm32 rust-clippy rustfmt lld
    else
      return 1
    fi
    recent /usr/bin/rustc || return 1
  fi
  makes_wasm /usr/bin/rustc && return 0
  may_be_root || return 1
  only_one
  if [ ! -d "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library" ] && have apt-get; then
    if dpkg -s rustc-web >/dev/null 2>&1; then
      apt_install "the source of Rust's standard library" rust-web-src
    elif apt_has libstd-rust-dev-wasm32; then
      apt_install "Rust's standard library for WebAssembly" libstd-rust-dev-wasm32
    fi
  fi
  build_wasm_library
}

# May rustup download something?
rustup_may() { have rustup && [ "${RUSTUP_AUTO_INSTALL:-1}" != 0 ]; }

from_rustup() {
  only_one
  if recent rustc; then
    say "adding the target $wasm with rustup"
    quietly rustup rustup target add $wasm && makes_wasm rustc &&
      choose "from rustup, target $wasm added" rustc
  else
    say "installing Rust $RUST_VERSION with rustup, beside the one in use"
    quietly rustup rustup toolchain install "$RUST_VERSION" --profile minimal \
      -c clippy -c rustfmt -t $wasm || return 1
    export RUSTUP_TOOLCHAIN=$RUST_VERSION
    makes_wasm rustc && choose "from rustup, beside the one in use" rustc "export RUSTUP_TOOLCHAIN=$RUST_VERSION"
  fi
}

part_toolchain() {
  have cc || apt_install "a C compiler" gcc libc6-dev ca-certificates
  if [ -n "${MUSTER_RUST_ID:-}" ] && recent "$MUSTER_RUSTC" &&
    [ "$(rust_id "$MUSTER_RUSTC")" = "$MUSTER_RUST_ID" ] &&
    compgen -G "$("$MUSTER_RUSTC" --print target-libdir --target $wasm)/libstd-*.rlib" >/dev/null; then
    return 0
  fi
  # Forget an earlier choice that no longer holds.
  rm -f "$MUSTER_TOOLS/rust.env"
  [ -n "${MUSTER_RUST_BIN:-}" ] && PATH=${PATH#"$MUSTER_RUST_BIN:"}
  unset MUSTER_RUST_BIN
  hash -r

  if have cargo && have rustc && recent rustc && makes_wasm rustc; then
    choose "the one in PATH, which knows WebAssembly" rustc
  elif rustup_may && from_rustup; then
    :
  elif from_distribution; then
    choose_distribution "the distribution's, since the one in PATH is missing, too old or without WebAssembly"
  elif ! have rustup && [ "${RUSTUP_AUTO_INSTALL:-1}" != 0 ] && have apt-get && may_be_root && apt_has rustup &&
    apt_install "Rust" rustup && from_rustup; then
    :
  else
    stop "no Rust $RUST_VERSION or later with the target $wasm could be found or installed; install rustup (rustup.rs), then run: rustup target add $wasm"
  fi
}

part_checks() {
  part_toolchain
  cargo clippy -V >/dev/null 2>&1 && cargo fmt --version >/dev/null 2>&1 && return 0
  if [ -z "${MUSTER_RUST_BIN:-}" ] && rustup_may; then
    say "adding clippy and rustfmt with rustup"
    quietly rustup rustup component add clippy rustfmt ||
      stop "clippy or rustfmt is missing, and rustup could not add them (is there a network?)"
  elif have dpkg && dpkg -s rustc-web >/dev/null 2>&1; then
    apt_install "clippy and rustfmt" rust-web-clippy rustfmt-web
  else
    apt_install "clippy and rustfmt" rust-clippy rustfmt
  fi
  cargo clippy -V >/dev/null 2>&1 || stop "clippy is missing for $(command -v cargo)"
  cargo fmt --version >/dev/null 2>&1 || stop "rustfmt is missing for $(command -v cargo)"
}

# --- cargo-leptos and wasm-bindgen ------------------------------------------

# from_crates CRATE VERSION FOLDER ARGUMENTS…: compiles a program for our own use.
# Development profile, because link-time optimisation would take most of half an
# hour; only what works on large inputs is optimised. With the versions its authors
# locked, or, when one of those has left the registry, with the newest that fit.
from_crates() {
  local crate=$1 version=$2 folder=$3 build=$MUSTER_TOOLS/build/programs package
  local flags=()
  for package in walrus wasmparser wasm-encoder wasm-bindgen-cli-support brotli md-5; do
    flags+=(--config "profile.dev.package.$package.opt-level=2")
  done
  mkdir -p "$build"
  # Away from the project's own .cargo/config.toml.
  cd "$build"
  local install=(env -u RUSTFLAGS -u CARGO_BUILD_BUILD_DIR CARGO_PROFILE_DEV_DEBUG=false CARGO_INCREMENTAL=0
    cargo install "$crate" --version "$version" --debug --force
    --target-dir "$build" --root "$folder.new" "${flags[@]}" "${@:4}")
  if ! another_way=yes quietly "$crate" "${install[@]}" --locked; then
    grep -q 'failed to select a version' "$MUSTER_TOOLS/log/$crate.log" &&
      say "  not with the versions its authors locked; trying the newest that fit"
    quietly "$crate" "${install[@]}" || return 1
  fi
  cd "$MUSTER_ROOT"
  rm -rf "$folder"
  mv "$folder.new" "$folder"
}

part_leptos() {
  part_toolchain
  [ -n "$WASM_BINDGEN_VERSION" ] || stop "Cargo.lock names no wasm-bindgen"
  local built=no
  if [ "$(cargo-leptos --version 2>/dev/null | awk '{ print $2 }')" != "$CARGO_LEPTOS_VERSION" ]; then
    only_one
    say "building cargo-leptos $CARGO_LEPTOS_VERSION (once per machine; about 10 minutes on two cores)"
    from_crates cargo-leptos "$CARGO_LEPTOS_VERSION" "$MUSTER_TOOLS/cargo-leptos-$CARGO_LEPTOS_VERSION" \
      --no-default-features --features no_downloads ||
      stop "cargo-leptos $CARGO_LEPTOS_VERSION is missing and could not be built (is there a network?)"
    built=yes
  fi
  if [ "$(wasm-bindgen --version 2>/dev/null | awk '{ print $2 }')" != "$WASM_BINDGEN_VERSION" ]; then
    only_one
    say "building wasm-bindgen $WASM_BINDGEN_VERSION (once per version; about 3 minutes on two cores)"
    from_crates wasm-bindgen-cli "$WASM_BINDGEN_VERSION" "$MUSTER_TOOLS/wasm-bindgen-$WASM_BINDGEN_VERSION" \
      --no-default-features --bin wasm-bindgen ||
      stop "wasm-bindgen $WASM_BINDGEN_VERSION is missing and could not be built (is there a network?)"
    built=yes
  fi
  if [ $built = yes ]; then
    rm -rf "$MUSTER_TOOLS/build/programs"
    hash -r
    cargo-leptos --version >/dev/null || stop "cargo-leptos was built but does not run"
  fi
}

# --- Node, browser, database, load generator --------------------------------

node_works() { have npm && at_least 18 "$(node -v 2>/dev/null | tr -d v)"; }

part_node() {
  node_works || apt_install "Node 18 or later" nodejs npm
  node_works || stop "Node 18 or later is needed, and the distribution has only $(node -v 2>/dev/null)"
  local lock=$MUSTER_ROOT/end2end/package-lock.json modules=$MUSTER_ROOT/end2end/node_modules sum
  sum=$(sha256sum <"$lock")
  [ "$(cat "$modules/.complete" 2>/dev/null)" = "$sum" ] && return 0
  say "installing end2end/node_modules"
  (cd "$MUSTER_ROOT/end2end" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 \
    quietly npm npm ci --ignore-scripts --fetch-retries=1 --loglevel=error) ||
    stop "npm could not install what end2end/package-lock.json names (is there a network?)"
  echo "$sum" >"$modules/.complete"
}

# Some systems install a mere pointer to a package store under these names, so ask it.
part_browser() {
  [ -x "${CHROMIUM:-}" ] && return 0
  local name found=
  find_browser() {
    found=
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
      if have "$name" && "$name" --version >/dev/null 2>&1; then
        found=$(command -v "$name")
        return 0
      fi
    done
    return 1
  }
  if ! find_browser; then
    if have apt-get && ! apt_has chromium && may_be_root; then apt_lists; fi
    if have apt-get && apt_has chromium; then
      apt_install "a browser for the tests" chromium
      find_browser || true
    else
      part_node
      only_one
      say "downloading Chromium with Playwright"
      local options=()
      if have apt-get && may_be_root; then options=(--with-deps); fi
      (cd "$MUSTER_ROOT/end2end" && quietly playwright node node_modules/playwright-core/cli.js install \
        "${options[@]}" chromium) ||
        stop "Chromium is missing, and neither the distribution nor Playwright could provide it; install it and set CHROMIUM to its path"
      found=$(cd "$MUSTER_ROOT/end2end" && node -p 'require("playwright-core").chromium.executablePath()')
    fi
  fi
  [ -x "$found" ] || stop "Chromium was installed but is not found; set CHROMIUM to its path"
  printf 'CHROMIUM=%q\n' "$found" >"$MUSTER_TOOLS/browser.env"
}

part_postgres() {
  postgres_programs >/dev/null && return 0
  apt_install "the PostgreSQL server" postgresql
  postgres_programs >/dev/null || stop "PostgreSQL was installed, but its initdb is not found"
}

# An environment of its own, so that nothing of the machine's Python is touched.
part_python() {
  local wanted=$MUSTER_ROOT/src/tests/calendar/requirements.txt place=$MUSTER_TOOLS/python sum
  sum=$(sha256sum <"$wanted")
  [ "$(cat "$place/.complete" 2>/dev/null)" = "$sum" ] && return 0
  { have python3 && python3 -c 'import ensurepip, venv' 2>/dev/null; } ||
    apt_install "Python" python3 python3-venv
  only_one
  say "installing what src/tests/calendar/requirements.txt lists"
  rm -rf "$place"
  quietly venv python3 -m venv "$place" || stop "Python cannot make an environment (python3 -m venv)"
  quietly pip "$place/bin/python" -m pip install --disable-pip-version-check --no-deps -r "$wanted" ||
    stop "pip could not install what src/tests/calendar/requirements.txt lists (is there a network?)"
  echo "$sum" >"$place/.complete"
}

part_wrk() { have wrk || apt_install "the load generator wrk" wrk; }

for part in "$@"; do
  case $part in
    toolchain | checks | leptos | node | browser | postgres | python | wrk) "part_$part" ;;
    *) stop "no part is called $part; see the top of .tools/setup.sh" ;;
  esac
done
