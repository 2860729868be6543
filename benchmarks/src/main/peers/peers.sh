#!/usr/bin/env bash
# Compares Daybook with other trackers: installs them under benchmarks/target/peers, once, and runs compare.py.
#
#     peers.sh [smoke]
#
# smoke: tensorboardX and Daybook only, 200 steps, within a minute; the goals are printed but not required. Exit code 1: a goal is short,
# or Daybook does not work or has lost a value.
# DAYBOOK_CLASSPATH and DAYBOOK_JVM_FLAGS (none, if it is not set) say how to run Daybook. A peer that cannot be installed is left out, and its
# row says why. Needs python3, git and a JDK.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../../.." && pwd)
target=$root/benchmarks/target/peers
mode=${1:-}
budget_seconds=1170
# called by hand, after ./mvnw -DskipTests package dependency:build-classpath as benchmarks/run does it
export DAYBOOK_CLASSPATH=${DAYBOOK_CLASSPATH:-$root/benchmarks/target/classes:$(< "$root/benchmarks/target/classpath")}
mkdir -p "$target"

# Takes what the command says to a log, and its last error to NAME.failed if it fails.
try() {
    local name=$1
    shift
    rm -f "$target/$name.failed"
    if "$@" > "$target/$name.log" 2>&1; then return; fi
    printf 'could not be installed: %s\n' "$(grep -i error "$target/$name.log" | tail -1 | sed 's|https*://[^ )]*|its registry|g')" > "$target/$name.failed"
}

make_venv() {
    local venv=$target/$1
    python3 -m venv --clear "$venv" \
        && "$venv/bin/python" -m pip --disable-pip-version-check install "${@:2}" \
        && printf '%s\n' "${*:2}" > "$venv/.complete"
}

make_client() {
    local home=$target/mlflow-java
    local classes=$root/benchmarks/target/classes
    mkdir -p "$home/classes"
    "$root/mvnw" -q -f "$here/mlflow-java/pom.xml" dependency:build-classpath -Dmdep.outputFile="$home/jars" \
        && javac -Xlint:all,-path,-processing -Werror --release 17 -d "$home/classes" -cp "$(<"$home/jars"):$classes" \
            "$here/mlflow-java/MlflowJava.java" \
        && printf '%s:%s:%s\n' "$home/classes" "$classes" "$(<"$home/jars")" > "$home/classpath"
}

while read -r name requirements; do
    if [[ $mode == smoke && $name != tensorboardx ]]; then continue; fi
    venv=venv-$name
    # made once; a half-made one, or one with other versions, again
    if [[ -f $target/$venv/.complete && $(<"$target/$venv/.complete") == "$requirements" ]]; then continue; fi
    printf 'installing %s\n' "$requirements" >&2
    # shellcheck disable=SC2086
    try "$venv" make_venv "$venv" $requirements
done < <(grep -v '^#' "$here/peers.txt")

if [[ $mode != smoke ]]; then try mlflow-java make_client; fi

exec python3 "$here/compare.py" "$target" $((budget_seconds - SECONDS)) "$mode"
