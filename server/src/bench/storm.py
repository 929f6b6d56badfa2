"""Boots while everything attacks at once: slow heads, readers that never read, TFTP requests nobody answers for.

In a network namespace whose loopback has addresses outside 127.0.0.0/8, so that every limit for one
address counts as it does for real nodes.
"""

import hashlib
import os
import selectors
import socket
import statistics
import subprocess
import threading
import time

from moonboot import ASSET, ASSET_SIZE
from processes import MIB, memory, until
from report import table

SECONDS = 10
DRIPS, STALLED, PER_ADDRESS = 500, 300, 15
RRQ_SOURCES, RRQ_PER_SECOND, PORTS = 200, 5000, 2
PROBES = 20
KERNEL = "assets/talos/bench/amd64/vmlinuz"
MOST_WAIT = 60


def open_network():
    """All of 198.18.0.0/15 (RFC 2544) is this machine."""
    subprocess.run(["ip", "route", "add", "local", "198.18.0.0/15", "dev", "lo"], check=False)


class Attackers:
    """Connections that do as little as they may, in one thread; whoever is thrown out comes back."""

    def __init__(self, server, drips, stalled):
        self.server, self.stop = server, threading.Event()
        self.open, self.opened, self.closed = {}, 0, 0
        self.selector = selectors.DefaultSelector()
        self.wanted = [(f"198.18.1.{1 + i // PER_ADDRESS}", b"GET / HTTP/1.1\r\nX-Drip: ") for i in range(drips)]
        asset = f"GET /{ASSET} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        self.wanted += [(f"198.18.2.{1 + i // PER_ADDRESS}", asset) for i in range(stalled)]
        self.thread = threading.Thread(target=self.run)

    def connect(self, source, begin):
        sock = socket.socket()
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.bind((source, 0))
            sock.settimeout(2)
            sock.connect(self.server)
            sock.sendall(begin)
            sock.setblocking(False)
        except OSError:
            sock.close()
            self.closed += 1
            return
        self.open[sock] = (source, begin)
        self.opened += 1

    def drop(self, sock):
        again = self.open.pop(sock)
        sock.close()
        self.closed += 1
        self.wanted.append(again)

    def run(self):
        while not self.stop.is_set():
            wanted, self.wanted = self.wanted, []
            for source, begin in wanted:
                before = len(self.open)
                self.connect(source, begin)
                if len(self.open) == before:
                    self.wanted.append((source, begin))
            for sock, (_, begin) in list(self.open.items()):
                try:
                    sock.send(b"x" if b"Drip" in begin else b"\r")  # one more byte, or a sign of being cut
                except BlockingIOError:
                    pass
                except OSError:
                    self.drop(sock)
            self.stop.wait(0.5)
        for sock in list(self.open):
            sock.close()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


class Flood:
    """TFTP requests of sources that never answer."""

    def __init__(self, port):
        self.port, self.stop, self.sent = port, threading.Event(), 0
        self.thread = threading.Thread(target=self.run)

    def run(self):
        request = b"\0\1" + ASSET.removeprefix("assets/").encode() + b"\0octet\0blksize\x001428\0"
        sources = []
        for number in range(RRQ_SOURCES * PORTS):
            sock = socket.socket(type=socket.SOCK_DGRAM)
            sock.bind((f"198.18.3.{1 + number % RRQ_SOURCES}", 0))
            sources.append(sock)
        begin = time.monotonic()
        while not self.stop.is_set():
            due = int((time.monotonic() - begin) * RRQ_PER_SECOND)
            while self.sent < due:
                sources[self.sent % len(sources)].sendto(request, ("198.18.0.1", self.port))
                self.sent += 1
            time.sleep(0.002)
        for sock in sources:
            sock.close()

    __enter__, __exit__ = Attackers.__enter__, Attackers.__exit__


def curl(source, url):
    """The body's SHA-256 and the seconds until it was whole, as iPXE reads: told to come back, it comes back."""
    begin = time.monotonic()
    command = ["curl", "-s", "--fail", "--interface", source, "--retry", "20", "--retry-all-errors",
               "--retry-max-time", str(MOST_WAIT), "--max-time", str(MOST_WAIT), url]  # fmt: skip
    digest = hashlib.sha256()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    while block := process.stdout.read(MIB):
        digest.update(block)
    if process.wait() != 0:
        raise RuntimeError(f"{url} from {source}: curl ended with {process.returncode}")
    return digest.hexdigest(), time.monotonic() - begin


def tftp(source, client, port, file):
    """Seconds that a whole file took over TFTP; tftpget checks nothing but its end."""
    begin = time.monotonic()
    subprocess.run([client, "198.18.0.1", str(port), file, "1428", "16"], check=True, stdin=subprocess.DEVNULL,
                   timeout=MOST_WAIT)  # fmt: skip
    return time.monotonic() - begin


def probe(appliance, number, digests, client, results):
    """A whole boot: script, kernel and initramfs, byte for byte; every fourth reads its kernel over TFTP."""
    source, base = f"198.18.4.{1 + number}", f"http://198.18.0.1:{appliance.http}"
    begin = time.monotonic()
    try:
        _, script = curl(source, f"{base}/ipxe?mac=52:54:00:00:00:00")
        if number % 4 == 0:
            kernel = tftp(source, client, appliance.tftp, KERNEL.removeprefix("assets/"))
        else:
            digest, kernel = curl(source, f"{base}/{KERNEL}")
            if digest != digests[KERNEL]:
                raise RuntimeError("the kernel has other bytes")
        digest, initramfs = curl(source, f"{base}/{ASSET}")
        if digest != digests[ASSET]:
            raise RuntimeError("the initramfs has other bytes")
        results.append((time.monotonic() - begin, script, kernel, initramfs))
    except (RuntimeError, subprocess.SubprocessError) as e:
        results.append(e)


def probes(appliance, digests, client):
    """20 boots, begun over half of the storm."""
    results, threads = [], []
    for number in range(PROBES):
        threads.append(threading.Thread(target=probe, args=(appliance, number, digests, client, results)))
        threads[-1].start()
        time.sleep(SECONDS / 2 / PROBES)
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, Exception):
            print(f"bench: a boot failed: {result}")
    return [result for result in results if not isinstance(result, Exception)]


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def row(name, boots, process, log):
    times = sorted(boot[0] for boot in boots)
    parts = [f"{statistics.median(boot[part] for boot in boots):.2f}" for part in (1, 2, 3)]
    used = memory(process.pid)
    return [name, f"{len(boots)} of {PROBES}", f"{statistics.median(times):.2f}", f"{times[-1]:.2f}", *parts,
            f"{used['all']:.0f} ({used['anonymous']:.0f})", descriptors(process.pid), f"{log / 1024:.0f}"]  # fmt: skip


def measure(appliance, client):
    open_network()
    rows = []
    with appliance.running() as process:
        log = f"{appliance.work}/moonboot.log"
        digests = {path: curl("198.18.4.99", f"http://198.18.0.1:{appliance.http}/{path}")[0] for path in (KERNEL, ASSET)}
        probes(appliance, digests, client)  # page cache and JIT
        before, size = descriptors(process.pid), os.path.getsize(log)
        rows.append(row("calm", probes(appliance, digests, client), process, os.path.getsize(log) - size))
        size = os.path.getsize(log)
        begin = time.monotonic()
        server = ("198.18.0.1", appliance.http)
        with Attackers(server, DRIPS, STALLED) as attackers, Flood(appliance.tftp) as flood:
            until(lambda: len(attackers.open) > 0.9 * (DRIPS + STALLED), "the storm", 30)
            boots = probes(appliance, digests, client)
            time.sleep(max(0.0, SECONDS - (time.monotonic() - begin)))
            rows.append(row("storm", boots, process, os.path.getsize(log) - size))
            lasted, opened, sent = time.monotonic() - begin, attackers.opened, flood.sent
        size = os.path.getsize(log)
        until(lambda: descriptors(process.pid) <= before + 8, "files and sockets as before", 60)
        rows.append(row("after it", probes(appliance, digests, client), process, os.path.getsize(log) - size))
    head = ["", "boots", "median s", "slowest s", "script", "kernel", "initramfs", "RSS MiB (anonymous)", "open files", "log KiB"]
    text = table(f"{PROBES} boots of {ASSET_SIZE // MIB} MiB each, calm and in a storm", head, rows)
    return text + f"\nThe storm: {lasted:.0f} s, {opened} connections (at most {DRIPS} that drip and {STALLED} that never read" \
        f" at once), {sent / lasted:.0f} TFTP requests a second from {RRQ_SOURCES} sources.\n"  # fmt: skip
