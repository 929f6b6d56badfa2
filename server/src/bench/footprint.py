"""Start to the first asset, and resident memory: idle, and while 64 clients download."""

import statistics
import subprocess
import time

from moonboot import ASSET
from processes import cpu_seconds, memory, need
from report import table

STARTS = 5
CLIENTS = 64


def measure(appliance):
    starts, costs, idle = [], [], []
    for _ in range(STARTS):
        begin = time.monotonic()
        with appliance.running() as process:
            starts.append(time.monotonic() - begin)
            costs.append(cpu_seconds(process.pid))
            time.sleep(3)
            idle.append(memory(process.pid))
    with appliance.running() as process:
        # 64 clients that read slowly enough to be there at the same time
        command = [need("curl"), "-sS", "--fail", "--limit-rate", "10M", "-o", "/dev/null", appliance.url(ASSET)]
        running = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(CLIENTS)]
        busy = []
        while any(client.poll() is None for client in running):
            busy.append(memory(process.pid))
            time.sleep(0.1)
        if any(client.returncode for client in running):
            raise SystemExit("bench: a download failed")
    middle = lambda key: statistics.median(sample[key] for sample in idle)
    rows = [
        ["start to the first answer for an asset, warm cache", f"{statistics.median(starts) * 1000:.0f} ms (slowest of {STARTS}: {max(starts) * 1000:.0f})"],
        ["CPU until then", f"{statistics.median(costs):.2f} s"],
        ["resident, idle", f"{middle('all'):.0f} MiB ({middle('anonymous'):.0f} without mapped files)"],
        [f"resident, {CLIENTS} clients downloading, most", f"{max(s['all'] for s in busy):.0f} MiB ({max(s['anonymous'] for s in busy):.0f} without mapped files)"],
    ]  # fmt: skip
    return table("Start and memory", ["what", "value"], rows)
