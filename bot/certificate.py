"""The webhook's own certificate: Telegram is given it, and nothing else that its file may hold."""

import re
import ssl
from enum import StrEnum
from pathlib import Path

from bot.errors import ConfigError

_MOST_BYTES = 65_536
_BEGIN = re.compile(r"-----BEGIN ([^-\n]{1,60})-----")
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


class CertificateFault(StrEnum):
    """What is wrong with the file of a certificate."""

    UNREADABLE = "unreadable"
    KEY = "key"
    NONE = "none"
    SEVERAL = "several"


def fault_of(path: Path) -> CertificateFault | None:
    """Return what is wrong with the file of a certificate; None when it holds one, and nothing that is secret."""
    found = _look(path)
    return found if isinstance(found, CertificateFault) else None


def certificate_in(path: Path) -> bytes:
    """Return the certificate in a file, written anew: whatever else is in the file is not in it.

    Raises:
        ConfigError: there is not exactly one, or a private key beside it.

    """
    found = _look(path)
    if isinstance(found, CertificateFault):
        raise ConfigError("config-certificate", why=found.value)
    return found


def _look(path: Path) -> bytes | CertificateFault:
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("latin-1")
    except OSError:
        return CertificateFault.UNREADABLE
    labels = _BEGIN.findall(text)
    if any("KEY" in label.upper() for label in labels):
        return CertificateFault.KEY
    blocks = _CERTIFICATE.findall(text)
    if len(blocks) > 1:
        return CertificateFault.SEVERAL
    if len(blocks) != len(labels) or not blocks:
        return CertificateFault.NONE
    try:
        written = ssl.DER_cert_to_PEM_cert(ssl.PEM_cert_to_DER_cert(blocks[0]))
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=written)
    except (ValueError, ssl.SSLError):
        return CertificateFault.NONE
    return written.encode()
