#!/usr/bin/env python3
"""TLS and proxies against a server of the test's own: tls.py PROBE prints TAP."""
import http.server, os, shutil, socket, ssl, subprocess, sys, tempfile, threading

PROBE = sys.argv[1]
results = []


def check(says, good, shown=""):
    results.append(good)
    print(f"{'ok' if good else 'not ok'} {len(results)} - {says}")
    if not good:
        print("# " + shown.replace("\n", "\n# "))


def probe(*args):
    return subprocess.run([PROBE, *args], capture_output=True, text=True, timeout=60).stdout


def openssl(folder, *args):
    subprocess.run(["openssl", *args], cwd=folder, check=True, capture_output=True)


def certify(folder, name, days, names):
    """A certificate of our own authority for these names."""
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key",
            "-out", name + ".csr", "-subj", "/CN=" + name)
    with open(os.path.join(folder, name + ".ext"), "w") as f:
        f.write("subjectAltName=" + names)
    openssl(folder, "x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", str(days), "-extfile", name + ".ext",
            "-out", name + ".pem")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"hello from " + self.server.name.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass  # a client that breaks off the handshake is what some cases are about


def serve(folder, name):
    server = QuietServer(("127.0.0.1", 0), Handler)
    server.name = name
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, name + ".pem"),
                            os.path.join(folder, name + ".key"))
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


class Proxy:
    """Leads every CONNECT to one port of this machine, whatever was asked for."""

    def __init__(self, to):
        self.to, self.asked = to, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            client, _ = self.socket.accept()
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4096)
            self.asked.append(head.split(b"\r\n")[0].decode())
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            server = socket.create_connection(("127.0.0.1", self.to))
            for a, b in ((client, server), (server, client)):
                threading.Thread(target=self.pump, args=(a, b), daemon=True).start()

    @staticmethod
    def pump(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        finally:
            try:
                b.shutdown(socket.SHUT_WR)
            except OSError:
                pass


def main():
    if not shutil.which("openssl"):
        print("1..0 # SKIP no openssl command to make certificates with")
        return
    folder = tempfile.mkdtemp(prefix="aisle-tls-")
    try:
        openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key",
                "-out", "ca.pem", "-days", "30", "-subj", "/CN=A test's own")
        certify(folder, "good", 30, "IP:127.0.0.1,DNS:shop.example")
        certify(folder, "other", 30, "DNS:other.example")
        run(folder)
    finally:
        shutil.rmtree(folder)
    print(f"1..{len(results)}")
    sys.exit(0 if all(results) else 1)


def run(folder):
    ca = "ca=" + os.path.join(folder, "ca.pem")
    good, other = serve(folder, "good"), serve(folder, "other")
    at = f"https://127.0.0.1:{good}/"

    out = probe(at)
    check("an unknown authority is a matter of configuration, and says what helps",
          out.startswith("config ") and "CA file" in out, out)
    out = probe(at, ca)
    check("with its own CA file it is trusted", out == "ok 200 hello from good\n", out)
    out = probe(f"https://127.0.0.1:{other}/", ca)
    check("a certificate of another name is not", out.startswith("config "), out)
    out = probe(at, "ca=" + os.path.join(folder, "good.key"))
    check("a CA file without certificates is named",
          out.startswith("config ") and "good.key" in out, out)

    proxy = Proxy(good)
    through = f"proxy=http://127.0.0.1:{proxy.port}"
    out = probe("https://shop.example/", ca, through)
    check("https goes through a proxy as a tunnel",
          out == "ok 200 hello from good\n"
          and proxy.asked == ["CONNECT shop.example:443 HTTP/1.1"], out + str(proxy.asked))
    out = probe("https://shop.example/", ca, through, "reach=public")
    check("also what is for the public only: the proxy resolves the name",
          out == "ok 200 hello from good\n", out)
    proxy.asked.clear()
    out = probe(at, ca, through)
    check("this machine is not asked through a proxy",
          out == "ok 200 hello from good\n" and not proxy.asked, out + str(proxy.asked))
    out = probe("https://shop.example/", ca, through, "reach=loopback")
    check("nor what may go to this machine only", not out.startswith("ok ") and not proxy.asked,
          out + str(proxy.asked))
    out = probe("https://other.example/", ca, through)
    check("a proxy that leads elsewhere is found out", out.startswith("config "), out)


main()
