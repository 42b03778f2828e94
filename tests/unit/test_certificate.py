"""The webhook's own certificate: what of its file goes out, and what is refused; settings that do not go together."""

from functools import cache
from pathlib import Path

import pytest
import trustme

from bot.certificate import CertificateFault, certificate_in, fault_of
from bot.config import Settings
from bot.wiring.web import refuse_contradictions
from tests.support.refusals import refused


@cache
def _made() -> tuple[str, str]:
    """Return a certificate and its key."""
    made = trustme.CA().issue_cert("news.example")
    return made.cert_chain_pems[0].bytes().decode(), made.private_key_pem.bytes().decode()


CERTIFICATE, KEY = _made()
WRONG = {
    "its key behind it": (CERTIFICATE + KEY, CertificateFault.KEY),
    "its key before it": (KEY + CERTIFICATE, CertificateFault.KEY),
    "a key alone": (KEY, CertificateFault.KEY),
    "a key with a password": (CERTIFICATE + KEY.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), CertificateFault.KEY),
    "a key in another case": (CERTIFICATE + KEY.replace("RSA PRIVATE KEY", "rsa private key"), CertificateFault.KEY),
    "a chain": (CERTIFICATE * 2, CertificateFault.SEVERAL),
    "nothing": ("", CertificateFault.NONE),
    "something else": ("-----BEGIN DH PARAMETERS-----\nMIIB\n-----END DH PARAMETERS-----\n", CertificateFault.NONE),
    "something else beside it": (CERTIFICATE + "-----BEGIN X-----\nMIIB\n-----END X-----\n", CertificateFault.NONE),
    "no certificate at all": ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", CertificateFault.NONE),
    "a part of one": (CERTIFICATE[:300], CertificateFault.NONE),
    "bytes": ("\x30\x82\xff\xfe" * 90, CertificateFault.NONE),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_holds_more_or_less_than_a_certificate_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "certificate.pem"
    content, fault = WRONG[name]
    file.write_bytes(content.encode("latin-1"))
    assert fault_of(file) is fault
    with refused(r"^WEBHOOK_CERTIFICATE: this file .*\.$") as caught:
        certificate_in(file)
    assert "MII" not in str(caught.value)


def test_what_goes_out_is_the_certificate_and_nothing_that_stands_round_it(tmp_path: Path) -> None:
    file = tmp_path / "certificate.pem"
    for content in (CERTIFICATE, f"subject=CN = news\n{CERTIFICATE}a word\n", CERTIFICATE.replace("\n", "\r\n")):
        file.write_text(content, encoding="utf-8", newline="")
        assert fault_of(file) is None
        assert certificate_in(file).decode().split() == CERTIFICATE.split()


def test_a_file_that_is_not_there_is_no_surprise(tmp_path: Path) -> None:
    for path in (tmp_path / "none.pem", tmp_path):
        assert fault_of(path) is CertificateFault.UNREADABLE


_LISTENS = {"http_bind": "127.0.0.1:8080", "public_url": "https://news.example"}
TOGETHER: list[tuple[dict[str, str], str]] = [
    ({}, ""),
    ({"webhook": "on", **_LISTENS}, ""),
    ({"webhook": "on", "http_bind": "127.0.0.1:8080"}, "WEBHOOK=on needs PUBLIC_URL"),
    ({"webhook": "on", "public_url": "https://news.example"}, "WEBHOOK=on needs HTTP_BIND"),
    (
        {"webhook": "on", **_LISTENS, "public_url": "http://news.example"},
        "PUBLIC_URL: Telegram brings updates to https",
    ),
    ({"websub_hub": "https://hub.example", **_LISTENS}, ""),
    ({"websub_hub": "https://hub.example", "http_bind": "127.0.0.1:8080"}, "WEBSUB_HUB needs HTTP_BIND and PUBLIC_URL"),
    ({"websub_hub": "https://hub.example", "public_url": "https://news.example"}, "WEBSUB_HUB needs HTTP_BIND"),
]


@pytest.mark.parametrize(("values", "says"), TOGETHER)
def test_settings_of_the_http_side_that_do_not_go_together_are_refused(values: dict[str, str], says: str) -> None:
    settings = Settings(_env_file=None, **values)  # type: ignore[call-arg,arg-type]
    if not says:
        refuse_contradictions(settings)
        return
    with refused(says):
        refuse_contradictions(settings)
