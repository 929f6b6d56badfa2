"""In matchbox's place: what goes by labels, with one group and with many."""

import contextlib
import os
import shutil

import boot_scripts
import moonboot
from processes import free_port, listens, started, until
from report import table

GROUPS = (1, 10_000)
PATHS = ("/ipxe", "/metadata", "/generic")


@contextlib.contextmanager
def running(work, groups):
    """The packaged server over a matchbox data directory, and its URL."""
    data, port = f"{work}/configs-{groups}", free_port()
    shutil.rmtree(data, ignore_errors=True)
    os.makedirs(f"{data}/assets")
    moonboot.write_groups(data, groups)
    command = [f"{moonboot.ROOT}/moonboot", "matchbox", f"-address=127.0.0.1:{port}", f"-data-path={data}", f"-assets-path={data}/assets"]
    # all clients are one address
    environment = {**os.environ, "MOONBOOT_HTTP_CONNECTIONS_PER_ADDRESS": "256"}
    with started(command, f"{data}.log", env=environment) as process:
        until(lambda: process.poll() is not None or listens(port), "serving", 60)
        if process.poll() is not None:
            raise SystemExit(f"bench: moonboot ended with {process.returncode}, see {data}.log")
        yield process, f"http://127.0.0.1:{port}/"


def measure(work):
    rows = []
    for groups in GROUPS:
        with running(work, groups) as (process, url):
            rows += [[path, groups, *boot_scripts.row(process, url, path, groups)] for path in PATHS]
    head = ["path", "groups", "requests/s", "99 % within", "CPU µs per request"]
    return table(f"In matchbox's place, 4 clients, {boot_scripts.SECONDS} s", head, rows)
