"""run - the program as a shell runs it, and TAP of what was seen; Python's own library only

    import run

    @run.case("a sentence about behaviour")
    def _(t):
        done = t.aisle("init")
        t.eq(done.code, 0)

    run.main()
"""
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback

AISLE = os.environ.get("AISLE", "aisle")
CASES = []


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


class Done:
    """How a run ended: exit code, and what it wrote."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def json(self):
        return json.loads(self.out)

    def jsonl(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def rows(self):
        return [line.split("\t") for line in self.out.splitlines()]


class Case:
    """A folder of its own, an environment without anything of the caller's, and checks."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="aisle-run-")
        keep = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS")
        self.env = {name: os.environ[name] for name in keep if name in os.environ}
        self.env["HOME"] = self.folder
        self.children = []

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def aisle(self, *words, stdin="", env=None, cwd=None):
        done = subprocess.run([AISLE, *words], input=stdin, capture_output=True, text=True,
                              env={**self.env, **(env or {})}, cwd=cwd or self.folder,
                              timeout=120, check=False)
        if "Sanitizer" in done.stderr or "runtime error" in done.stderr:
            raise Failed(done.stderr)
        return Done(done.returncode, done.stdout, done.stderr)

    def shell(self, line, env=None):
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True,
                              env={**self.env, "AISLE": AISLE, **(env or {})},
                              cwd=self.folder, timeout=120, check=False)
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *words, env=None, **how):
        """A run in the background; ended with the case if it did not end before."""
        child = subprocess.Popen([AISLE, *words], env={**self.env, **(env or {})},
                                 cwd=self.folder, text=True, **how)
        self.children.append(child)
        return child

    def terminal(self, *words, keys="", size=(24, 80), env=None):
        """On a terminal of its own: all it showed, with what was typed fed to it."""
        import fcntl
        import struct
        import termios

        pid, fd = pty.fork()
        if pid == 0:  # before it runs, or it might look before the size is there
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
            os.chdir(self.folder)
            os.execvpe(AISLE, [AISLE, *words],
                       {**self.env, "TERM": "xterm", **(env or {})})
        shown = b""
        keys = keys.encode()
        while True:
            ready, _, _ = select.select([fd], [], [], 120)
            if not ready:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                raise Failed("nothing more was shown:\n" + shown.decode(errors="replace"))
            try:
                piece = os.read(fd, 4096)
            except OSError:
                piece = b""
            if not piece:
                break
            shown += piece
            if keys and shown.endswith((b"> ", b": ", b"] ")):
                end = 1 if shown.endswith(b"> ") else keys.find(b"\n") + 1
                os.write(fd, keys[:end])
                keys = keys[end:]
        os.close(fd)
        _, status = os.waitpid(pid, 0)
        return Done(os.waitstatus_to_exitcode(status),
                    shown.decode(errors="replace").replace("\r\n", "\n"), "")

    def clean(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout, child.stderr):
                if stream:
                    stream.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def eq(got, want, says=""):
        if got != want:
            raise Failed(f"{says}\n  want: {want!r}\n  got:  {got!r}")

    @staticmethod
    def has(text, *parts):
        for part in parts:
            if part not in text:
                raise Failed(f"not there: {part!r}\n  in: {text!r}")

    @staticmethod
    def lacks(text, *parts):
        for part in parts:
            if part in text:
                raise Failed(f"should not be there: {part!r}\n  in: {text!r}")

    @staticmethod
    def true(value, says=""):
        if not value:
            raise Failed(says or "not so")

    @staticmethod
    def skip(why):
        raise Skipped(why)


def case(says):
    def add(function):
        CASES.append((says, function))
        return function
    return add


def main():
    failed = 0
    print(f"1..{len(CASES)}", flush=True)
    for number, (says, function) in enumerate(CASES, 1):
        one = Case()
        try:
            function(one)
            print(f"ok {number} - {says}", flush=True)
        except Skipped as why:
            print(f"ok {number} - {says} # SKIP {why}", flush=True)
        except Exception as why:  # pylint: disable=broad-except
            failed += 1
            print(f"not ok {number} - {says}", flush=True)
            text = str(why) if isinstance(why, Failed) else ""
            for line in (text + "\n" + traceback.format_exc()).splitlines():
                print(f"# {line}", flush=True)
        finally:
            one.clean()
    sys.exit(1 if failed else 0)
