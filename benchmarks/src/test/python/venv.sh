#!/usr/bin/env bash
# Makes the virtual environment of the interop tests once, with the python3 on PATH.
# A half-made one, or one with another DVC, is made again.
set -euo pipefail
venv=$1
dvc='dvc==3.67.1'
if [[ -f $venv/.complete && $(<"$venv/.complete") == "$dvc" ]]; then exit 0; fi
python3 -m venv --clear "$venv"
"$venv/bin/python" -m pip --quiet --disable-pip-version-check install "$dvc"
printf '%s\n' "$dvc" > "$venv/.complete"
