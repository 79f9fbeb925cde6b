"""Link identity: one spelling a URL, so that a story listed twice under two spellings is one article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from urllib.parse import quote_from_bytes, unquote_to_bytes, urljoin, urlsplit

from storage.identity.hosts import authority, named_authority, split_address

# Parameters that say how a reader came, never what is read: click ids and sessions of known programs.
CERTAIN_PREFIXES = ("utm_", "mtm_", "hsa_", "_hs", "oly_", "vero_")
_CERTAIN = """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh li_fat_id mc_cid mc_eid
    mkt_tok fb_ref fb_source fb_action_ids fb_action_types action_object_map action_type_map sfnsn mibextid
    __twitter_impression guccounter guce_referrer guce_referrer_sig _ga _gl _gac usqp amp_js_v amp_gsa phpsessid
    jsessionid
"""
CERTAIN_TRACKING = frozenset(_CERTAIN.split())
# Words that mostly say the same, and by which some portals tell stories apart. Matched without regard to case.
TRACKING_PREFIXES = ("pk_", "at_", "ns_", "wt.", "itm_")
_TRACKING = """
    cmpid cmp campaign_id s_cid sc_cid ocid icid ref ref_src ref_url referrer source_ref src spref share shared sharer
    share_from xtor ncid sr_share smid smtyp feature soc_src soc_trk ga_source wpmp_switcher amp outputtype
    print printable replytocom nocache cachebust sessionid
"""
TRACKING_PARAMETERS = frozenset(_TRACKING.split())
# RFC 3986: characters that need no escape in a path segment; "%" and "/" are not among them.
_SEGMENT_SAFE = "-._~!$&'()*+,;=:@"
# In a query "+" is a space and "&" and "=" separate, so a literal one stays escaped.
_QUERY_SAFE = "-._~!$'()*,;:@/?"
_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_ALLOWED = _UNRESERVED + "!$&'()*+,;=:@/?%"
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_HIGH_TWICE = re.compile(rb"(?:%(?:25)+[89A-Fa-f][0-9A-Fa-f])+")
_ESCAPED_TWICE = re.compile(rb"%(?:25)+(?=[0-9A-Fa-f]{2})")
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
# Blanks, controls, zero-width and bidirectional marks that come along when an address is copied from a page.
_AROUND = re.compile(
    r"^[\s\x00-\x20\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+|[\s\x00-\x20\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+$"
)
_INSIDE = re.compile(r"[\t\r\n]")


class _EveryName(frozenset[str]):
    def __contains__(self, name: object) -> bool:
        return True


# For who does not know the portal's listings: only what is certainly tracking goes.
ANY_NAME: Collection[str] = _EveryName()


def canonical_url(
    url: str,
    *,
    keep_query: Collection[str] = (),
    told_apart_by: Collection[str] = (),
    folded_hosts: Collection[str] = (),
    host: str | None = None,
) -> str:
    """The one spelling of a web address; applied twice it changes nothing, and no input raises.

    `keep_query` names the parameters that are the identity: where one of them occurs, all others go. Without, every
    parameter stays that is not known to be tracking, because a parameter too many doubles an article and one too few
    hides one; those in `told_apart_by` (lower case) stay though they look like tracking. Hosts in `folded_hosts`, and
    `host` with or without www, become `host`. What is not an http(s) address comes back trimmed.
    """
    text = _trimmed(url)
    parts, netloc = split_address(text), authority(text)
    if parts is None or netloc is None:
        return text
    name, is_folded = _fold_host(netloc, host=host, folded_hosts=folded_hosts)
    # http and https serve the same story; a port of its own belongs to its scheme.
    scheme = parts.scheme.lower() if _has_port(name) else "https"
    query = _canonical_query(parts.query, keep_query, told_apart_by)
    return f"{scheme}://{name}{_canonical_path(parts.path, is_folded=is_folded)}" + (f"?{query}" if query else "")


def spelled_url(url: str) -> str:
    """A fetched address in its normal spelling, as columns hold it: the same resource, always in the same letters.

    Host in punycode without its scheme's own port, one form of percent-encoding, no fragment. Unlike `canonical_url`
    nothing is folded or left out: scheme, host, path and query are those that were asked.
    """
    text = _trimmed(url)
    parts, netloc = split_address(text), authority(text)
    if parts is None or netloc is None:
        return text
    query = f"?{_one_escape(parts.query)}" if parts.query else ""
    return f"{parts.scheme.lower()}://{netloc}{_one_escape(parts.path) or '/'}{query}"


def _trimmed(url: str) -> str:
    text = _INSIDE.sub("", _AROUND.sub("", url))
    return "https:" + text if text.startswith("//") else text


def _one_escape(text: str) -> str:
    """Percent-encoding in upper case of all that needs it, and of nothing that does not; what is escaped stays so."""
    escaped = quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe=_ALLOWED)
    return _ESCAPE.sub(_plain_or_upper, escaped)


def _plain_or_upper(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def joined_address(base: str, address: str) -> str | None:
    """An address found at `base`, made absolute; None for what cannot be taken apart, such as http://[x/."""
    try:
        url = urljoin(base, address)
        urlsplit(url).port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return None
    return url


def without_tracking(url: str, *, keep_query: Collection[str] = (), told_apart_by: Collection[str] = ()) -> str:
    """The address as it was written, less the parameters that only say how a reader came: what to ask a server for."""
    address, mark, query = url.partition("?")
    query, hash_sign, fragment = query.partition("#")
    wanted = {name.lower() for name in keep_query}
    kept = [part for part in query.split("&") if _is_wanted(part.partition("=")[0].lower(), wanted, told_apart_by)]
    if not mark or len(kept) == len(query.split("&")):
        return url
    return address + ("?" + "&".join(kept) if kept else "") + hash_sign + fragment


def doubtful_parameters(url: str) -> frozenset[str]:
    """The parameters of an address that are tracking unless the portal's listings tell stories apart by them."""
    query = url.partition("?")[2].partition("#")[0].lower()
    names = {part.partition("=")[0].removeprefix("amp;") for part in query.split("&")} if query else frozenset()
    return frozenset(name for name in names if is_tracking(name) and not is_tracking(name, ANY_NAME))


def without_parameter(url: str, name: str) -> str:
    """The address as it was written, less one parameter (lower case)."""
    address, _, query = url.partition("#")[0].partition("?")
    kept = [part for part in query.split("&") if part.partition("=")[0].lower().removeprefix("amp;") != name]
    return address + ("?" + "&".join(kept) if kept else "")


def parameter_value(url: str, name: str) -> str:
    """The value of one parameter (lower case) as it is written; empty where there is none."""
    query = url.partition("#")[0].partition("?")[2]
    pairs = (part.partition("=") for part in query.split("&"))
    return next((value for key, _, value in pairs if key.lower().removeprefix("amp;") == name), "")


def is_tracking(name: str, told_apart_by: Collection[str] = ()) -> bool:
    """Whether a parameter (lower case) only says how a reader came."""
    if name in CERTAIN_TRACKING or name.startswith(CERTAIN_PREFIXES):
        return True
    return (name in TRACKING_PARAMETERS or name.startswith(TRACKING_PREFIXES)) and name not in told_apart_by


def _is_wanted(name: str, wanted: Collection[str], told_apart_by: Collection[str]) -> bool:
    return name in wanted or not is_tracking(name.removeprefix("amp;"), told_apart_by)


def _has_port(netloc: str) -> bool:
    return bool(re.search(r":\d+$", netloc))


def _fold_host(netloc: str, *, host: str | None, folded_hosts: Iterable[str]) -> tuple[str, bool]:
    """The host to spell, with its port, and whether it came from one of the folded hosts."""
    if host is None:
        return netloc, False
    target = named_authority(host)
    if netloc in map(named_authority, folded_hosts):
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


def _canonical_query(query: str, keep_query: Collection[str], told_apart_by: Collection[str]) -> str:
    pairs: list[tuple[str, str]] = []
    for part in query.replace("&amp;", "&").split("&"):
        if part:
            name, equals, value = part.replace("+", " ").partition("=")
            name = _encode(name, safe=_QUERY_SAFE)
            pairs.append((name, f"{name}{equals}{_encode(value, safe=_QUERY_SAFE)}"))
    wanted = {name.lower() for name in keep_query}
    kept = [pair for pair in pairs if pair[0].lower() in wanted]
    kept = kept or [pair for pair in pairs if not is_tracking(pair[0].lower(), told_apart_by)]
    return "&".join(spelled for _, spelled in sorted(dict.fromkeys(kept)))
