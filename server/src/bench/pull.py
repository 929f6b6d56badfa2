"""Pull and extract an installer image, beside skopeo and tar."""

import glob
import json
import os
import shutil

from moonboot import ROOT
from processes import cost, need
from report import Samples, table

ROUNDS = 5


def by_skopeo(work, image):
    """Copies the image and unpacks its layers, as one does by hand."""
    target = f"{work}/skopeo"
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(f"{target}/files")
    source = ["--src-tls-verify=false", "--override-arch", "amd64", f"docker://{image}"]
    took = [cost(["skopeo", "copy", *source, f"dir:{target}/image"])]
    with open(f"{target}/image/manifest.json") as file:
        layers = [layer["digest"].removeprefix("sha256:") for layer in json.load(file)["layers"]]
    for layer in layers:
        took.append(cost([need("tar"), "-xzf", f"{target}/image/{layer}", "-C", f"{target}/files"]))
    assert glob.glob(f"{target}/files/usr/install/amd64/vmlinuz*")
    return [sum(part) for part in zip(*took)]


def by_moonboot(work, image):
    target = f"{work}/moonboot-pull"
    shutil.rmtree(target, ignore_errors=True)
    registry = image.split("/")[0]
    took = cost([f"{ROOT}/moonboot", "pull", image, "--arch", "amd64", "--out", target, "--plain-http", registry])
    assert glob.glob(f"{target}/**/initramfs*", recursive=True), os.listdir(target)
    return took


def measure(work, registry_port):
    samples, tools = Samples(), {"skopeo copy + tar x": by_skopeo, "moonboot pull": by_moonboot}
    layouts = {"plain": "kernel and initramfs side by side", "uki": "UKI only"}
    for round_number in range(ROUNDS + 1):
        for layout in layouts:
            for name, pull in tools.items():
                wall, cpu = pull(work, f"127.0.0.1:{registry_port}/bench/{layout}:1")
                if round_number > 0:  # the first is for the page cache
                    samples.add(name, layout, wall)
                    samples.add(name, layout + " CPU", cpu)
    rows = [
        [
            text, name, f"{samples.median(name, layout):.2f}", f"{samples.ratio(name, tools, layout):.2f}",
            f"{samples.median(name, layout + ' CPU'):.2f}", f"{samples.ratio(name, tools, layout + ' CPU'):.2f}",
        ]
        for layout, text in layouts.items()
        for name in tools
    ]
    return table(
        f"Pull and extract an installer of 114 MiB from a registry on loopback (median of {ROUNDS} rounds)",
        ["layout", "tool", "seconds", "ratio", "CPU s", "ratio"], rows,
    )  # fmt: skip
