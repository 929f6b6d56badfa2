"""An asset of 100 MiB over TFTP, beside dnsmasq, atftpd and tftpd-hpa."""

import contextlib
import os
import re
import subprocess

import peers
from moonboot import ASSET, ASSET_SIZE
from processes import MIB, cpu_seconds, need, seconds
from report import Samples, table

ROUNDS = 3
BLOCK_SIZES = (512, 1468)
WINDOWS = (1, 4, 16, 32)
CLIENTS = (1, 32)
LONGEST = 1.5  # s; whoever has not read it all by then stops, and what was read counts
WINDOWED = ("moonboot", "atftpd")  # the others answer without windowsize (RFC 7440): lockstep
REAL_ROUNDS = 3
HERE = os.path.dirname(os.path.abspath(__file__))


def compiled(work, name):
    program = f"{work}/{name}"
    subprocess.run([need("gcc"), "-O2", "-o", program, f"{HERE}/{name}.c"], check=True)
    return program


def compiled_client(work):
    return compiled(work, "tftpget")


@contextlib.contextmanager
def servers(appliance, work, asset_folder):
    """Name -> (process, port, file name), all of them running."""
    with contextlib.ExitStack() as stack:
        process = stack.enter_context(appliance.running())
        running = {"moonboot": (process.pid, appliance.tftp, ASSET)}
        for name, start in (("dnsmasq", peers.dnsmasq), ("atftpd", peers.atftpd), ("tftpd-hpa", peers.tftpd_hpa)):
            pid, port = stack.enter_context(start(work, asset_folder))
            running[name] = (pid, port, "asset")
        yield running


def in_time(client, port, file, block, window, clients, most):
    """The command that reads for so long, and what its output says: bytes, ms, timeouts, strays."""
    return [client, "127.0.0.1", str(port), file, str(block), str(window), str(clients), str(most)]


def figures(output):
    return {name: float(value) for name, value in re.findall(r"([\w-]+)=([\d.]+)", output)}


def turns(names, number):
    """The names, beginning with another one each round."""
    return [*names[number % len(names) :], *names[: number % len(names)]]


def cells():
    """Each (clients, block size, window)."""
    for clients in CLIENTS:
        for block in BLOCK_SIZES:
            for window in WINDOWS:
                yield clients, block, window


def measure(appliance, work, asset_folder):
    client, samples = compiled_client(work), Samples()
    with servers(appliance, work, asset_folder) as running:
        for _, port, file in running.values():
            for window in WINDOWS:  # page cache and JIT
                subprocess.run(in_time(client, port, file, 1468, window, 1, 2), check=True, capture_output=True)
        for number in range(ROUNDS):
            for clients, block, window in cells():
                names = list(running) if window == 1 else list(WINDOWED)
                for name in turns(names, number):
                    pid, port, file = running[name]
                    before = cpu_seconds(pid)
                    command = in_time(client, port, file, block, window, clients, LONGEST)
                    got = figures(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                    mib = got["bytes"] / MIB
                    samples.add(name, (clients, block, window), mib / got["ms"] * 1000)
                    samples.add(name, (clients, block, window, "CPU"), (cpu_seconds(pid) - before) / mib * 1024)
        real = real_clients(running, work)
    return speed_table(samples, list(running)) + "\n" + real


def speed_table(samples, names):
    rows = []
    for clients, block, window in cells():
        cell = (clients, block, window)
        windowed = list(names) if window == 1 else list(WINDOWED)
        speeds = [f"{samples.median(name, cell):.0f}" if name in windowed else "" for name in names]
        # who does not know windows is as fast as in lockstep
        lockstep = (clients, block, 1)
        best = [
            max(samples.values[name, cell if name in windowed else lockstep][number] for name in names if name != "moonboot")
            for number in range(ROUNDS)
        ]  # fmt: skip
        ratios = sorted(mine / theirs for mine, theirs in zip(samples.values["moonboot", cell], best))
        costs = [samples.median(name, (*cell, "CPU")) if name in windowed else 0 for name in names]
        # tftpd-hpa does not wait for its children, so what they cost is not seen
        shown = [f"{cost:.1f}" if cost > 0.05 and name != "tftpd-hpa" else "" for name, cost in zip(names, costs)]
        rows.append([clients, block, window, *speeds, f"**{ratios[len(ratios) // 2]:.2f}**", *shown[:-1]])
    head = ["clients", "block", "window", *(f"{name} MiB/s" for name in names), "ratio to the best peer"]
    head += [f"{name} CPU s/GiB" for name in names if name != "tftpd-hpa"]
    return table(f"TFTP, an asset of 100 MiB, tftpget (median of {ROUNDS} rounds)", head, rows)


def real_clients(running, work):
    """Programs that people use, each reading the whole asset."""
    target, samples = f"{work}/client.out", Samples()

    def atftp(port, file, window):
        windowsize = ["--option", f"windowsize {window}"] if window > 1 else []
        return [need("atftp"), "--option", "blksize 1428", *windowsize, "--get", "--remote-file", file,
                "--local-file", target, "127.0.0.1", str(port)]  # fmt: skip

    def curl(port, file, _):
        return [need("curl"), "-sS", "-o", target, "--tftp-blksize", "1428", f"tftp://127.0.0.1:{port}//{file}"]

    ways = [("atftp", atftp, 1), ("atftp", atftp, 16), ("curl", curl, 1)]
    for number in range(REAL_ROUNDS):
        for client, command, window in ways:
            for name in turns(list(running) if window == 1 else list(WINDOWED), number):
                _, port, file = running[name]
                took = seconds(command(port, file, window))
                if os.path.getsize(target) != ASSET_SIZE:
                    raise SystemExit(f"bench: {client} got {os.path.getsize(target)} bytes from {name}")
                samples.add(name, (client, window), ASSET_SIZE / MIB / took)
    rows = []
    for client, _, window in ways:
        names = list(running) if window == 1 else list(WINDOWED)
        best = [max(samples.values[n, (client, window)][i] for n in names if n != "moonboot") for i in range(REAL_ROUNDS)]
        ratios = sorted(a / b for a, b in zip(samples.values["moonboot", (client, window)], best))
        speeds = [f"{samples.median(n, (client, window)):.0f}" if n in names else "" for n in running]
        rows.append([client, window, *speeds, f"**{ratios[len(ratios) // 2]:.2f}**"])
    head = ["client", "window", *(f"{name} MiB/s" for name in running), "ratio to the best peer"]
    return table(f"TFTP, an asset of 100 MiB, blocks of 1428 bytes (median of {REAL_ROUNDS} rounds)", head, rows)
