"""the unit that systemd runs the service by: its own reader's opinion, and its lines run"""
import os
import shlex
import shutil
import signal
import socket
import subprocess

import run

UNIT = os.environ["UNIT"]


def settings():
    """Of the unit: a list of values for each name."""
    found = {}
    with open(UNIT, encoding="utf-8") as file:
        for line in file.read().replace("\\\n", " ").splitlines():
            name, is_one, value = line.partition("=")
            if is_one and not line.startswith("#"):
                found.setdefault(name, []).append(value)
    return found


def installed():
    return settings()["ExecStart"][0].split()[0]


@run.case("systemd finds nothing to say about it")
def _(t):
    if not shutil.which("systemd-analyze"):
        t.skip("there is no systemd-analyze here")
    with open(UNIT, encoding="utf-8") as file:
        path = t.write("aisle.service", file.read().replace(installed(), run.AISLE))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", path], env=t.env,
                          capture_output=True, text=True, timeout=120, check=False)
    if "D-Bus" in done.stderr or "Failed to initialize manager" in done.stderr:
        t.skip(done.stderr.splitlines()[0])
    t.eq((done.returncode, done.stdout + done.stderr), (0, ""))


@run.case("its lines make a store, serve, say when they are ready, and end when asked")
def _(t):
    def lines(name):
        for line in settings()[name]:
            line = line.replace("/var/lib/aisle", t.folder)
            yield shlex.split(line.replace("127.0.0.1:8080", "127.0.0.1:0"))[1:]

    t.eq(settings()["Type"], ["notify"])
    t.eq(settings()["LoadCredential"], ["aisle.key:/etc/aisle/aisle.key"])
    os.mkdir(t.path("keys"))
    t.write("keys/aisle.key", "ab" * 32 + "\n", 0o600)
    env = {"CREDENTIALS_DIRECTORY": t.path("keys"), "NOTIFY_SOCKET": t.path("notify"),
           "AISLE_STORE": t.path("aisle.db")}
    t.eq(settings()["Environment"], ["AISLE_STORE=/var/lib/aisle/aisle.db"])

    for words in lines("ExecStartPre"):
        t.eq(t.aisle(*words, env=env).code, 0, words)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(t.path("notify"))
        heard.settimeout(120)
        child = t.start(*next(lines("ExecStart")), env=env, stdout=subprocess.DEVNULL,
                        stderr=subprocess.PIPE)
        t.has(heard.recv(4096).decode(), "READY=1")
        child.send_signal(getattr(signal, settings()["KillSignal"][0]))
        said = child.communicate(timeout=120)[1]
    t.eq(child.returncode, 0, said)


run.main()
