"""network - hosts on one machine, each with a network of its own (tests/private-network): a
cable can be pulled, and be slow or lose what it carries

    far = network.Host("far")
    child = w.start("worker", within=far)
    far.cut()      # nothing goes through; nobody is told
    far.heal()

The test itself is the host on which the servers are. What listens on its loopback is reached
by the others at the same address, 127.0.0.1, over their cable. All of it is gone with the
processes in it.
"""
import atexit
import fcntl
import heapq
import itertools
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time

HERE = os.environ.get("AISLE_TEST_NETWORK", "")
WHY_NOT = os.environ.get("AISLE_TEST_NO_NETWORK", "it runs without tests/private-network")
number = itertools.count(2)
hosts = []


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


class Host:
    """slow: its cable is Cable's, else one as quick as the machine."""

    def __init__(self, name, slow=False):
        self.number = next(number)
        self.address = f"10.77.0.{self.number}" if not slow else f"10.78.{self.number}.2"
        self.port = f"to{self.number}"
        self.holder = subprocess.Popen(  # the network lives as long as it
            ["unshare", "--net", "--uts", "sh", "-c", f"hostname {name}; echo; exec cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.holder.stdout.readline()
        hosts.append(self)
        self.within = ["nsenter", f"--target={self.holder.pid}", "--net", "--uts", "--"]
        self.cable = Cable(self) if slow else None
        if slow:
            self.lead("10.78.%d.1" % self.number)
        else:
            run("ip", "link", "add", self.port, "type", "veth", "peer", "name", "eth0", "netns",
                str(self.holder.pid))
            run("ip", "link", "set", self.port, "master", "br0", "up")
            run(*self.within, "ip", "addr", "add", self.address + "/24", "dev", "eth0")
            self.lead(HERE)

    def lead(self, gateway):
        """The host's loopback address is ours."""
        run(*self.within, "sh", "-euc", f"""
            ip link set lo up
            ip addr del 127.0.0.1/8 dev lo 2>/dev/null || true
            ip link set eth0 up
            echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet
            ip route add 127.0.0.1 via {gateway} dev eth0 src {self.address}""")

    def cut(self):
        """Its own end stays plugged in: it cannot tell that from an answer that is slow."""
        if self.cable:
            self.cable.carries(lost=100)
        else:
            run("ip", "link", "set", self.port, "nomaster")

    def heal(self):
        if self.cable:
            self.cable.carries()
        else:
            run("ip", "link", "set", self.port, "master", "br0")

    def end(self):
        if self.cable:
            self.cable.end()
        self.holder.stdin.close()
        self.holder.wait()
        hosts.remove(self)


@atexit.register
def end_all():
    for host in list(hosts):
        host.end()


# ---- a slow cable ----

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000  # linux/if_tun.h
BIGGEST = 65536


def plug(name):
    """A network card of which we are the other end."""
    card = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(card, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return card


def carry(ends):
    """What comes in at one end goes out at the other, later or never. A line on stdin says
    how: milliseconds, and lost of a hundred."""
    queue, count, chance = [], itertools.count(), random.Random(1)
    delay_ms = lost = 0
    while True:
        wait = max(0, queue[0][0] - time.monotonic()) if queue else None
        for came in select.select([*ends, sys.stdin], [], [], wait)[0]:
            if came is sys.stdin:
                line = sys.stdin.readline()
                if not line:
                    return
                delay_ms, lost = map(float, line.split())
                continue
            packet = os.read(came, BIGGEST)
            if chance.random() * 100 >= lost:
                heapq.heappush(queue, (time.monotonic() + delay_ms / 1000, next(count),
                                       ends[came == ends[0]], packet))
        while queue and queue[0][0] <= time.monotonic():
            _, _, end, packet = heapq.heappop(queue)
            try:
                os.write(end, packet)
            except OSError:  # the card is down: so is what it would have carried
                pass


class Cable:
    """Between us and a host: a process that carries packets (no kernel we know of here delays
    them by itself)."""

    def __init__(self, host):
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(host.number), str(host.holder.pid)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("no cable")

    def carries(self, delay_ms=0, lost=0):
        print(delay_ms, lost, file=self.process.stdin, flush=True)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def lay(number_, holder):
    near, far = f"to{number_}", f"far{number_}"
    ends = (plug(near), plug(far))
    run("ip", "addr", "add", f"10.78.{number_}.1/30", "dev", near)
    run("ip", "link", "set", near, "up")
    with open(f"/proc/sys/net/ipv4/conf/{near}/route_localnet", "w", encoding="ascii") as file:
        file.write("1")
    run("ip", "link", "set", far, "netns", holder, "name", "eth0")
    run("nsenter", f"--target={holder}", "--net", "ip", "addr", "add", f"10.78.{number_}.2/30",
        "dev", "eth0")
    print("ready", flush=True)
    carry(ends)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lay(sys.argv[1], sys.argv[2])
