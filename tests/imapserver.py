"""A mailbox on the loopback interface, that speaks as much IMAP as fetching needs."""

import re
import socketserver
import threading

from tests.mailserver import free_port


class MailboxServer(socketserver.ThreadingTCPServer):
    """Holds `messages`; `seen` are the numbers of those that were marked as read. Signs in `user` with `pass@word`."""

    daemon_threads = True

    def __init__(self, *messages: bytes):
        self.messages, self.seen = list(messages), set()
        self.port = free_port()
        super().__init__(("127.0.0.1", self.port), Session)

    @property
    def url(self) -> str:
        return f"imap://user:pass%40word@127.0.0.1:{self.port}/INBOX"

    def __enter__(self) -> "MailboxServer":
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *exception) -> None:
        self.shutdown()
        super().__exit__(*exception)


class Session(socketserver.StreamRequestHandler):
    """Each command is answered by the method of its name."""

    def handle(self):
        self.say(b"* OK ready")
        for line in self.rfile:
            tag, _blank, asked = line.decode().strip().partition(" ")
            command, _blank, rest = asked.removeprefix("UID ").partition(" ")
            status = getattr(self, f"do_{command.lower()}", self.do_nothing)(rest) or "OK"
            self.say(f"{tag} {status} done".encode())

    def say(self, line: bytes):
        self.wfile.write(line + b"\r\n")

    def do_nothing(self, _rest):
        pass

    def do_capability(self, _rest):
        self.say(b"* CAPABILITY IMAP4rev1")

    def do_login(self, rest):
        return "OK" if rest == 'user "pass@word"' else "NO"

    def do_search(self, _rest):
        unseen = [number for number, _raw in enumerate(self.server.messages, 1) if number not in self.server.seen]
        self.say(f"* SEARCH {' '.join(map(str, unseen))}".encode())

    def do_fetch(self, rest):
        number, most = map(int, re.match(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", rest).groups())
        raw = self.server.messages[number - 1][:most]
        self.say(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(raw)}}}".encode())
        self.say(raw + b")")

    def do_store(self, rest):
        number, flags = rest.split(" ", 1)
        if flags == "+FLAGS.SILENT (\\Seen)":
            self.server.seen.add(int(number))

    def do_logout(self, _rest):
        self.say(b"* BYE")
