"""server - PostgreSQL servers that a test starts, kills and promotes itself

    first = server.Node()
    first.start()
    second = first.standby("second")
    first.kill()
    second.promote()

Loopback and temporary folders; root runs them as nobody. Only what was started here is ended.
"""
import atexit
import glob
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

BIN = os.path.dirname(max(glob.glob("/usr/lib/postgresql/*/bin/initdb"), default=""))
nodes = []


def free_port():
    """None that a connection is given of itself (from 32768 on), so that it stays free until a
    server is at it, and while that one is away."""
    for _ in range(1000):
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", random.randrange(20000, 32768)))
                return s.getsockname()[1]
            except OSError:
                pass
    raise RuntimeError("no port is free")


def as_whom(folder):
    own = ["env", "-i", f"PATH={BIN}:/usr/bin:/bin", f"HOME={folder}", "LC_ALL=C.UTF-8", "TZ=UTC"]
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *own] \
        if os.geteuid() == 0 else own


def is_there(pid):
    """And no zombie, which it may stay for long where nobody looks after orphans."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Node:
    """place: of its data, else in its own folder. settings: as postgresql.conf has them."""

    def __init__(self, place=None, settings=()):
        self.folder = tempfile.mkdtemp(prefix="aisle-node-")
        self.data = os.path.join(place or self.folder, "data")
        self.port = free_port()
        self.settings = list(settings)
        self.address = f"postgresql://aisle@127.0.0.1:{self.port}/postgres"
        for at in (self.folder, place or self.folder):
            os.chmod(at, 0o711)
            if os.geteuid() == 0:
                shutil.chown(at, "nobody", "nogroup")
        nodes.append(self)

    def run(self, *words):
        done = subprocess.run([*as_whom(self.folder), *words], cwd=self.folder, text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stderr}{self.log()}")

    def log(self):
        try:
            with open(self.folder + "/log", encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def create(self):
        """Its write-ahead log is in its own folder, wherever its data is."""
        self.run("initdb", "-D", self.data, "-X", self.folder + "/wal", "-U", "aisle",
                 "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.own()
        with open(self.data + "/pg_hba.conf", "a", encoding="ascii") as file:
            file.write("host all all 10.77.0.0/16 trust\nhost all all 10.78.0.0/16 trust\n")
        return self

    def own(self):
        with open(self.data + "/postgresql.conf", "a", encoding="ascii") as file:
            file.write("\n".join([
                "listen_addresses = '127.0.0.1'", f"port = {self.port}",
                f"unix_socket_directories = '{self.folder}'", "max_connections = 100",
                "shared_buffers = 32MB", "fsync = off", "wal_level = replica",
                "hot_standby = on", *self.settings, ""]))

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-t", "300", "-l", self.folder + "/log", "start")
        return self

    def stop(self, mode="immediate"):
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "-t", "300", "stop")

    def pid(self):
        try:
            with open(self.data + "/postmaster.pid", encoding="ascii") as file:
                return int(file.readline())
        except (FileNotFoundError, ValueError):
            return 0

    def signal(self, what):
        """To all its processes; which process was the first."""
        pid = self.pid()
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = list(map(int, file.read().split()))
        for one in (pid, *children):
            try:
                os.kill(one, what)
            except ProcessLookupError:
                pass
        return pid

    def kill(self):
        """All its processes at once, as when the machine goes."""
        pid = self.signal(signal.SIGKILL)
        while is_there(pid):
            time.sleep(0.01)

    def standby(self, name):
        """A second node that follows this one under that name."""
        node = Node()
        node.run("pg_basebackup", "-d", self.address.replace("/postgres", "/") +
                 f"?application_name={name}", "-D", node.data, "-R", "-X", "stream", "-c", "fast",
                 "--no-sync")
        node.own()
        return node.start()

    def promote(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-t", "300", "promote")

    def psql(self, text):
        done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", text, self.address],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{text}: {done.stderr}")
        return done.stdout.strip()

    def end(self):
        pid = self.pid()
        if pid and is_there(pid):
            subprocess.run([*as_whom(self.folder), "pg_ctl", "-D", self.data, "-m", "immediate", "-w",
                            "stop"], cwd="/", stdout=subprocess.DEVNULL, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


@atexit.register
def end_all():
    for node in nodes:
        node.end()
