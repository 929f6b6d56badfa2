"""Groups and profiles alone: load, match, change, put; at 10,000 and 100,000 groups, in the heap that ./moonboot gives."""

import glob
import os
import re
import shutil
import subprocess

from moonboot import HERE, ROOT
from report import table

SIZES = (10_000, 100_000)
OPTIONS = "-XX:+UseSerialGC -Xms16m -Xmx192m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=25 -XX:+UseCompactObjectHeaders"

# Recorded earlier on a machine of this kind, by one client over HTTP: it reads every file for each request.
MATCHBOX = {1: 0.19, 10: 0.32, 100: 1.6, 1_000: 22, 10_000: 275}


def java_home():
    """The first JDK 25 or newer where ./moonboot would look."""
    named = [os.environ.get(name) for name in ("MOONBOOT_JAVA_HOME", "JAVA_HOME")]
    for home in [*filter(None, named), *sorted(glob.glob("/usr/lib/jvm/*"))]:
        try:
            with open(f"{home}/release") as file:
                version = re.search(r'^JAVA_VERSION="(\d+)', file.read(), re.M)
        except OSError:
            continue
        if version and int(version[1]) >= 25 and os.path.exists(f"{home}/bin/javac"):
            return home
    raise SystemExit("bench: no JDK 25 or newer was found; set MOONBOOT_JAVA_HOME")


def one(home, work, groups):
    data = f"{work}/catalog/{groups}"
    shutil.rmtree(data, ignore_errors=True)
    libraries = f"{ROOT}/server/target/moonboot.jar:{ROOT}/server/target/lib/*"
    classes = f"{work}/catalog/classes"
    subprocess.run([f"{home}/bin/javac", "-cp", libraries, "-d", classes, f"{HERE}/CatalogBench.java"], check=True)
    command = [f"{home}/bin/java", *OPTIONS.split(), "-cp", f"{classes}:{libraries}", "CatalogBench", data, str(groups)]
    output = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
    shutil.rmtree(data)
    return {name: float(value) for name, value in (line.split() for line in output.splitlines())}


def measure(work):
    home = java_home()
    results = [one(home, work, groups) for groups in SIZES]
    rows = [
        ["load, cold JVM, s", *(f"{r['load_s']:.1f}" for r in results)],
        ["heap in use then, MiB", *(f"{r['heap_mib']:.0f}" for r in results)],
        ["match, median, µs", *(f"{r['match_p50_us']:.1f}" for r in results)],
        ["match, 99 % within, µs", *(f"{r['match_p99_us']:.1f}" for r in results)],
        ["a file written → in force, median, ms", *(f"{r['live_ms']:.0f}" for r in results)],
        ["the same, slowest of 20, ms", *(f"{r['live_worst_ms']:.0f}" for r in results)],
        ["puts per second, one after another", *(f"{r['puts_per_s']:.0f}" for r in results)],
    ]
    peers = [[f"{groups:,}", f"{ms}"] for groups, ms in MATCHBOX.items()]
    return (
        table("Groups and profiles", ["what", *(f"{groups:,} groups" for groups in SIZES)], rows)
        + "\n"
        + table("matchbox, recorded earlier: /ipxe, one client", ["groups", "median ms"], peers)
    )
