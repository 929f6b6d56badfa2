"""The same asset over a network that loses 2 % of all datagrams, each way, and delays the others."""

import contextlib
import os
import subprocess

import tftp_files
from processes import free_port, started, until
from report import Samples, table
import peers
import socket

ROUNDS = 3
CLIENTS = 8
SECONDS = 6
LOSS_PERCENT = 2
NETWORKS = ((10, (512, 1468)), (20, (1468,)))  # ms each way (a round trip is twice that), block sizes


@contextlib.contextmanager
def network(lossy, work, server_port, delay, seed):
    """A relay before a server: the port that clients ask, and the file with what it counted in the end."""
    port = free_port(socket.SOCK_DGRAM)
    log = f"{work}/lossy-{server_port}.log"
    with contextlib.suppress(FileNotFoundError):
        os.remove(log)
    command = [lossy, str(port), str(server_port), str(LOSS_PERCENT), str(delay), str(seed)]
    with started(command, log):
        until(lambda: peers.udp_port_taken(port), "lossy listening")
        yield port, log


def cells():
    for delay, blocks in NETWORKS:
        for block in blocks:
            for window in tftp_files.WINDOWS:
                yield delay, block, window


def measure(appliance, work, asset_folder):
    client, lossy = tftp_files.compiled_client(work), tftp_files.compiled(work, "lossy")
    samples = Samples()
    with tftp_files.servers(appliance, work, asset_folder) as running:
        for seed in range(1, ROUNDS + 1):
            for delay, block, window in cells():
                names = list(running) if window == 1 else list(tftp_files.WINDOWED)
                got, logs = {}, {}
                with contextlib.ExitStack() as stack:
                    # at the same time: here delays are waited for, not CPUs
                    reading = {}
                    for name in names:
                        _, server_port, file = running[name]
                        port, logs[name] = stack.enter_context(network(lossy, work, server_port, delay, seed))
                        command = tftp_files.in_time(client, port, file, block, window, CLIENTS, SECONDS)
                        reading[name] = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
                    for name, process in reading.items():
                        got[name] = tftp_files.figures(process.communicate()[0])
                for name in names:
                    kib_s = got[name]["bytes"] / 1024 / got[name]["ms"] * 1000 / CLIENTS
                    samples.add(name, (delay, block, window), kib_s)
                    with open(logs[name]) as file:
                        sent = tftp_files.figures(file.read())["to-client"]
                    samples.add(name, (delay, block, window, "sent"), sent * block / got[name]["bytes"])
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
        sent = [f"{samples.median(n, (*cell, 'sent')):.1f}" for n in tftp_files.WINDOWED]
        rows.append([2 * delay, block, window, *speeds, f"**{ratios[len(ratios) // 2]:.2f}**", *sent])
    head = ["round trip, ms", "block", "window", *(f"{name} KiB/s" for name in running), "ratio to the best peer"]
    head += [f"{name}, datagrams for each block" for name in tftp_files.WINDOWED]
    title = f"TFTP with {LOSS_PERCENT} % of all datagrams lost each way, each of {CLIENTS} clients (median of {ROUNDS} seeds)"
    return table(title, head, rows)
