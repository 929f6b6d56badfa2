"""The server under measurement, as it is packaged, and the image that it serves."""

import contextlib
import json
import os
import random
import shutil
import subprocess
import urllib.error
import urllib.request

from processes import MIB, free_port, seconds, started, until
import socket

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(f"{HERE}/../../..")
E2E = f"{HERE}/../e2e"
ASSET = "assets/talos/bench/amd64/initramfs.xz"
ASSET_SIZE = 100 * MIB


def make_image(fixture, out):
    """An installer of Talos's shape with a kernel that is real and an initramfs of exactly 100 MiB."""
    if os.path.exists(f"{out}/oci/index.json"):
        return
    os.makedirs(f"{out}/amd64/1", exist_ok=True)
    for name in ("vmlinuz", "systemd-boot.efi"):
        shutil.copyfile(f"{fixture}/amd64/{name}", f"{out}/amd64/{name}")
    with open(f"{fixture}/amd64/1/initramfs.xz", "rb") as file:
        system = file.read()
    with open(f"{out}/amd64/1/initramfs.xz", "wb") as file:
        file.write(filled_archive(ASSET_SIZE - len(system)) + system)
    sections = f"{out}/sections"
    os.makedirs(sections, exist_ok=True)
    for name, text in {"osrel": "ID=talos\nVERSION_ID=v1.13.1\n", "cmdline": "console=ttyS0"}.items():
        with open(f"{sections}/{name}", "w") as file:
            file.write(text)
    subprocess.run(
        [
            f"{E2E}/mkuki", f"{fixture}/amd64/systemd-stub.efi", f"{out}/amd64/1/vmlinuz.efi",
            f".osrel={sections}/osrel", f".cmdline={sections}/cmdline",
            f".initrd={out}/amd64/1/initramfs.xz", f".linux={out}/amd64/vmlinuz",
        ],
        check=True,
    )  # fmt: skip
    subprocess.run([f"{E2E}/mkimages", out], check=True)


def filled_archive(size):
    """A cpio archive (newc) of that many bytes with one file that does not compress."""

    def entry(name, mode, content):
        fields = [1, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + name + b"\0"
        head += bytes(-len(head) % 4)
        return head + content + bytes(-len(content) % 4)

    folder, end = entry(b"kernel", 0o040755, b""), entry(b"TRAILER!!!", 0, b"")
    room = size - len(folder) - len(end) - len(entry(b"kernel/fill", 0o100644, b"")) - 4
    archive = folder + entry(b"kernel/fill", 0o100644, random.Random(1).randbytes(room)) + end
    return archive + bytes(size - len(archive))


def write_groups(data, count):
    """count groups: half by MAC, the rest by uuid, by serial, and by site and rack; one profile, one template."""
    for folder in ("groups", "profiles", "generic"):
        os.makedirs(f"{data}/{folder}", exist_ok=True)
    profile = {
        "id": "bench",
        "boot": {
            "kernel": "/assets/talos/bench/amd64/vmlinuz",
            "initrd": ["--name initramfs.xz /assets/talos/bench/amd64/initramfs.xz"],
            "args": ["initrd=initramfs.xz", "console=ttyS0", "talos.platform=metal"],
        },
        "generic_id": "bench.yaml",
    }
    with open(f"{data}/generic/bench.yaml", "w") as file:
        file.write(TEMPLATE)
    with open(f"{data}/profiles/bench.json", "w") as file:
        json.dump(profile, file)
    for number in range(count):
        kind = number % 6
        if kind < 3:
            selector = {"mac": "52:54:00:%02x:%02x:%02x" % (number >> 16, number >> 8 & 255, number & 255)}
        elif kind == 3:
            selector = {"uuid": f"00000000-0000-0000-0000-{number:012d}"}
        elif kind == 4:
            selector = {"serial": f"S{number}"}
        else:
            selector = {"site": f"s{number % 7}", "rack": f"r{number}"}
        with open(f"{data}/groups/g{number}.json", "w") as file:
            metadata = {"number": number, "place": {"name": f"s{number % 7}", "dns": ["10.0.0.1", "10.0.0.2"]}}
            json.dump({"id": f"g{number}", "profile": "bench", "selector": selector, "metadata": metadata}, file)


class Moonboot:
    """One working folder of the appliance: its configuration, cache and data stay between starts."""

    def __init__(self, work, registry_port, groups=1, address="127.0.0.1", per_address=256, every="5m"):
        self.work, self.http, self.tftp, self.admin = work, free_port(), free_port(socket.SOCK_DGRAM), free_port()
        self.address, self.per_address, self.every = address, per_address, every
        os.makedirs(f"{work}/assets", exist_ok=True)
        write_groups(f"{work}/data", groups)
        self.config = f"{work}/moonboot.yaml"
        with open(self.config, "w") as file:
            file.write(CONFIG.format(**vars(self), registry_port=registry_port))

    def url(self, path):
        return f"http://{self.address}:{self.http}/{path}"

    def answers(self, path):
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url(path), method="HEAD"), timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    @contextlib.contextmanager
    def running(self, **variables):
        """The server's process, once it serves the asset."""
        log, environment = f"{self.work}/moonboot.log", {**os.environ, **variables}
        with started([f"{ROOT}/moonboot", "serve", "--config", self.config], log, env=environment) as process:
            until(lambda: process.poll() is not None or self.answers(ASSET), "serving the asset", 120, 0.005)
            if process.poll() is not None:
                raise SystemExit(f"bench: moonboot ended with {process.returncode}, see {log}")
            yield process


def push(image, registry_port):
    for layout in ("plain", "uki"):
        seconds(
            ["skopeo", "copy", "--all", "--dest-tls-verify=false", f"oci:{image}/oci:{layout}-1",
             f"docker://127.0.0.1:{registry_port}/bench/{layout}:1"]
        )  # fmt: skip


TEMPLATE = """\
machine:
  network:
    hostname: node-{{.number}}.{{.place.name}}
    nameservers:
{{- range .place.dns}}
      - {{.}}
{{- end}}
    {{if index .request.query "arch"}}# {{.request.query.arch}}{{end}}
"""

CONFIG = """\
data: {work}/data
cache: {work}/cache
state: {work}/state
static: {work}/assets
http:
  address: {address}:{http}
  connections-per-address: {per_address}  # all clients of most benchmarks are one address
tftp: {{address: "{address}:{tftp}"}}
follow: {{every: {every}}}
admin: {{address: "127.0.0.1:{admin}"}}
registry: {{plain-http: ["127.0.0.1:{registry_port}"]}}
channels:
  bench: {{image: "127.0.0.1:{registry_port}/bench/uki:1", arch: [amd64]}}
"""
