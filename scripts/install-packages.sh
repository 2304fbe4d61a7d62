#!/usr/bin/env bash
# Installs the Debian packages that the build needs and that are missing. With --with-tests also those of the tests.
set -euo pipefail

packages=(
    pkg-config libsamplerate0-dev libopus-dev libssl-dev libyaml-dev libsndfile1-dev libsqlite3-dev
    libpocketsphinx-dev libsphinxbase-dev pocketsphinx-en-us flite1-dev espeak-ng python3 python3-pip
)
if [ "${1:-}" = "--with-tests" ]; then
    packages+=(pocketsphinx-testdata chromium nginx-light openssl)
fi

missing=()
for package in "${packages[@]}"; do
    dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Become root, or install these packages yourself: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
fi
echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update --quiet
"${as_root[@]}" apt-get install --yes --quiet --no-install-recommends "${missing[@]}"

# Of nginx only the program is wanted: no web server begins to run on somebody's machine because of its tests.
if [[ " ${missing[*]} " == *" nginx-light "* ]] && command -v systemctl >/dev/null; then
    "${as_root[@]}" systemctl disable --now --quiet nginx || true
fi
