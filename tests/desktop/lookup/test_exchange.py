"""Requests over real HTTP to a server that tries to keep or to mislead us."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from desktop.lookup.exchange import Exchange, Limits, Reply
from desktop.lookup.service_errors import RemoteError, Trouble
from index_tools.errors import Cancelled
from index_tools.progress import Progress
from tests.standins.server import Asked, Server, Told, as_json, drip, endless, running, slow_headers

BOMB = gzip.compress(bytes(50_000_000))
SMALL = Limits(bytes=20_000, total_s=0.6, connect_s=0.5, silence_s=0.3)


def handle(asked: Asked) -> Told:
    if asked.path == "/login":
        return Told(200, b"ok", (("Set-Cookie", "a=b"),))
    if asked.path == "/slow":
        time.sleep(0.5)
    if asked.path == "/bomb":
        return Told(200, BOMB, (("Content-Encoding", "gzip"),))
    if asked.path == "/no-gzip":
        return Told(200, b"not compressed", (("Content-Encoding", "gzip"),))
    if asked.path == "/drip":
        return Told(200, drip(every_s=0.05))
    if asked.path == "/endless":
        return Told(200, endless())
    if asked.path == "/announced":
        return Told(200, b"x", (), length=10_000_000_000)
    if asked.path == "/cut":
        return Told(200, b"x" * 10, (), length=5000)
    if asked.path.startswith("/to/"):
        place = {"next": "/whole", "loop": "/to/loop", "file": "file:///etc/passwd"}
        target = place.get(asked.path[4:], "http://192.0.2.1/")
        return Told(302, b"", (("Location", target),))
    return as_json({"method": asked.method, "body": asked.body.decode()})


@pytest.fixture
def server() -> Iterator[Server]:
    with running(handle) as made:
        yield made


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    made = Exchange("The service")
    yield made
    made.close()


def get(exchange: Exchange, url: str, limits: Limits = SMALL) -> Reply:
    return exchange.send("GET", url, Progress(), limits=limits)


def test_an_answer_comes_whole_whatever_its_status(exchange: Exchange, server: Server) -> None:
    reply = exchange.send(
        "POST", f"{server.url}/whole", Progress(), body=b"body", headers={"X-One": "1"}, limits=SMALL
    )
    assert reply.status == 200
    assert reply.body == b'{"method": "POST", "body": "body"}'
    assert reply.content_type == "application/json"
    assert 0 < reply.took_ms < 600
    assert server.records[0].asked.headers["x-one"] == "1"
    server.fault_next("/", Told(418, b"tea"))
    assert get(exchange, f"{server.url}/x").status == 418


def test_the_connection_is_kept_and_nothing_else_is(exchange: Exchange, server: Server) -> None:
    for path in ("/login", "/whole", "/to/next"):
        assert get(exchange, server.url + path).status == 200
    for record in server.records:
        assert not {"cookie", "authorization", "referer"} & set(record.asked.headers)
        assert record.asked.headers["user-agent"].startswith("SceneLens/")


@pytest.mark.parametrize(
    ("path", "trouble", "words"),
    [
        ("/slow", Trouble.TOO_SLOW, "did not answer in time"),
        ("/drip", Trouble.TOO_SLOW, "did not answer in time"),
        ("/endless", Trouble.NOT_UNDERSTOOD, "sent more than"),
        ("/announced", Trouble.NOT_UNDERSTOOD, "sent more than"),
        ("/bomb", Trouble.NOT_UNDERSTOOD, "sent more than"),
        ("/no-gzip", Trouble.NOT_UNDERSTOOD, "garbled"),
        ("/cut", Trouble.NOT_UNDERSTOOD, "cut short"),
        ("/to/loop", Trouble.NOT_UNDERSTOOD, "redirects without end"),
        ("/to/file", Trouble.NOT_UNDERSTOOD, "another place, where nothing was sent"),
        ("/to/other", Trouble.NOT_UNDERSTOOD, "192.0.2.1, where nothing was sent"),
    ],
)
def test_what_goes_wrong_is_a_sentence_in_time(
    exchange: Exchange, server: Server, path: str, trouble: Trouble, words: str
) -> None:
    begun = time.monotonic()
    with pytest.raises(RemoteError, match=words) as caught:
        get(exchange, server.url + path)
    assert caught.value.trouble is trouble
    assert time.monotonic() - begun < 2


def test_headers_that_come_a_letter_at_a_time_are_given_up(exchange: Exchange) -> None:
    """Each letter comes in time; a limit for each read alone would wait for ever."""
    with slow_headers() as url:
        begun = time.monotonic()
        with pytest.raises(RemoteError, match="did not answer in time"):
            get(exchange, url)
        assert time.monotonic() - begun < 1.5


def test_nobody_listens_and_no_such_name(exchange: Exchange) -> None:
    for url in ("http://127.0.0.1:9/", "http://no-such-host.invalid/"):
        with pytest.raises(RemoteError, match="could not be reached") as caught:
            get(exchange, url)
        assert caught.value.trouble is Trouble.UNREACHABLE


def test_what_is_no_http_is_a_sentence(exchange: Exchange) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def babble() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        with pytest.raises(RemoteError, match=r"The service .+\."):
            get(exchange, f"http://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody signed but itself, made on the spot."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-in")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = tmp_path / "certificate.pem"
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_of_nobody_is_refused(
    exchange: Exchange, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with running(handle, tls=context) as server:
        with pytest.raises(RemoteError, match="could not prove who it is") as caught:
            get(exchange, server.url)
        assert caught.value.trouble is Trouble.UNREACHABLE
        assert server.records == []
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert get(exchange, f"{server.url}/whole").status == 200
        with pytest.raises(RemoteError, match="did not answer in time"):
            get(exchange, f"{server.url}/drip")


def test_who_cannot_speak_tls_gets_nothing(exchange: Exchange, server: Server) -> None:
    with pytest.raises(RemoteError) as caught:
        get(exchange, server.url.replace("http://", "https://"))
    assert caught.value.trouble is Trouble.UNREACHABLE
    assert server.records == []


def test_proxies_come_from_the_environment(
    exchange: Exchange, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    assert get(exchange, "http://service.invalid/whole").status == 200
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(RemoteError, match="proxy in front of The service"):
        get(exchange, "http://service.invalid/whole")


def test_giving_up_ends_a_request_under_way(exchange: Exchange, server: Server) -> None:
    patient = Limits(total_s=20, silence_s=20)
    for path in ("/slow", "/drip"):
        progress = Progress()
        threading.Timer(0.1, progress.cancel).start()
        begun = time.monotonic()
        with pytest.raises(Cancelled):
            exchange.send("GET", server.url + path, progress, limits=patient)
        assert time.monotonic() - begun < 0.45
    with pytest.raises(Cancelled):
        exchange.send("GET", server.url, progress)
    progress = Progress()
    threading.Timer(0.1, progress.cancel).start()
    kind = replace(patient, grace_s=5.0)
    assert exchange.send("GET", f"{server.url}/slow", progress, limits=kind).status == 200
