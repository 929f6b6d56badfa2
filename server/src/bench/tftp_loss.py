"""The same asset over a network that loses 2 % of all datagrams and delays the others by 20 ms."""

import contextlib
import subprocess

import tftp_files
from processes import free_port, started, until
from report import Samples, table
import peers
import socket

ROUNDS = 3
CLIENTS = 8
SECONDS = 8
LOSS_PERCENT = 2
DELAYS = (10, 20)  # ms each way, so round trips of 20 and 40 ms


@contextlib.contextmanager
def network(lossy, work, server_port, delay, seed):
    """A relay before a server; the port that clients ask."""
    port = free_port(socket.SOCK_DGRAM)
    command = [lossy, str(port), str(server_port), str(LOSS_PERCENT), str(delay), str(seed)]
    with started(command, f"{work}/lossy.log"):
        until(lambda: peers.udp_port_taken(port), "lossy listening")
        yield port


def cells():
    for delay in DELAYS:
        for block in tftp_files.BLOCK_SIZES:
            for window in tftp_files.WINDOWS:
                yield delay, block, window


def measure(appliance, work, asset_folder):
    client, lossy = tftp_files.compiled_client(work), tftp_files.compiled(work, "lossy")
    samples = Samples()
    with tftp_files.servers(appliance, work, asset_folder) as running:
        for seed in range(1, ROUNDS + 1):
            for delay, block, window in cells():
                names = list(running) if window == 1 else list(tftp_files.WINDOWED)
                with contextlib.ExitStack() as stack:
                    # at the same time: here delays are waited for, not CPUs
                    reading = {}
                    for name in names:
                        _, server_port, file = running[name]
                        port = stack.enter_context(network(lossy, work, server_port, delay, seed))
                        command = tftp_files.in_time(client, port, file, block, window, CLIENTS, SECONDS)
                        reading[name] = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
                    for name, process in reading.items():
                        got = tftp_files.figures(process.communicate()[0])
                        kib_s = got["bytes"] / 1024 / got["ms"] * 1000 / CLIENTS
                        samples.add(name, (delay, block, window), kib_s)
    rows = []
    for delay, block, window in cells():
        cell, names = (delay, block, window), list(running)
        windowed = names if window == 1 else list(tftp_files.WINDOWED)
        best = [
            max(samples.values[n, cell if n in windowed else (delay, block, 1)][i] for n in names if n != "moonboot")
            for i in range(ROUNDS)
        ]
        ratios = sorted(mine / theirs for mine, theirs in zip(samples.values["moonboot", cell], best))
        speeds = [f"{samples.median(n, cell):.1f}" if n in windowed else "" for n in names]
        rows.append([2 * delay, block, window, *speeds, f"**{ratios[len(ratios) // 2]:.2f}**"])
    head = ["round trip, ms", "block", "window", *(f"{name} KiB/s" for name in running), "ratio to the best peer"]
    title = f"TFTP with {LOSS_PERCENT} % of all datagrams lost each way, each of {CLIENTS} clients (median of {ROUNDS} seeds)"
    return table(title, head, rows)
