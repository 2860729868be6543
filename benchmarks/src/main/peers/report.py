"""What was measured, as a few lines, one Markdown table and one line for each goal."""

import os
import platform
import re
import subprocess
from pathlib import Path
from statistics import median

from peers import DAYBOOK, FIRST, HERE, java

CPU_BOUND = 0.002
GROWTH_BOUND = 1.1


def print_report(plan, peers):
    """True if all goals are met."""
    print_protocol(plan)
    print()
    print_table(plan, peers)
    print()
    print_notes(plan, peers)
    print()
    # Both are to be printed, whatever the first one says.
    return all([print_cpu_goal(plan, peers), print_growth_goal()])


def print_protocol(plan):
    steps = f"{plan.few:,} and {plan.many:,} steps"
    print("# The same work in Daybook and in other trackers")
    print()
    print(f"Machine: {machine()}. JVM flags: {os.environ.get('DAYBOOK_JVM_FLAGS') or 'none'}.")
    print(f"Versions: {versions()}; no telemetry, nothing leaves the machine.")
    print(
        f"Work: 3 metrics (loss, acc, lr) a step, {steps}, at most {plan.cap_seconds} s each (n is what was reached); by turns, at least "
        "once and up to three times, medians. Each in a fresh process and a fresh Git repository of one commit, after a run of 100 steps."
    )
    print(
        "CPU: all threads and child processes, by the kernel's clock, read from outside; for MLflow's Java client the server's too. Wall: "
        "from the first call to the return of the last. Imports, JVM start, opening and init are not in them. What a background thread "
        "still has to do after the last call is only in the columns with close."
    )
    print(
        f"Daybook, warm JVM: {plan.long_block_steps // plan.many} experiments of {plan.many:,} steps, logged one after the other and "
        "measured as one block, since a single one takes milliseconds, and forces come once a second; before them, experiments that do not "
        f"count. Its growth is that of {plan.growth_blocks} blocks of {plan.growth_block_steps // plan.many} such experiments together, to as many "
        f"of {plan.growth_block_steps // plan.few} of {plan.few:,} steps, by turns in one JVM. Its close is save, a Git commit; no peer here "
        "makes one. The first run of a JVM is measured as the peers are, its JIT compilation included."
    )
    print(
        "B: what all files of a process are longer for it at its end, divided by all that it has logged, the run of 100 steps too; for "
        f"Daybook, warm JVM, of one that saves {plan.saved_block_steps // plan.many} experiments of {plan.many:,} steps."
    )


def print_table(plan, peers):
    kept = f"kept of {plan.kill_scalars()} after kill -9"
    head = ["tracker", "CPU", "wall", "CPU with close", "wall with close", "growth", "B", kept, "n", "runs"]
    print(
        "µs and bytes on disk per scalar; growth: CPU per step of the long run / of the short one, - if the short one has reached the cap."
    )
    print()
    print("| " + " | ".join(head) + " |")
    print("|---" + "|---:" * (len(head) - 1) + "|")
    for peer in peers:
        print("| " + " | ".join([peer.title, *cells(plan, peer, len(head) - 1)]) + " |")


def cells(plan, peer, count):
    speeds = peer.speeds[plan.many]
    if not speeds:
        return [peer.trouble or "not measured", *[""] * (count - 1)]
    closed = peer.saved or speeds
    return [
        number(median(speed.cpu for speed in speeds)),
        number(median(speed.wall for speed in speeds)),
        number(median(speed.cpu_closed for speed in closed)),
        number(median(speed.wall_closed for speed in closed)),
        growth(plan, peer),
        number(median(peer.bytes)) if peer.bytes else "-",
        kept(peer),
        f"{median(speed.scalars for speed in speeds):,.0f}",
        str(len(speeds)),
    ]


def number(value):
    """Three digits that count."""
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{decimals}f}"


def growth(plan, peer):
    if peer is DAYBOOK:
        return number(median(peer.growths))
    few = peer.speeds[plan.few]
    if not few or peer.has_capped(plan.few):
        return "-"
    return number(median(speed.cpu for speed in peer.speeds[plan.many]) / median(speed.cpu for speed in few))


def kept(peer):
    if not peer.kept:
        return "-"
    text = spread(peer.kept)
    return f"{text} ({spread(peer.repaired)} once repaired)" if peer.repaired else text


def spread(counts):
    return str(min(counts)) if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"


def print_notes(plan, peers):
    print(f"- kept: {plan.kill_steps} steps, then the process kills itself with SIGKILL when the last call has returned; a new process")
    print("  counts with the tracker's own reader. Children that outlive it have five seconds to write what they have.")
    print(
        "- ClearML's reader is its server; counted is the file that it would import. Its search for a repository is off: it can deadlock."
    )
    print("- Aim finds a killed run only after `aim storage reindex`: without that repair it counts as not kept.")
    print("- MLflow's log_batch: the batch of 1,000 that the caller has not sent yet is gone, here all.")
    print("- MLflow's Java client: the server holds what was sent, so the kill of the client tests little.")
    for peer in peers:
        if peer.trouble:
            print(f"- {peer.title}: incomplete: {peer.trouble}")


def print_cpu_goal(plan, peers):
    """A peer that needs a repair has lost; so has one that has lost a value in any of its runs."""
    theirs = {peer: median(speed.cpu for speed in peer.speeds[plan.many]) for peer in peers if peer.is_python() and peer.speeds[plan.many]}
    safe = [peer for peer in theirs if peer.kept and min(peer.kept) == plan.kill_scalars()]
    missing = missing_for_cpu_goal(plan, peers, theirs, safe)
    if missing:
        print(f"There is nothing to compare: {missing}.")
        return print_goal("cpu-vs-fastest-safe-peer", float("nan"), CPU_BOUND)
    fastest = min(safe, key=theirs.get)
    mine = median(speed.cpu for speed in DAYBOOK.speeds[plan.many])
    print(f"The fastest Python peer that has kept all: {fastest.title}.")
    for peer in theirs:
        if peer.repaired and theirs[peer] < theirs[fastest]:
            print(f"With the repaired as kept it would be {peer.title}: {mine / theirs[peer]:.2g}.")
    first = FIRST.speeds[plan.many]
    if first:
        cold = median(speed.cpu for speed in first) / theirs[fastest]
        print(f"The first run of a JVM, which no goal is about: {cold:.2g} of that peer's CPU.")
    return print_goal("cpu-vs-fastest-safe-peer", mine / theirs[fastest], CPU_BOUND)


def missing_for_cpu_goal(plan, peers, theirs, safe):
    """Why the goal cannot be told; empty if it can."""
    if DAYBOOK.trouble:
        return "Daybook has failed itself"
    if min(DAYBOOK.kept) < plan.kill_scalars():
        return "Daybook has lost a value itself"
    unmeasured = [peer.name for peer in peers if peer.is_python() and peer not in theirs]
    if unmeasured:
        return f"no figures of {', '.join(unmeasured)}"
    return "" if safe else "no peer has kept all"


def print_growth_goal():
    measured = float("nan") if DAYBOOK.trouble else median(DAYBOOK.growths)
    return print_goal("growth-10000-vs-1000", measured, GROWTH_BOUND)


def print_goal(name, measured, bound):
    met = measured <= bound
    print(f"goal {name} measured={measured:.2g} bound={bound:g} {'ok' if met else 'short'}")
    return met


def machine():
    kernel = ".".join(platform.release().split(".")[:2])
    models = re.findall(r"^model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{platform.system()} {kernel}, {os.cpu_count()} cores ({models[0] if models else platform.machine()})"


def versions():
    jdk = subprocess.run([*java(), "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    client = re.search(r"mlflow-client</artifactId><version>(.*?)<", (HERE / "mlflow-java" / "pom.xml").read_text())[1]
    pins = [line.split()[1:] for line in (HERE / "peers.txt").read_text().splitlines() if line[:1].isalpha()]
    peers = ", ".join(pin.replace("==", " ") for line in pins for pin in line)
    java_version = jdk.split('"')[1]
    return f"Java {java_version}, Python {platform.python_version()}, {peers}, mlflow-client {client}"
