"""The programs that moonboot is measured beside, each serving one folder on loopback."""

import contextlib
import glob
import os
import subprocess

from processes import free_port, listens, need, started, until
import socket


@contextlib.contextmanager
def nginx(work, root):
    port = free_port()
    os.makedirs(f"{work}/nginx", exist_ok=True)
    with open(f"{work}/nginx.conf", "w") as file:
        file.write(
            f"""worker_processes auto; daemon off; pid {work}/nginx.pid; error_log {work}/nginx.log;
            {'user root;' if os.getuid() == 0 else ''}
            events {{ worker_connections 1024; }}
            http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000;
              client_body_temp_path {work}/nginx; proxy_temp_path {work}/nginx; fastcgi_temp_path {work}/nginx;
              uwsgi_temp_path {work}/nginx; scgi_temp_path {work}/nginx;
              server {{ listen 127.0.0.1:{port}; root {root}; }} }}"""
        )
    with started([need("nginx"), "-c", f"{work}/nginx.conf", "-e", f"{work}/nginx.log"], f"{work}/nginx.log") as process:
        until(lambda: listens(port), "nginx listening")
        yield process.pid, port


@contextlib.contextmanager
def dnsmasq(work, root):
    port = free_port(socket.SOCK_DGRAM)
    user = ["--user=root"] if os.getuid() == 0 else []
    command = [
        need("dnsmasq"), "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--port=0", "--enable-tftp",
        f"--tftp-root={root}", "--listen-address=127.0.0.1", "--bind-interfaces", *user,
    ]  # fmt: skip
    # dnsmasq's TFTP has port 69 and no other
    with started(command, f"{work}/dnsmasq.log") as process:
        until(lambda: udp_port_taken(69), "dnsmasq listening")
        yield process.pid, 69


@contextlib.contextmanager
def tftpd_hpa(work, root):
    port = free_port(socket.SOCK_DGRAM)
    user = ["--user", "root"] if os.getuid() == 0 else []
    command = [need("in.tftpd"), "--foreground", "--address", f"127.0.0.1:{port}", *user, "--secure", root]
    with started(command, f"{work}/tftpd-hpa.log") as process:
        until(lambda: udp_port_taken(port), "tftpd-hpa listening")
        yield process.pid, port


def fetch_atftpd(work):
    """Debian lets only one TFTP server be installed, so this one is unpacked, not installed."""
    if not os.path.exists(f"{work}/atftpd/usr/sbin/atftpd"):
        subprocess.run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", "atftpd"], cwd=work, check=True)
        (package,) = glob.glob(f"{work}/atftpd_*.deb")
        subprocess.run(["dpkg", "-x", package, f"{work}/atftpd"], check=True)


@contextlib.contextmanager
def atftpd(work, root):
    port = free_port(socket.SOCK_DGRAM)
    command = [
        f"{work}/atftpd/usr/sbin/atftpd", "--daemon", "--no-fork", "--bind-address", "127.0.0.1", "--port", str(port),
        "--user", "root" if os.getuid() == 0 else "nobody", "--group", "root" if os.getuid() == 0 else "nogroup",
        "--verbose=3", "--logfile", "-", root,
    ]  # fmt: skip
    with started(command, f"{work}/atftpd.log") as process:
        until(lambda: udp_port_taken(port), "atftpd listening")
        yield process.pid, port


@contextlib.contextmanager
def registry(work):
    port = free_port()
    config = f"{work}/registry.yml"
    with open(config, "w") as file:
        file.write(
            f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
            f"storage: {{filesystem: {{rootdirectory: {work}/registry}}}}\nhttp: {{addr: '127.0.0.1:{port}'}}\n"
        )
    with started([need("docker-registry"), "serve", config], f"{work}/registry.log") as process:
        until(lambda: listens(port), "docker-registry listening")
        yield process.pid, port


def udp_port_taken(port):
    with open("/proc/net/udp") as file:
        return any(line.split()[1].endswith(f":{port:04X}") for line in file.readlines()[1:])
