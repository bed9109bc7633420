"""What the measures share: a folder of their own, a sandbox of their own, commands timed with their memory."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
AISLE = os.environ.get("AISLE_BIN", os.path.join(ROOT, "build/bench/aisle"))


class Bench:
    """A temporary folder with settings, key and store; ends the sandbox it started."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="aisle-bench-")
        self.sandbox = None
        self.env = dict(os.environ, HOME=self.dir, XDG_CONFIG_HOME=self.dir)
        for name in list(self.env):
            if name.startswith(("AISLE_", "TIKTOK_", "TOKOPEDIA_")):
                del self.env[name]
        self.aisle("init")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.sandbox:
            self.sandbox.send_signal(signal.SIGTERM)
            self.sandbox.wait(timeout=30)
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.dir, name)

    def aisle(self, *args, ok=(0,)):
        """Seconds, peak memory in MiB, stdout and stderr of one command."""
        with open(self.path("out"), "w+", encoding="utf-8") as out, open(self.path("err"), "w+", encoding="utf-8") as err:
            began = time.monotonic()
            p = subprocess.Popen([AISLE, *args], cwd=self.dir, env=self.env, stdout=out, stderr=err)
            _, status, usage = os.wait4(p.pid, 0)
            took = time.monotonic() - began
            p.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            said, complained = out.read(), err.read()
        if p.returncode not in ok:
            sys.exit(f"aisle {' '.join(args)}: exit code {p.returncode}\n{complained}")
        return took, usage.ru_maxrss / 1024, said, complained

    def start_sandbox(self, *args):
        env_file = self.path("sandbox.env")
        if os.path.exists(env_file):
            os.remove(env_file)
        self.sandbox = subprocess.Popen([AISLE, "sandbox", "start", "--env-file", env_file, *args],
                                        cwd=self.dir, env=self.env, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        for _ in range(600):
            if os.path.exists(env_file) and os.path.getsize(env_file):
                break
            if self.sandbox.poll() is not None:
                sys.exit("the sandbox did not start")
            time.sleep(0.05)
        self.keys = read_env(env_file)
        self.env.update(self.keys)

    def stop_sandbox(self):
        self.sandbox.send_signal(signal.SIGTERM)
        self.sandbox.wait(timeout=30)
        self.sandbox = None

    def log(self):
        """The sandbox's own list of calls."""
        out = self.aisle("sandbox", "log")[2]
        return [json.loads(line) for line in out.splitlines() if line.strip()]


def read_env(path):
    found = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            line = line.strip().removeprefix("export ")
            if "=" in line and not line.startswith("#"):
                name, value = line.split("=", 1)
                found[name] = value.strip("'\"")
    return found


def line(name, ours, peer, ratio, note=""):
    """A figure of ours beside a peer's; script/bench shows all of them once more at its end."""
    row = (name, ours, peer, ratio, note)
    show(row)
    if os.environ.get("BENCH_LINES"):
        with open(os.environ["BENCH_LINES"], "a", encoding="utf-8") as f:
            f.write("\t".join(row) + "\n")


def show(row):
    name, ours, peer, ratio, note = row
    print(f"{name:<44} {ours:>16} {peer:>24} {ratio:>14}  {note}".rstrip(), flush=True)


def has_peer(program, name):
    """Whether a peer is there; when not, says what is left out."""
    if shutil.which(program):
        return True
    print(f"  left out: {name}, since there is no {program} here (script/bootstrap --bench)", flush=True)
    return False


if __name__ == "__main__":  # the lines of a file, as one table
    show(("measure", "ours", "beside", "ratio", ""))
    with open(sys.argv[1], encoding="utf-8") as lines:
        for text in lines:
            show(text.rstrip("\n").split("\t"))
