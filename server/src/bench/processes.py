"""Programs under measurement: start, cost, end."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")
MIB = 1 << 20


def need(program):
    """The path of a program; servers are in /usr/sbin on Debian."""
    found = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")
    if not found:
        raise SystemExit(f"bench: {program} is not installed")
    return found


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(true, what, seconds=60, pause=0.02):
    """Waits until true() answers something true, and returns that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = true()
        if answer:
            return answer
        time.sleep(pause)
    raise SystemExit(f"bench: {what} did not happen within {seconds} s")


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def started(command, log, **more):
    """Runs a server for the body of a with statement; its output goes to the file log."""
    with open(log, "ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **more)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stat(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()


def family(pid):
    """The process and its descendants that live now."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            parents.setdefault(int(stat(name)[1]), []).append(int(name))
    members = [pid]
    for member in members:
        members += parents.get(member, [])
    return members


def cpu_seconds(pid):
    """User and system time of a process, its descendants and those that it has waited for."""
    total = 0
    for member in family(pid):
        with contextlib.suppress(OSError):
            total += sum(int(field) for field in stat(member)[11:15])
    return total / TICKS


def memory(pid):
    """Resident MiB of a process: all of it, and the part that is not mapped files."""
    with open(f"/proc/{pid}/status") as file:
        kib = {key: int(value) for key, value in re.findall(r"^(\w+):\s+(\d+) kB$", file.read(), re.M)}
    return {"all": kib["VmRSS"] / 1024, "anonymous": kib["RssAnon"] / 1024, "peak": kib["VmHWM"] / 1024}


def cost(command):
    """Wall time and CPU time, in seconds, of a command that must succeed."""
    with tempfile.TemporaryFile("w+") as output:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        spent = time.monotonic() - begin
        if process.returncode != 0:
            output.seek(0)
            raise SystemExit(f"bench: {command} failed:\n{output.read()[-2000:]}")
    return spent, used.ru_utime + used.ru_stime


def seconds(command):
    """Wall time of a command that must succeed."""
    return cost(command)[0]
