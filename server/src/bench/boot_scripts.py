"""What goes by labels, with many groups: requests a second of 4 clients."""

import os
import re
import subprocess

from processes import cpu_seconds, need
from report import table

GROUPS = 10_000
SECONDS = 10
HERE = os.path.dirname(os.path.abspath(__file__))


def load(url, path, groups, duration):
    command = [need("wrk"), "-t1", "-c4", f"-d{duration}s", "--latency", "-s", f"{HERE}/boot_scripts.lua", url, "--", str(groups), path]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout


def row(process, url, path, groups):
    """Requests a second, the slowest of a hundred, CPU microseconds a request."""
    load(url, path, groups, 5)  # JIT
    before = cpu_seconds(process.pid)
    output = load(url, path, groups, SECONDS)
    spent = cpu_seconds(process.pid) - before
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    if failed:
        raise SystemExit(f"bench: {failed[1]} of the {path} requests failed")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    slow = re.search(r"99%\s+(\S+)", output)[1]
    return [f"{rate:.0f}", slow, f"{spent / (rate * SECONDS) * 1e6:.0f}"]


def measure(appliance):
    with appliance.running() as process:
        rows = [["moonboot", *row(process, appliance.url(""), "/ipxe", GROUPS)]]
    head = ["server", "requests/s", "99 % within", "CPU µs per request"]
    return table(f"/ipxe with {GROUPS} groups, 4 clients, {SECONDS} s", head, rows)
