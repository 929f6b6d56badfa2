"""Hours in minutes: refreshes, boots and scripts on and on, and what memory and files do meanwhile."""

import os
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request

from moonboot import ASSET
from processes import memory
from report import table
from storm import descriptors

MINUTES = 10
LOOK = 15  # seconds between two samples


def heap(pid):
    """MiB that live after a full collection, which jcmd of the same Java asks for."""
    jcmd = os.path.realpath(f"/proc/{pid}/exe").removesuffix("java") + "jcmd"
    subprocess.run([jcmd, str(pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
    text = subprocess.run([jcmd, str(pid), "GC.heap_info"], check=True, capture_output=True, text=True).stdout
    used = [int(kib) for kib in re.findall(r"\w+ +total \d+K, used (\d+)K", text)]
    return sum(used) / 1024


def slope(samples):
    """Least squares, per hour."""
    mean_x = sum(x for x, _ in samples) / len(samples)
    mean_y = sum(y for _, y in samples) / len(samples)
    spread = sum((x - mean_x) ** 2 for x, _ in samples)
    return sum((x - mean_x) * (y - mean_y) for x, y in samples) / spread * 3600


def load(appliance, stop, count):
    """A random node boots, again and again."""
    while not stop.is_set():
        mac = ":".join(f"{(count[0] >> shift) & 255:02x}" for shift in (40, 32, 24, 16, 8, 0))
        for path in (f"ipxe?mac={mac}&arch=amd64&uuid={count[0]}", "boot.ipxe", f"no/such/{count[0]}"):
            try:
                with urllib.request.urlopen(appliance.url(path), timeout=20) as answer:
                    answer.read()
            except urllib.error.HTTPError as e:
                e.read()
        if count[0] % 50 == 0:
            with urllib.request.urlopen(appliance.url(ASSET), timeout=60) as answer:
                while answer.read(1 << 20):
                    pass
        count[0] += 1


def measure(appliance, minutes):
    samples = []
    with appliance.running(MOONBOOT_JVM_OPTIONS="-XX:-DisableAttachMechanism") as process:
        stop, count = threading.Event(), [1]
        client = threading.Thread(target=load, args=(appliance, stop, count))
        client.start()
        try:
            time.sleep(60)  # classes load and code compiles
            begin = time.monotonic()
            while time.monotonic() - begin < minutes * 60:
                samples.append((time.monotonic() - begin, heap(process.pid), memory(process.pid)["anonymous"], descriptors(process.pid)))
                stop.wait(LOOK)
        finally:
            stop.set()
            client.join()
    rows = []
    for name, part in (("live heap after a collection, MiB", 1), ("anonymous memory, MiB", 2), ("open files", 3)):
        values = [(sample[0], sample[part]) for sample in samples]
        rows.append([name, f"{values[0][1]:.1f}", f"{values[-1][1]:.1f}", f"{max(v for _, v in values):.1f}", f"{slope(values):+.2f}"])
    return table(f"{minutes} minutes of boots ({count[0]} of as many nodes) and refreshes every second",
                 ["what", "first", "last", "most", "slope per hour"], rows)  # fmt: skip
