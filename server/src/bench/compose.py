"""Compose five extensions into an initramfs, beside the programs that Talos's imager runs for it."""

import contextlib
import glob
import json
import os
import random
import re
import shutil
import struct
import subprocess
import time
import urllib.error
import urllib.request

from catalog import java_home
from moonboot import HERE, ROOT
from processes import MIB, cost, cpu_seconds, free_port, listens, need, seconds, started, until
from report import Samples, table

ROUNDS = 3
LOOKS = 50
EXTENSIONS = 5
EXTENSION_SIZE = 12 * MIB  # unpacked
BASE_SIZE = 90 * MIB
HEAP = "128m"
# of Talos's imager (pkg/imager/extensions, internal/pkg/extensions) for Talos 1.8 and later
MKSQUASHFS = "-all-root -noappend -no-progress -quiet -comp zstd -Xcompression-level 18"
ZSTD = "-q -T0 -18"


TOKEN = "bench-0123456789-0123456789-0123456789"
CONFIG = """\
data: {work}/data
cache: {work}/cache
state: {work}/state
static: ""
http: {{address: "127.0.0.1:{http}"}}
tftp: {{enabled: false}}
admin: {{address: "127.0.0.1:{admin}", tokens: {work}/tokens}}
registry: {{plain-http: ["127.0.0.1:{port}"]}}
follow: {{every: 1h}}
channels:
  bench:
    arch: [amd64]
    build:
      base: "127.0.0.1:{port}/bench/imager-1:v1.13.1"
      extensions: [{extensions}]
"""


def make_inputs(work):
    """A base that is packed already, as Talos's is, and extensions full of programs of this machine."""
    shutil.rmtree(work, ignore_errors=True)
    programs = iter(sorted(filter(os.path.isfile, glob.glob("/usr/lib/x86_64-linux-gnu/*.so.*") + glob.glob("/usr/bin/*"))))
    for number in range(EXTENSIONS):
        folder, left = f"{work}/trees/extension-{number}/usr/local/lib", EXTENSION_SIZE
        os.makedirs(folder)
        while left > 0:
            with open(next(programs), "rb") as file:
                content = file.read(left)
            with open(f"{folder}/{EXTENSION_SIZE - left}", "wb") as file:
                file.write(content)
            left -= len(content)
    os.makedirs(f"{work}/base")
    with open(f"{work}/base/init", "wb") as file:
        file.write(b"#!/bin/sh\n")
    os.chmod(f"{work}/base/init", 0o755)
    with open(f"{work}/base/rootfs.sqsh", "wb") as file:
        # as a squashfs image begins; the rest stands for what is packed already
        file.write(struct.pack("<4s16xHHHHHHQQ48x", b"hsqs", 6, 17, 0, 1, 4, 0, 0, BASE_SIZE))
        file.write(random.Random(1).randbytes(BASE_SIZE - 96))
    pack = "printf 'init\\nrootfs.sqsh\\n' | cpio --quiet -H newc -o | zstd -q -3 >../base.zst"
    subprocess.run(["sh", "-c", f"cd {work}/base && {pack}"], check=True)
    shutil.rmtree(f"{work}/base")
    return [f"{work}/trees/extension-{number}" for number in range(EXTENSIONS)]


def by_tools(work, trees):
    out = f"{work}/tools"
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(f"{out}/parts")
    lines = ["layers:"]
    took = []
    for number, tree in enumerate(trees):
        took.append(cost([need("mksquashfs"), tree, f"{out}/parts/{number}.sqsh", *MKSQUASHFS.split()]))
        lines += [f"    - image: {number}.sqsh", "      metadata:", f"        name: extension-{number}", "        version: v1"]
    with open(f"{out}/parts/extensions.yaml", "w") as file:
        file.write("\n".join(lines) + "\n")
    pack = f"find * | LC_ALL=C sort | cpio --quiet -H newc -o --reproducible -R 0:0 | zstd {ZSTD} >../extensions.zst"
    took.append(cost(["sh", "-c", f"cd {out}/parts && {pack} && cat {work}/base.zst ../extensions.zst >../initramfs.xz"]))
    return [sum(part) for part in zip(*took)], os.path.getsize(f"{out}/initramfs.xz")


def by_moonboot(work, trees, home):
    scratch, libraries = f"{work}/moonboot", f"{ROOT}/server/target/moonboot.jar:{ROOT}/server/target/lib/*"
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    command = [
        f"{home}/bin/java", "-XX:+UseSerialGC", f"-Xmx{HEAP}", "-XX:+UseCompactObjectHeaders", "--enable-native-access=ALL-UNNAMED",
        "-cp", f"{work}/classes:{libraries}", "ComposeBench", f"{work}/base.zst", scratch, str(os.cpu_count()), *trees,
    ]  # fmt: skip
    log = f"{work}/moonboot.log"
    took = cost(["sh", "-c", 'exec "$@" >' + log, "sh", *command])
    with open(log) as file:
        told = {name: float(value) for name, value in (line.split() for line in file)}
    return took, told


def measure(work, fixture):
    return composed(f"{work}/compose") + "\n" + unchanged(f"{work}/compose", fixture)


@contextlib.contextmanager
def registry_that_notes(work):
    """As of peers.py, with a line in its log for each request."""
    port = free_port()
    with open(f"{work}/registry.yml", "w") as file:
        file.write(
            f"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {work}/registry}}}}\n"
            f"http: {{addr: '127.0.0.1:{port}'}}\n"
        )
    with started([need("docker-registry"), "serve", f"{work}/registry.yml"], f"{work}/registry.log"):
        until(lambda: listens(port), "docker-registry listening")
        yield port


def requests(work):
    with open(f"{work}/registry.log") as file:
        return [line for line in file if re.search(r'"(GET|HEAD) /v2/', line)]


def written(pid):
    with open(f"/proc/{pid}/io") as file:
        return int(re.search(r"^write_bytes: (\d+)", file.read(), re.M)[1])


def unchanged(work, fixture):
    """What a look costs at a build of which nothing moved: a base and five extensions, each by its tag."""
    shutil.rmtree(f"{work}/appliance", ignore_errors=True)
    for folder in ("groups", "profiles"):
        os.makedirs(f"{work}/appliance/data/{folder}")
    http, admin = free_port(), free_port()
    with registry_that_notes(work) as port:
        tags = ["imager-1"] + [f"ext-{number:02d}" for number in range(1, EXTENSIONS + 1)]
        for tag in tags:
            image = f"docker://127.0.0.1:{port}/bench/{tag}:v1.13.1"
            seconds(["skopeo", "copy", "--all", "--dest-tls-verify=false", f"oci:{fixture}/oci:{tag}", image])
        config, token = f"{work}/appliance/moonboot.yaml", f"{work}/appliance/tokens"
        extensions = ", ".join(f'"127.0.0.1:{port}/bench/{tag}:v1.13.1"' for tag in tags[1:])
        with open(config, "w") as file:
            file.write(CONFIG.format(work=f"{work}/appliance", http=http, admin=admin, port=port, extensions=extensions))
        with open(token, "w") as file:
            file.write(f"bench operate {TOKEN}\n")
        os.chmod(token, 0o600)
        with started([f"{ROOT}/moonboot", "serve", "--config", config], f"{work}/appliance/moonboot.log") as process:
            first = until(lambda: refresh(admin, 120), "composing", 180, 0.5)
            before, bytes_before, cpu = len(requests(work)), written(process.pid), cpu_seconds(process.pid)
            looks = sorted(refresh(admin, 60) for _ in range(LOOKS))
            asked = len(requests(work)) - before
            wrote, spent = written(process.pid) - bytes_before, cpu_seconds(process.pid) - cpu
    rows = [
        ["the first look, which composes", f"{first:.1f} s"],
        ["another look, median", f"{1000 * looks[LOOKS // 2]:.0f} ms"],
        ["another look, slowest", f"{1000 * looks[-1]:.0f} ms"],
        ["requests to the registry, each", f"{asked / LOOKS:.1f}"],
        ["CPU, each", f"{1000 * spent / LOOKS:.0f} ms"],
        ["written to the disk, each", f"{wrote / LOOKS / 1024:.1f} KiB"],
    ]
    return table(f"A build of which nothing moved, a base and {EXTENSIONS} extensions ({LOOKS} looks)", ["what", "value"], rows)


def refresh(admin, wait):
    """Seconds of a look at the channel; none where nobody answers yet."""
    url = f"http://127.0.0.1:{admin}/admin/v1/channels/bench/refresh?wait={wait}s"
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    begin = time.monotonic()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, b"{}", headers), timeout=wait + 10) as answer:
            outcome = json.load(answer)
    except urllib.error.HTTPError as problem:
        raise SystemExit(f"bench: {problem.read().decode()}") from problem
    except OSError:
        return None
    if outcome.get("outcome") not in ("updated", "unchanged"):
        raise SystemExit(f"bench: {outcome}")
    return time.monotonic() - begin


def composed(work):
    home, samples = java_home(), Samples()
    trees = make_inputs(work)
    libraries = f"{ROOT}/server/target/moonboot.jar:{ROOT}/server/target/lib/*"
    subprocess.run([f"{home}/bin/javac", "-cp", libraries, "-d", f"{work}/classes", f"{HERE}/ComposeBench.java"], check=True)
    tools, ours = "mksquashfs + cpio + zstd", f"moonboot, heap of {HEAP}"
    sizes, peak = {}, 0
    for round_number in range(ROUNDS + 1):
        (wall, cpu), sizes[tools] = by_tools(work, trees)
        (our_wall, our_cpu), told = by_moonboot(work, trees, home)
        sizes[ours], peak = told["bytes"], max(peak, told["peak_rss_kib"] / 1024)
        if round_number > 0:  # the first is for the page cache
            for who, seconds, cpu_seconds in ((tools, wall, cpu), (ours, our_wall, our_cpu)):
                samples.add(who, "wall", seconds)
                samples.add(who, "CPU", cpu_seconds)
    rows = [
        [
            who, f"{samples.median(who, 'wall'):.1f}", f"{samples.ratio(who, [tools], 'wall'):.2f}",
            f"{samples.median(who, 'CPU'):.1f}", f"{samples.ratio(who, [tools], 'CPU'):.2f}",
            f"{sizes[who] / MIB:.1f}", f"{peak:.0f}" if who == ours else "",
        ]
        for who in (tools, ours)
    ]
    return table(
        f"Compose {EXTENSIONS} extensions ({EXTENSIONS * EXTENSION_SIZE // MIB} MiB unpacked) onto a base of"
        f" {BASE_SIZE // MIB} MiB (median of {ROUNDS} rounds)",
        ["by", "seconds", "ratio", "CPU s", "ratio", "result, MiB", "resident at most, MiB"], rows,
    )  # fmt: skip
