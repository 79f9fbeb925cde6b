"""Link identity: one spelling a URL, so that a story listed twice under two spellings is one article."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from urllib.parse import quote_from_bytes, unquote_to_bytes, urljoin, urlsplit

# Parameters that say how a reader came, never what is read. Matched without regard to case.
TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "at_", "ns_", "wt.", "_hs", "oly_", "vero_", "itm_")
_TRACKING = """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh li_fat_id mc_cid mc_eid
    mkt_tok cmpid cmp campaign_id s_cid sc_cid ocid icid ref ref_src ref_url referrer source_ref src fb_ref fb_source
    fb_action_ids fb_action_types action_object_map action_type_map spref share shared sharer share_from sfnsn
    mibextid xtor ncid sr_share smid smtyp feature soc_src soc_trk guccounter guce_referrer guce_referrer_sig
    __twitter_impression _ga _gl _gac ga_source wpmp_switcher amp outputtype usqp amp_js_v amp_gsa
    print printable replytocom nocache cachebust sessionid phpsessid jsessionid
"""
TRACKING_PARAMETERS = frozenset(_TRACKING.split())
# RFC 3986: characters that need no escape in a path segment; "%" and "/" are not among them.
_SEGMENT_SAFE = "-._~!$&'()*+,;=:@"
# In a query "+" is a space and "&" and "=" separate, so a literal one stays escaped.
_QUERY_SAFE = "-._~!$'()*,;:@/?"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HIGH_TWICE = re.compile(rb"(?:%(?:25)+[89A-Fa-f][0-9A-Fa-f])+")
_ESCAPED_TWICE = re.compile(rb"%(?:25)+(?=[0-9A-Fa-f]{2})")
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
# Blanks, controls, zero-width and bidirectional marks that come along when an address is copied from a page.
_AROUND = re.compile(
    r"^[\s\x00-\x20\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+|[\s\x00-\x20\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+$"
)
_INSIDE = re.compile(r"[\t\r\n]")


def canonical_url(
    url: str, *, keep_query: Collection[str] = (), folded_hosts: Collection[str] = (), host: str | None = None
) -> str:
    """The one spelling of a web address; applied twice it changes nothing, and no input raises.

    `keep_query` names the parameters that are the identity: where one of them occurs, all others go. Without, every
    parameter stays that is not known to be tracking, because a parameter too many doubles an article and one too few
    hides one. Hosts in `folded_hosts`, and `host` with or without www, become `host`. What is not an http(s) address
    comes back trimmed.
    """
    text = _INSIDE.sub("", _AROUND.sub("", url))
    if text.startswith("//"):
        text = "https:" + text
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return text
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return text
    name, is_folded = _fold_host(_ascii_host(parts.hostname), port, scheme, host=host, folded_hosts=folded_hosts)
    # http and https serve the same story; a port of its own belongs to its scheme.
    scheme = scheme if _has_port(name) else "https"
    query = _canonical_query(parts.query, keep_query)
    return f"{scheme}://{name}{_canonical_path(parts.path, is_folded=is_folded)}" + (f"?{query}" if query else "")


def joined_address(base: str, address: str) -> str | None:
    """An address found at `base`, made absolute; None for what cannot be taken apart, such as http://[x/."""
    try:
        url = urljoin(base, address)
        urlsplit(url).port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return None
    return url


def without_tracking(url: str, *, keep_query: Collection[str] = ()) -> str:
    """The address as it was written, less the parameters that only say how a reader came: what to ask a server for."""
    address, mark, query = url.partition("?")
    query, hash_sign, fragment = query.partition("#")
    wanted = {name.lower() for name in keep_query}
    kept = [part for part in query.split("&") if _is_wanted(part.partition("=")[0].lower(), wanted)]
    if not mark or len(kept) == len(query.split("&")):
        return url
    return address + ("?" + "&".join(kept) if kept else "") + hash_sign + fragment


def _is_wanted(name: str, wanted: Collection[str]) -> bool:
    return name in wanted or not _is_tracking(name.removeprefix("amp;"))


def link_id(canonical: str) -> str:
    """Identity of a link: 32 hex characters of the sha256 of its canonical URL."""
    return _digest(canonical)


def article_id(portal: str, canonical: str) -> str:
    """Identity of an article: its portal's name and its canonical URL."""
    return _digest(f"{portal}\n{canonical}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _ascii_host(host: str) -> str:
    host = unicodedata.normalize("NFKC", host).rstrip(".").lower()
    if host.isascii():
        return f"[{host}]" if ":" in host else host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _has_port(netloc: str) -> bool:
    return bool(re.search(r":\d+$", netloc))


def _fold_host(
    name: str, port: int | None, scheme: str, *, host: str | None, folded_hosts: Iterable[str]
) -> tuple[str, bool]:
    """The host to spell, with its port, and whether it came from one of the folded hosts."""
    netloc = name if port in (None, _DEFAULT_PORTS[scheme]) else f"{name}:{port}"
    if host is None:
        return netloc, False
    target = host.lower()
    if netloc in {folded.lower() for folded in folded_hosts}:
        return target, True
    return (target, False) if netloc.removeprefix("www.") == target.removeprefix("www.") else (netloc, False)


def _decode_once_or_twice(escaped: bytes) -> bytes:
    """Undo percent-encoding; a double one too, but only where it proves itself by valid UTF-8 beyond ASCII."""
    for run in _HIGH_TWICE.finditer(escaped):
        try:
            unquote_to_bytes(_ESCAPED_TWICE.sub(b"%", run[0])).decode("utf-8")
        except UnicodeDecodeError:
            continue
        return unquote_to_bytes(_ESCAPED_TWICE.sub(b"%", escaped))
    return unquote_to_bytes(escaped)


def _encode(text: str, *, safe: str) -> str:
    """One percent-encoding: UTF-8 in NFC, upper case; bytes that are not UTF-8 stay as they are."""
    raw = _decode_once_or_twice(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogateescape")
    return quote_from_bytes(unicodedata.normalize("NFC", raw).encode("utf-8", "surrogateescape"), safe=safe)


def _canonical_path(path: str, *, is_folded: bool) -> str:
    segments: list[str] = []
    for segment in _SESSION.sub("", path).split("/"):
        spelled = _encode(segment, safe=_SEGMENT_SAFE)
        if spelled == "..":
            segments = segments[:-1]
        elif spelled not in ("", "."):
            segments.append(spelled)
    while len(segments) > 1 and segments[-1].lower() == "amp":
        segments.pop()
    if is_folded and len(segments) > 1 and segments[0].lower() == "amp":
        segments = segments[1:]
    return "/" + "/".join(segments)


def _canonical_query(query: str, keep_query: Collection[str]) -> str:
    pairs: list[tuple[str, str]] = []
    for part in query.replace("&amp;", "&").split("&"):
        if part:
            name, equals, value = part.replace("+", " ").partition("=")
            name = _encode(name, safe=_QUERY_SAFE)
            pairs.append((name, f"{name}{equals}{_encode(value, safe=_QUERY_SAFE)}"))
    wanted = {name.lower() for name in keep_query}
    kept = [pair for pair in pairs if pair[0].lower() in wanted]
    kept = kept or [pair for pair in pairs if not _is_tracking(pair[0].lower())]
    return "&".join(spelled for _, spelled in sorted(dict.fromkeys(kept)))


def _is_tracking(name: str) -> bool:
    return name in TRACKING_PARAMETERS or name.startswith(TRACKING_PREFIXES)
