"""disk - what a disk has when the power fails, worked out from what a program wrote and synced

    disk = Disk(folder)                   # as it is now, all of it on the disk
    child = w.start(*words, env=disk.env) # with disk.c preloaded (AISLE_DISK names it)
    ... the program ends, or is killed ...
    disk.power_fails(chance)              # the folder is what could be found after it

What was synced is there. Of what was written after that, each write may be there, or not, or
some of its sectors; files that were made, renamed or removed have been so up to some moment
after their folder was last synced. So POSIX has it; many file systems keep more."""
import os
import shutil
import struct

SECTOR = 512
RECORD = struct.Struct("8sQQQQ")


def under(path, folder):
    return path == folder or path.startswith(folder + "/")


class File:
    def __init__(self, content=b""):
        self.kept, self.pending = bytearray(content), []  # (number, offset, bytes; None: cut there)

    def sync(self, number):
        """All that was written before so many records."""
        for _, offset, data in (p for p in self.pending if p[0] < number):
            put(self.kept, offset, data)
        self.pending = [p for p in self.pending if p[0] >= number]


def put(content, offset, data):
    if data is None:
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset:offset + len(data)] = data


class Disk:
    def __init__(self, folder):
        self.folder = os.path.realpath(folder)
        self.log = os.path.join(self.folder, "disk.log")
        self.env = {"LD_PRELOAD": os.environ["AISLE_DISK"], "AISLE_DISK_LOG": self.log,
                    "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        self.begin()

    def begin(self):
        open(self.log, "wb").close()
        self.inodes, self.names, self.folders = {}, {}, {}
        for at, _, names in os.walk(self.folder):
            self.folders[os.stat(at).st_ino] = at
            for name in names:
                path = os.path.join(at, name)
                if path == self.log or not os.path.isfile(path) or os.path.islink(path):
                    continue
                with open(path, "rb") as file:
                    content = File(file.read())
                self.names[path] = self.inodes[os.stat(path).st_ino] = content
        self.moves = []  # [number, folders it is kept by, what, path, to, file]
        self.touched = set()
        self.syncs, self.was_read = 0, False

    # ---- the log ----

    def records(self):
        with open(self.log, "rb") as file:
            text = file.read()
        at, number = 0, 0
        while at + RECORD.size <= len(text):
            what, inode, offset, path_len, data_len = RECORD.unpack_from(text, at)
            at += RECORD.size
            if at + path_len + data_len > len(text):
                return  # killed while it was written down
            path, data = text[at:at + path_len], text[at + path_len:at + path_len + data_len]
            at += path_len + data_len
            number += 1
            yield number, what.rstrip(b"\0").decode(), inode, offset, path.decode(), data

    def full_path(self, path):
        folder, name = os.path.split(os.path.join(self.folder, path))
        return os.path.join(os.path.realpath(folder), name)

    def move(self, number, what, path, to="", file=None):
        path, to = self.full_path(path), to and self.full_path(to)
        if not under(path, self.folder) and not under(to or "/", self.folder):
            return
        homes = {os.path.dirname(p) for p in (path, to) if p}
        self.moves.append([number, homes, what, path, to, file])
        self.touched.update(p for p in (path, to) if p)

    def read(self):
        began = {}
        if self.was_read:
            return
        self.was_read = True
        for number, what, inode, offset, path, data in self.records():
            if what == "make":
                self.inodes[inode] = File()
                self.move(number, what, path, file=self.inodes[inode])
            elif what == "folder":
                self.folders[inode] = self.full_path(path)
                self.move(number, what, path)
            elif what in ("rename", "link"):
                self.move(number, what, *path.split("\0"))
            elif what == "unlink":
                self.move(number, what, path)
            elif what == "sync":
                began[offset, inode] = number
            elif what == "synced":
                self.synced(inode, began[offset, inode])
            elif inode in self.inodes:
                self.inodes[inode].pending.append((number, offset, data if what == "write" else None))
                self.touched.update(p for p, f in self.names.items() if f is self.inodes[inode])

    def synced(self, inode, number):
        self.syncs += 1
        if inode in self.inodes:
            self.inodes[inode].sync(number)
        home = self.folders.get(inode)
        for move in self.moves:
            if move[0] < number:
                move[1].discard(home)

    # ---- what is left ----

    def names_after(self, until):
        """Names and folders, all moves up to a record done and of later ones those that are kept."""
        names, made = dict(self.names), set(self.folders.values())
        made -= {path for _, _, what, path, _, _ in self.moves if what == "folder"}
        for number, homes, what, path, to, file in self.moves:
            if homes and number > until:
                continue
            if what == "folder":
                made.add(path)
            elif what == "make":
                names[path] = file
            elif what == "unlink":
                names.pop(path, None)
            elif path in names:
                names[to] = names[path] if what == "link" else names.pop(path)
        return {p: f for p, f in names.items() if self.is_reached(os.path.dirname(p), made)}, made

    def is_reached(self, folder, made):
        return folder == self.folder or (folder in made and self.is_reached(os.path.dirname(folder), made))

    @staticmethod
    def content(file, survives):
        content = bytearray(file.kept)
        for _, offset, data in file.pending:
            for at, part in survives(data):
                put(content, offset + at, part)
        return content

    def lay_out(self, names, made, survives):
        for path in sorted(self.touched):
            if path in names and not path.endswith("-shm"):
                content = self.content(names[path], survives)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                mode = os.stat(path).st_mode if os.path.exists(path) else 0o600
                with open(path + ".left", "wb") as file:
                    file.write(content)
                os.chmod(path + ".left", mode & 0o777)
                os.replace(path + ".left", path)
            elif os.path.isdir(path):
                if not self.is_reached(path, made):
                    shutil.rmtree(path)
            elif os.path.exists(path):
                os.remove(path)

    def power_fails(self, chance):
        """The folder as it may be found; from here on that is what the disk has. How many syncs
        there were."""
        self.read()
        kind = chance.choice(("none", "none", "some", "some", "all"))

        def survives(data):
            if kind == "none" or (kind == "some" and chance.random() < 0.5):
                return
            if data is None or kind == "all" or chance.random() < 0.5:
                yield 0, data
                return
            for at in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    yield at, data[at:at + SECTOR]

        last = self.moves[-1][0] if self.moves else 0
        until = {"none": 0, "some": chance.randint(0, last), "all": last}[kind]
        self.lay_out(*self.names_after(until), survives)
        syncs = self.syncs
        self.begin()
        return syncs

    def hold(self):
        """Of a program that ended by itself: all was seen, so that with all of it done the files
        are what they are."""
        self.read()
        names, _ = self.names_after(float("inf"))
        for path in sorted(self.touched):
            there = os.path.isfile(path)
            if path.endswith("-shm") or os.path.isdir(path):
                continue
            if there != (path in names):
                raise AssertionError(f"{path} is {'' if there else 'not '}there: a move was not seen")
            if there:
                with open(path, "rb") as file:
                    if file.read() != self.content(names[path], lambda data: [(0, data)]):
                        raise AssertionError(f"a write to {path} was not seen")
