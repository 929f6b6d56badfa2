"""An asset of 100 MiB over TFTP, beside dnsmasq, atftpd and tftpd-hpa, with two clients."""

import contextlib
import os
import subprocess

import peers
from moonboot import ASSET, ASSET_SIZE
from processes import MIB, cpu_seconds, need, seconds
from report import Samples, table

ROUNDS = 5
BLOCK_SIZE = 1428  # what fits into one Ethernet frame, as boot programs ask for it
HERE = os.path.dirname(os.path.abspath(__file__))


def compiled_client(work):
    client = f"{work}/tftpget"
    subprocess.run([need("gcc"), "-O2", "-o", client, f"{HERE}/tftpget.c"], check=True)
    return client


def clients(work):
    """Name -> function (port, file, window) that reads the file and returns the seconds it took."""
    tftpget, atftp = compiled_client(work), need("atftp")

    def by_tftpget(port, file, window):
        return seconds([tftpget, "127.0.0.1", str(port), file, str(BLOCK_SIZE), str(window)])

    def by_atftp(port, file, window):
        target = f"{work}/atftp.out"
        windowsize = ["--option", f"windowsize {window}"] if window > 1 else []
        took = seconds(
            [atftp, "--option", f"blksize {BLOCK_SIZE}", *windowsize, "--get", "--remote-file", file,
             "--local-file", target, "127.0.0.1", str(port)]
        )  # fmt: skip
        if os.path.getsize(target) != ASSET_SIZE:
            raise SystemExit(f"bench: atftp got {os.path.getsize(target)} bytes from port {port}")
        return took

    return {"atftp": by_atftp, "tftpget": by_tftpget}


def measure(appliance, work, asset_folder):
    samples = Samples()
    with contextlib.ExitStack() as stack:
        process = stack.enter_context(appliance.running())
        servers = {"moonboot": (process.pid, appliance.tftp, ASSET)}
        for name, start in (("dnsmasq", peers.dnsmasq), ("atftpd", peers.atftpd), ("tftpd-hpa", peers.tftpd_hpa)):
            pid, port = stack.enter_context(start(work, asset_folder))
            servers[name] = (pid, port, "asset")
        windowed = ("moonboot", "atftpd")  # the others do not know RFC 7440
        readers = clients(work)
        for reader in readers.values():
            for _, port, file in servers.values():
                reader(port, file, 1)  # page cache and JIT
            reader(appliance.tftp, ASSET, 16)
        for _ in range(ROUNDS):
            for client, read in readers.items():
                for window in (1, 16):
                    for name in servers if window == 1 else windowed:
                        pid, port, file = servers[name]
                        before = cpu_seconds(pid)
                        samples.add(name, f"{client} {window}", ASSET_SIZE / MIB / read(port, file, window))
                        samples.add(name, f"{client} {window} CPU", cpu_seconds(pid) - before)
    rows = []
    for client in readers:
        for window in (1, 16):
            key = f"{client} {window}"
            names = list(servers) if window == 1 else list(windowed)
            best = max(samples.median(name, key) for name in names if name != "moonboot")
            for name in names:
                speed, cpu = samples.median(name, key), samples.median(name, key + " CPU")
                # tftpd-hpa does not wait for its children, so what they cost is not seen
                cost = f"{cpu:.2f}" if cpu else ""
                rows.append([client, window, name, f"{speed:.0f}", f"{speed / best:.2f}", cost])
    head = ["client", "window", "server", "MiB/s", "ratio to the best peer", "CPU s per file"]
    return table(f"TFTP, an asset of 100 MiB, blocks of {BLOCK_SIZE} bytes (median of {ROUNDS} rounds)", head, rows)
