"""Where alerts go: e-mail, a Slack-compatible webhook or a Telegram-compatible one, said by one address.

The address holds passwords and tokens: it comes from the environment, and nothing of it but the host is ever told.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import re
import smtplib
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from storage.errors import RetryLater, StageFailed, UsageError

TIMEOUT_SECONDS = 15.0  # of each step of a connection; an operator waits longer for nothing
MAX_TEXT = 3_500  # characters; Telegram refuses more than 4,096
MAX_REPLY_BYTES = 4_096
MAX_WAIT_SECONDS = 3_600.0  # of what a channel may ask us to wait
SMTP_PORT, SMTP_TLS_PORT = 587, 465
_JOINER = "\u2060"  # a sign without width
_LINK_OR_IMAGE = re.compile(r"\](?=\()")
_URL = re.compile(r"https?://\S+")
_TRY_AGAIN = {408, 425, 429}
_FORMS = (
    "smtp://user:password@host:587/?from=a@example.org&to=b@example.org, slack://hooks.slack.com/services/…, "
    "telegram://:token@api.telegram.org/?chat=…"
)


@dataclass(frozen=True)
class Message:
    """One alert: a line, and what is under it."""

    subject: str
    text: str

    @property
    def whole(self) -> str:
        """Both, as a chat shows it, short enough for every channel."""
        return _in_lines(f"{self.subject}\n{self.text}")


class Channel(Protocol):
    """A way to reach the operator."""

    def send(self, message: Message) -> None:
        """Deliver; raises RetryLater (not reachable, busy) or StageFailed (refused). Neither names a secret."""
        ...


def open_channel(address: str) -> Channel:
    """The channel an address stands for; raises UsageError, which does not repeat the address."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
        options = dict(parse_qsl(parts.query))
    except ValueError:
        raise _wrong("it is not an address") from None
    if not host:
        raise _wrong("it names no host")
    if parts.scheme in ("smtp", "smtps"):
        return _mail(parts, host, options)
    base = f"{_web_scheme(options, host)}://{parts.netloc.rpartition('@')[2]}"
    if parts.scheme == "slack":
        return SlackWebhook(host, base + unquote(parts.path))
    if parts.scheme == "telegram":
        token = unquote(parts.password or "")
        if not (token and options.get("chat")):
            raise _wrong("a Telegram address needs a token, as password, and a chat")
        return TelegramBot(host, f"{base}/bot{quote(token, safe=':')}/sendMessage", options["chat"])
    raise _wrong("it begins with none of smtp, slack, telegram")


@dataclass(frozen=True)
class SlackWebhook:
    """An incoming webhook as Slack, Mattermost and Rocket.Chat have it."""

    host: str
    url: str = field(repr=False)

    def send(self, message: Message) -> None:
        """See Channel. Slack's own markup in the text is escaped: `<!channel>` from a web page must call nobody."""
        text = _calling_nobody(message.whole)
        for sign, spelled in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            text = text.replace(sign, spelled)
        _post(self.host, self.url, {"text": text})


@dataclass(frozen=True)
class TelegramBot:
    """A bot that writes into one chat, as plain text without markup or previews."""

    host: str
    url: str = field(repr=False)
    chat: str

    def send(self, message: Message) -> None:
        """See Channel."""
        text = _calling_nobody(message.whole)
        _post(self.host, self.url, {"chat_id": self.chat, "text": text, "disable_web_page_preview": True})


@dataclass(frozen=True)
class Mailer:
    """A mail server. `security`: starttls, tls from the first byte, or none (loopback only, or without a password)."""

    host: str
    port: int
    sender: str
    recipients: tuple[str, ...]
    security: str
    user: str = ""
    password: str = field(default="", repr=False)

    def send(self, message: Message) -> None:
        """See Channel. A server that does not offer STARTTLS gets no password and no message."""
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = message.subject, self.sender, ", ".join(self.recipients)
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notices must not answer
        mail.set_content(_in_lines(message.text))
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPResponseException as error:
            raise _refused(f"mail server {self.host}", error.smtp_code, later=error.smtp_code < 500) from None
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _refused(f"mail server {self.host}", codes[0], later=max(codes) < 500) from None
        except smtplib.SMTPNotSupportedError:
            raise StageFailed(
                f"mail server {self.host} offers no STARTTLS or no login", remedy="correct `security` in the address"
            ) from None
        except (OSError, ValueError) as error:
            raise _unreachable(f"mail server {self.host}", error) from None

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def ping(address: str) -> None:
    """Call a dead man's switch. Raises RetryLater, StageFailed or UsageError; none of them names more than the host."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))):
        raise UsageError("WARRAQ_ALERTS_PING is no https address", remedy="write it as https://hc-ping.com/…")
    _ask(host, urllib.request.Request(address))  # noqa: S310 - https, or loopback


def _calling_nobody(text: str) -> str:
    """A text in which no name is a mention and no words are a link: Mattermost, Rocket.Chat and Telegram know @all."""
    unlinked = _LINK_OR_IMAGE.sub(f"]{_JOINER}", text)
    return _URL.sub(lambda url: url[0].replace("@", "%40"), unlinked).replace("@", f"@{_JOINER}")


def _in_lines(text: str) -> str:
    """At most MAX_TEXT characters, in whole lines."""
    if len(text) <= MAX_TEXT:
        return text
    end = text.rfind("\n", 0, MAX_TEXT - 1)
    return f"{text[: end if end > MAX_TEXT // 2 else MAX_TEXT - 2]}\n…"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A webhook that moved is refused: its secret would go to an address nobody has chosen."""


def _post(host: str, url: str, fields: dict[str, object]) -> None:
    request = urllib.request.Request(  # noqa: S310 - the scheme is http or https, see _web_scheme
        url, data=json.dumps(fields).encode(), headers={"Content-Type": "application/json; charset=utf-8"}
    )
    _ask(host, request)


def _ask(host: str, request: urllib.request.Request) -> None:
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as reply:
            reply.read(MAX_REPLY_BYTES)
    except urllib.error.HTTPError as error:
        with error:
            wait = _seconds(error.headers.get("Retry-After"))
        raise _refused(host, error.code, later=error.code in _TRY_AGAIN or error.code >= 500, wait=wait) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _unreachable(host, error) from None


def _mail(parts: SplitResult, host: str, options: dict[str, str]) -> Mailer:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    security = "tls" if parts.scheme == "smtps" else options.get("security", "starttls")
    recipients = tuple(filter(None, (one.strip() for one in options.get("to", "").split(","))))
    sender = options.get("from") or (user if "@" in user else "")
    if security not in ("starttls", "tls", "none"):
        raise _wrong("`security` is none of starttls, tls, none")
    if security == "none" and user and not _is_loopback(host):
        raise _wrong("a password would go over the network in the clear")
    if not (sender and recipients) or any(sign in sender + "".join(recipients) for sign in "\r\n"):
        raise _wrong("an e-mail address needs `from` and `to`")
    port = parts.port or (SMTP_TLS_PORT if security == "tls" else SMTP_PORT)
    return Mailer(host, port, sender, recipients, security, user, password)


def _web_scheme(options: dict[str, str], host: str) -> str:
    if options.get("scheme", "https") == "https":
        return "https"
    if options["scheme"] == "http" and _is_loopback(host):
        return "http"
    raise _wrong("plain http is for loopback only: the address itself is the secret")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _seconds(text: str | None) -> float | None:
    return min(float(text), MAX_WAIT_SECONDS) if text and text.isascii() and text.isdigit() else None


def _wrong(why: str) -> UsageError:
    return UsageError(f"the address of the alerts is wrong: {why}", remedy=f"write it as one of {_FORMS}")


def _refused(where: str, code: int, *, later: bool, wait: float | None = None) -> RetryLater | StageFailed:
    message = f"the alert was not taken: {where} answered {code}"
    if later:
        return RetryLater(message, remedy="it is sent again with the next look", retry_after_seconds=wait)
    return StageFailed(message, remedy="correct the address, the password or the recipients of the alerts")


def _unreachable(where: str, error: Exception) -> RetryLater:
    # Only the type: the text of an exception may quote the address.
    return RetryLater(
        f"the alert was not sent: {where} ({type(error).__name__})", remedy="it is sent again with the next look"
    )
