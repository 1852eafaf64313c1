#!/usr/bin/env python3
"""A real mail server for the tests: aiosmtpd, with faults on request.

    smtp_server.py 0 --mailbox DIR [--tls CERT KEY | --starttls CERT KEY] [--user U --password P]
                     [--token T] [--misbehave MODE [ARGUMENT]]... [--size-limit BYTES]

Prints "PORT n" on a line of its own once it listens (port 0: one of its choosing), and ends with the process that
started it, or on SIGTERM. Every mail that it takes over is NNNNN.eml as received, then NNNNN.json with its envelope: a
mail counts as taken over when the .json is there, which is before the 250 goes out. How many connections there were
stands in the file connections.

Modes of --misbehave, any number of them:
    refuse-550-for ADDRESS  550 to that recipient
    450-then-250            450 to a recipient's first RCPT, 250 from the second on
    421-midway [N]          421 and goodbye to the second (N + 1st) mail of a connection
    drop-after-data         takes the mail over and closes the connection without a word
    lose-after-data         the same, but throws the mail away
    drop-in-data            closes the connection amid the message
    refuse-in-data          552 and goodbye amid the message
    stall-in-data           stops reading amid the message and says nothing more
    552                     552 to the final dot
    554                     554 to the final dot
    451                     451 to the final dot
    answer WORDS            these words, code and all, to the final dot
    535                     every login is refused
    5.7.30                  every login is refused as Exchange Online does
    530                     530 to MAIL where nobody logged in
    no-auth                 offers no login
    no-starttls             offers no STARTTLS
    slow-reply SECONDS      waits before every answer
    dribble SECONDS         says every answer byte by byte, so long apart
    delay SECONDS           waits between taking a mail over and its 250
    silent-rcpt             never answers RCPT
    reject-connection       554 as a greeting
"""
import argparse
import asyncio
import base64
import hashlib
import json
import os
import re
import signal
import ssl
import sys
import time
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, AuthResult

FOR_EVER = 3600


class Mailbox:
    """Numbers mails and writes them: the mail first, then, at once and whole, what counts."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        numbers = [int(name[:-5]) for name in os.listdir(folder) if re.fullmatch(r"\d+\.json", name)]
        self.next = max(numbers, default=0) + 1

    def add(self, content, envelope):
        number, self.next = self.next, self.next + 1
        stem = os.path.join(self.folder, f"{number:05d}")
        with open(stem + ".eml", "wb") as file:
            file.write(content)
        with open(stem + ".tmp", "w", encoding="utf-8") as file:
            json.dump(envelope, file, ensure_ascii=False)
        os.rename(stem + ".tmp", stem + ".json")
        return number


class Server(SMTP):
    """One connection. Faults of the wire are here, faults of an answer in the handler."""

    connections = 0

    def __init__(self, handler, faults, **settings):
        super().__init__(handler, **settings)
        self.faults = faults
        self.mails = 0
        Server.connections += 1
        self.number = Server.connections
        with open(os.path.join(handler.mailbox.folder, "connections"), "w", encoding="ascii") as file:
            file.write(f"{self.number}\n")

    async def push(self, status):
        if "slow-reply" in self.faults:
            await asyncio.sleep(float(self.faults["slow-reply"]))
        if "reject-connection" in self.faults:
            status = "554 5.7.1 connections from you are not taken here"
        if "dribble" in self.faults:
            for byte in (status if isinstance(status, bytes) else status.encode("ascii")) + b"\r\n":
                self._writer.write(bytes([byte]))
                await self._writer.drain()
                await asyncio.sleep(float(self.faults["dribble"]))
        else:
            await super().push(status)
        text = status if isinstance(status, str) else status.decode("ascii", "replace")
        if text.startswith("421") or "reject-connection" in self.faults:
            self.transport.close()

    async def smtp_DATA(self, argument):
        fault = next((name for name in ("drop-in-data", "refuse-in-data", "stall-in-data") if name in self.faults), None)
        if fault is None:
            return await super().smtp_DATA(argument)
        await super().push("354 go ahead")
        await self._reader.read(100)
        if fault == "stall-in-data":
            self.transport.pause_reading()
            await asyncio.sleep(FOR_EVER)
        if fault == "refuse-in-data":
            await super().push("552 5.3.4 that is too much")
            # what is still on its way is read for a while, so that the answer is not lost in a reset
            try:
                while await asyncio.wait_for(self._reader.read(1 << 16), 1):
                    pass
            except asyncio.TimeoutError:
                pass
            self.transport.close()
            return None
        self.transport.abort()
        return None


class Handler:
    """Takes mails over, or does not."""

    def __init__(self, mailbox, faults, login):
        self.mailbox = mailbox
        self.faults = faults
        self.seen = set()
        self.user, self.token = login

    async def auth_XOAUTH2(self, server, arguments):
        """As Google and Microsoft do it: who is refused is told why, and says an empty line before the 535 comes."""
        given = base64.b64decode(arguments[1]).decode() if len(arguments) > 1 else ""
        if "535" not in self.faults and given == f"user={self.user}\x01auth=Bearer {self.token}\x01\x01":
            server.session.mechanism = "XOAUTH2"
            return AuthResult(success=True, auth_data=self.user)
        why = base64.b64encode(b'{"status":"401","schemes":"bearer","scope":"SMTP.Send"}').decode()
        await server.push(f"334 {why}")
        await server._reader.readline()
        return AuthResult(success=False, handled=False)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        hidden = ("no-auth" in self.faults and "AUTH") or None
        lines = [line for line in responses if not (hidden and line[4:].startswith(hidden))]
        if "no-starttls" in self.faults:
            lines = [line for line in lines if line[4:] != "STARTTLS"]
        return [line for line in lines if line[4:].strip() != "AUTH"]

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "530" in self.faults and not session.authenticated:
            return "530 5.7.0 authentication required"
        server.mails += 1
        if "421-midway" in self.faults and server.mails > int(self.faults["421-midway"] or 1):
            return "421 4.7.0 too many mails on one connection"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.faults.get("refuse-550-for") == address:
            return "550 5.1.1 no such user here"
        if "silent-rcpt" in self.faults:
            await asyncio.sleep(FOR_EVER)
        if "450-then-250" in self.faults and address not in self.seen:
            self.seen.add(address)
            return "450 4.2.0 greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        for code, words in (("552", "5.3.4 message too big"), ("554", "5.7.1 DT:SPM"), ("451", "4.3.0 try later")):
            if code in self.faults:
                return f"{code} {words}"
        if "answer" in self.faults:
            return self.faults["answer"]
        if "lose-after-data" in self.faults:
            server.transport.abort()
            return "250 nobody hears this"
        content = envelope.original_content
        number = self.mailbox.add(content, {
            "mail_from": envelope.mail_from,
            "rcpt_tos": envelope.rcpt_tos,
            "message_id": message_from_bytes(content)["Message-ID"],
            "sha256": hashlib.sha256(content).hexdigest(),
            "hello": session.host_name,
            "tls": session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
            "login": session.auth_data if session.authenticated else None,
            "mechanism": getattr(session, "mechanism", None),
            "connection": server.number,
            "at": time.time(),
        })
        if "drop-after-data" in self.faults:
            server.transport.abort()
        if "delay" in self.faults:
            await asyncio.sleep(float(self.faults["delay"]))
        return f"250 2.0.0 queued as {number:05d}"


def authenticator(user, password, faults):
    def check(server, session, envelope, mechanism, data):
        if "5.7.30" in faults:
            words = "550 5.7.30 Basic authentication is not supported for Client Submission"
            return AuthResult(success=False, handled=False, message=words)
        given = (data.login.decode(), data.password.decode())
        if "535" in faults or given != (user, password):
            return AuthResult(success=False, handled=False)
        session.mechanism = mechanism
        return AuthResult(success=True, auth_data=given[0])
    return check


def context(pair):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*pair)
    return made


async def serve(options):
    faults = {mode[0]: (mode[1] if len(mode) > 1 else None) for mode in options.misbehave}
    mailbox = Mailbox(options.mailbox)
    handler = Handler(mailbox, faults, (options.user, options.token))
    settings = {
        "hostname": "localhost",
        "ident": "hedui test server",
        "data_size_limit": options.size_limit,
        # over --tls the server does not know of the encryption itself; without any, the tests want it plain
        "auth_require_tls": options.starttls is not None,
        "tls_context": context(options.starttls) if options.starttls else None,
        "require_starttls": options.starttls is not None and "no-starttls" not in faults,
    }
    if options.user is None:
        settings["auth_exclude_mechanism"] = ["LOGIN", "PLAIN", "XOAUTH2"]
    else:
        settings["authenticator"] = authenticator(options.user, options.password, faults)
        settings["auth_exclude_mechanism"] = ["PLAIN"] * options.login_only + ["XOAUTH2"] * (options.token is None)
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: Server(handler, faults, loop=loop, **settings), "127.0.0.1", options.port,
        ssl=context(options.tls) if options.tls else None)
    print("PORT", listening.sockets[0].getsockname()[1], flush=True)
    parent = os.getppid()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    while not stop.is_set() and os.getppid() == parent:
        try:
            await asyncio.wait_for(stop.wait(), 1)
        except asyncio.TimeoutError:
            pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int)
    parser.add_argument("--mailbox", required=True)
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    parser.add_argument("--starttls", nargs=2, metavar=("CERT", "KEY"))
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--token", help="offer AUTH XOAUTH2 and take this token")
    parser.add_argument("--login-only", action="store_true", help="offer AUTH LOGIN and not PLAIN")
    parser.add_argument("--misbehave", nargs="+", action="append", default=[], metavar=("MODE", "ARGUMENT"))
    parser.add_argument("--size-limit", type=int, default=50_000_000)
    options = parser.parse_args()
    known = set(re.findall(r"^    ([a-z0-9.-]+)(?: |$)", __doc__.split("Modes of")[1], re.M))
    unknown = [mode[0] for mode in options.misbehave if mode[0] not in known]
    if unknown:
        parser.error(f"unknown mode {unknown[0]}; known: {' '.join(sorted(known))}")
    asyncio.run(serve(options))


if __name__ == "__main__":
    sys.exit(main())
