#!/usr/bin/env bash
# Makes the virtual environment of the interop tests once, with the python3 on PATH.
# A half-made one, or one with other versions, is made again.
set -euo pipefail
venv=$1
packages='dvc==3.67.1 dvclive==3.49.1'
if [[ -f $venv/.complete && $(<"$venv/.complete") == "$packages" ]]; then exit 0; fi
python3 -m venv --clear "$venv"
# shellcheck disable=SC2086
"$venv/bin/python" -m pip --quiet --disable-pip-version-check install $packages
printf '%s\n' "$packages" > "$venv/.complete"
