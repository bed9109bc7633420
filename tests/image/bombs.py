"""Images that unfold to far more than they weigh, handed to one aisle-image as if nobody had
looked at their headers before. Whatever it makes of them, it takes no more memory and
processor than it may. Prints TAP.   bombs.py AISLE_IMAGE"""
import os
import struct
import subprocess
import sys
import tempfile
import zlib

JPEG, PNG, WEBP, GIF, BMP, TIFF = 1, 2, 3, 4, 5, 7
MB = 1 << 20
SECONDS = 10
STAYING = 100 * MB


def png(width, height, depth, colour, interlaced=False):
    """All zero: rows of a filter byte and nothing."""
    channels = {0: 1, 2: 3, 6: 4}[colour]
    row = 1 + (width * depth * channels + 7) // 8
    deflate = zlib.compressobj(9)
    packed, left = b"", row * height
    while left > 0:
        packed += deflate.compress(bytes(min(left, 16 * MB)))
        left -= 16 * MB
    packed += deflate.flush()

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed)
            + chunk(b"IEND", b""))


def gif(width, height, frames=1):
    frame = b"\x2c" + struct.pack("<HHHH", 0, 0, 1, 1) + b"\0\x02\x02\x44\x01\0"
    return (b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff"
            + frame * frames + b";")


def tiff(width, height):
    """Deflated, a strip of zeros that is said to be all of it."""
    strip = zlib.compress(bytes(1000000))
    tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 8), (262, 3, 1),
            (273, 4, 8), (277, 3, 1), (278, 4, height), (279, 4, len(strip))]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return (b"II*\0" + struct.pack("<I", 8 + len(strip)) + strip
            + struct.pack("<H", len(tags)) + entries + bytes(4))


def webp(width, height):
    bits = (width - 1) | (height - 1) << 14
    data = b"\x2f" + struct.pack("<I", bits) + bytes(40)
    chunk = b"VP8L" + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def bmp(width, height):
    return b"BM" + struct.pack("<IIIIIIHHIIIIII", 54, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)


class Helper:
    """One aisle-image for all of them, as src/image/helpers.c has it."""

    def __init__(self, path, folder):
        self.image, self.outcome, self.words = (os.path.join(folder, n) for n in ("image", "outcome", "words"))
        for name in (self.image, self.outcome):
            open(name, "wb").close()
        with open(self.words, "wb") as words:
            self.child = subprocess.Popen(["sh", "-c", 'exec "$0" 3<"$1" 4>"$2"', path, self.image, self.outcome],
                                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, text=True,
                                          env={"VIPSHOME": "/nowhere", "VIPS_CONCURRENCY": "1"})

    def run(self, kind, data, memory):
        """Exit code (negative: a signal), peak bytes, processor seconds, words."""
        with open(self.image, "wb") as image:
            image.write(data)
        os.truncate(self.outcome, 0)
        said = os.path.getsize(self.words)
        numbers = [0, kind, 46, 300, 4000, 10 * MB, 4, memory, SECONDS]
        self.child.stdin.write(" ".join(map(str, numbers)) + "\n")
        self.child.stdin.flush()
        how, peak, ms, _ = map(int, self.child.stdout.readline().split())
        with open(self.words, "rb") as words:
            words.seek(said)
            text = words.read(300).decode(errors="replace").strip()
        return os.waitstatus_to_exitcode(how), peak, ms / 1000, text

    def peak(self):
        """Of the one that stays: it only ever copied itself."""
        with open(f"/proc/{self.child.pid}/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))

    def end(self):
        self.child.stdin.close()
        return self.child.wait(timeout=30)


def cases():
    """What it is, its kind, bytes, memory allowed, whether it may be mended."""
    yield "a PNG of 50,000 x 50,000", PNG, png(50000, 50000, 1, 0), 1536 * MB, False
    yield "a PNG of all the pixels that are decoded", PNG, png(9990, 9990, 8, 2), 1536 * MB, True
    yield "an interlaced one, which needs them all at once", PNG, \
        png(9990, 9990, 8, 6, True), 400 * MB, False
    yield "a GIF whose screen is 65,535 x 65,535", GIF, gif(65535, 65535), 1536 * MB, False
    yield "a GIF of 100,000 frames", GIF, gif(2000, 2000, 100000), 1536 * MB, True
    yield "a TIFF of 60,000 x 60,000", TIFF, tiff(60000, 60000), 1536 * MB, False
    yield "a TIFF whose strip is too short", TIFF, tiff(9000, 9000), 1536 * MB, False
    yield "a WEBP of 16,383 x 16,383", WEBP, webp(16383, 16383), 1536 * MB, False
    yield "a bitmap without pixels", BMP, bmp(9000, 9000), 1536 * MB, False
    yield "a PNG that is said to be a JPEG", JPEG, png(400, 400, 8, 2), 1536 * MB, False
    yield "nothing but zeros", TIFF, bytes(MB), 1536 * MB, False


def tell(good, says):
    tell.count += 1
    print(f"{'ok' if good else 'not ok'} {tell.count} - {says}", flush=True)


tell.count = 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        helper = Helper(sys.argv[1], folder)
        for says, kind, data, memory, may in cases():
            code, peak, seconds, words = helper.run(kind, data, memory)
            good = peak < memory and seconds < SECONDS + 1 and (code == 0) == may
            tell(good, f"{says} costs no more than it may # {peak // MB} of {memory // MB} MB, {seconds:.1f} s")
            if not good:
                print(f"# {len(data)} bytes: code {code}, {words}")
        peak = helper.peak()
        tell(peak < STAYING, f"the program that stays saw none of them # {peak // MB} MB")
        tell(helper.end() == 0, "and it ends when nobody has orders for it")
    print(f"1..{tell.count}")


main()
