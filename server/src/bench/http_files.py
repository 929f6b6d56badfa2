"""An asset of 100 MiB over HTTP, beside nginx with sendfile."""

import contextlib
import subprocess

import peers
from moonboot import ASSET, ASSET_SIZE
from processes import cpu_seconds, memory, need
from report import Samples, table
import time

ROUNDS = 5
FILES = {1: 16, 16: 2, 64: 1}  # clients: files that each of them reads
GIB = 1 << 30


def download(url, clients, files):
    """Seconds until every client has read every file over one connection."""
    command = [need("curl"), "-sS", "--fail"] + [part for _ in range(files) for part in ("-o", "/dev/null", url)]
    begin = time.monotonic()
    running = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(clients)]
    if any(client.wait() for client in running):
        raise SystemExit("bench: a download failed")
    return time.monotonic() - begin


def measure(appliance, work, asset_folder):
    samples = Samples()
    with contextlib.ExitStack() as stack:
        process = stack.enter_context(appliance.running())
        nginx_pid, nginx_port = stack.enter_context(peers.nginx(work, asset_folder))
        servers = {
            "nginx, sendfile on": (nginx_pid, f"http://127.0.0.1:{nginx_port}/asset"),
            "moonboot": (process.pid, appliance.url(ASSET)),
        }
        for pid, url in servers.values():
            download(url, 2, 2)  # page cache and JIT
        for _ in range(ROUNDS):
            for clients, files in FILES.items():
                for name, (pid, url) in servers.items():
                    before = cpu_seconds(pid)
                    took = download(url, clients, files)
                    gib = clients * files * ASSET_SIZE / GIB
                    samples.add(name, f"{clients} GiB/s", gib / took)
                    samples.add(name, f"{clients} CPU", (cpu_seconds(pid) - before) / gib)
                    if name == "moonboot":
                        samples.add(name, f"{clients} RSS", memory(pid)["anonymous"])
    rows = []
    for clients in FILES:
        for name in servers:
            speed, cpu = f"{clients} GiB/s", f"{clients} CPU"
            rows.append(
                [
                    clients, name, f"{samples.median(name, speed):.2f}", f"{samples.ratio(name, servers, speed):.2f}",
                    f"{samples.median(name, cpu):.3f}", f"{samples.ratio(name, servers, cpu):.2f}",
                    f"{samples.median(name, f'{clients} RSS'):.0f}" if name == "moonboot" else "",
                ]
            )  # fmt: skip
    head = ["clients", "server", "GiB/s", "ratio", "CPU s/GiB", "ratio", "anonymous memory, MiB"]
    return table(f"HTTP, an asset of 100 MiB (median of {ROUNDS} rounds)", head, rows)
