"""Compose five extensions into an initramfs, beside the programs that Talos's imager runs for it."""

import glob
import os
import shutil
import subprocess

from catalog import java_home
from moonboot import HERE, ROOT, filled_archive
from processes import MIB, cost, need
from report import Samples, table

ROUNDS = 3
EXTENSIONS = 5
EXTENSION_SIZE = 12 * MIB  # unpacked
BASE_SIZE = 90 * MIB
HEAP = "128m"
# of Talos's imager (pkg/imager/extensions, internal/pkg/extensions) for Talos 1.8 and later
MKSQUASHFS = "-all-root -noappend -no-progress -quiet -comp zstd -Xcompression-level 18"
ZSTD = "-q -T0 -18"


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
    with open(f"{work}/base.cpio", "wb") as file:
        file.write(filled_archive(BASE_SIZE))
    subprocess.run([need("zstd"), "-q", "-3", f"{work}/base.cpio", "-o", f"{work}/base.zst"], check=True)
    os.unlink(f"{work}/base.cpio")
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


def measure(work):
    work, home, samples = f"{work}/compose", java_home(), Samples()
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
