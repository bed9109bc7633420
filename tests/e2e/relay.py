"""relay - a port that leads to another, and what can go wrong between the two"""
import re
import socket
import threading
import time


class Relay(threading.Thread):
    """Until it is cut: then all through it ends at once."""

    def __init__(self, to):
        super().__init__(daemon=True)
        self.to, self.is_cut, self.pairs = to, False, []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            near, _ = self.listener.accept()
            if self.is_cut:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.to))
            self.pairs.append((near, far))
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(a, b), daemon=True).start()

    def carry(self, a, b):
        try:
            while data := a.recv(65536):
                self.meet(a, b, data)
                b.sendall(data)
        except OSError:
            pass
        for end in (a, b):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def meet(self, a, b, data):
        """Before it is passed on; OSError: never, and the connection ends."""

    def cut(self):
        self.is_cut = True
        for pair in self.pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def heal(self):
        self.is_cut = False


class Throttling(Relay):
    """The first request that begins with these words is turned away, for so many seconds; the
    second goes on, and its asker waits for an answer that never comes."""

    def __init__(self, to, words, wait_s):
        self.words, self.wait_s, self.turned_at, self.asker = words, wait_s, 0, None
        super().__init__(to)

    def meet(self, a, b, data):
        if b is self.asker:
            threading.Event().wait(600)
        if not data.startswith(self.words):
            return
        if self.turned_at:
            self.asker = a
            return
        self.read_out(a, data)
        self.turned_at = time.time()
        body = b'{"code":36009002,"message":"Too many requests"}'
        a.sendall(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: %d\r\nContent-Length: %d\r\n"
                  b"Connection: close\r\n\r\n" % (self.wait_s, len(body)) + body)
        raise OSError("turned away")

    @staticmethod
    def read_out(a, data):
        """An end that is closed before all was read takes its answer with it."""
        head, _, body = data.partition(b"\r\n\r\n")
        left = int(re.search(rb"content-length: *(\d+)", head, re.I)[1]) - len(body)
        while left > 0:
            more = a.recv(65536)
            if not more:
                raise OSError("its asker went away")
            left -= len(more)


class Slow(Relay):
    """The first request that begins with these words arrives late, and its answer never does."""

    def __init__(self, to, words, late_s):
        self.words, self.late_s, self.asker = words, late_s, None
        super().__init__(to)

    def meet(self, a, b, data):
        if not self.asker and data.startswith(self.words):
            self.asker = a
            time.sleep(self.late_s)
        elif b is self.asker:
            raise OSError("lost")
