"""A real SMTP server (aiosmtpd of Debian) for tests: keeps every message as a file, and refuses whom it is told to refuse."""

import argparse
import asyncio
import itertools
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

options = argparse.ArgumentParser()
options.add_argument("--port", type=int, required=True)
options.add_argument("--folder", required=True)
options.add_argument("--cert")
options.add_argument("--key")
options.add_argument("--user")
options.add_argument("--password")
options.add_argument("--implicit-tls", action="store_true")
options.add_argument("--delay", type=float, default=0.0)
given = options.parse_args()
numbers = itertools.count(len(os.listdir(given.folder)) + 1)


class Keep:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("refused"):
            return "550 5.1.1 no such mailbox here"
        if address.startswith("later"):
            return "450 4.2.0 mailbox is busy"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        number = next(numbers)
        name = os.path.join(given.folder, f"{number:06}.eml")
        with open(name + ".part", "wb") as file:
            for address in envelope.rcpt_tos:
                file.write(f"X-Rcpt: {address}\r\n".encode())
            file.write(b"X-Tls: %s\r\n" % (b"yes" if session.ssl or given.implicit_tls else b"no"))
            file.write(envelope.original_content)
        os.rename(name + ".part", name)
        await asyncio.sleep(given.delay)
        return f"250 2.0.0 queued as {number}"


def allow(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (
        given.user,
        given.password,
    )
    return AuthResult(success=right, handled=right)


context = None
if given.cert:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(given.cert, given.key)


def serve():
    return SMTP(
        Keep(),
        hostname="relay.test",
        tls_context=None if given.implicit_tls else context,
        require_starttls=context is not None and not given.implicit_tls,
        authenticator=allow if given.user else None,
        auth_required=given.user is not None,
        auth_require_tls=given.user is not None and not given.implicit_tls,
        enable_SMTPUTF8=True,
    )


async def main():
    tls = context if given.implicit_tls else None
    server = await asyncio.get_running_loop().create_server(serve, "127.0.0.1", given.port, ssl=tls)
    print("ready", flush=True)
    await server.serve_forever()


try:
    asyncio.run(main())
except KeyboardInterrupt:
    sys.exit(0)
