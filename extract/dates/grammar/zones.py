"""Time zones: of a portal, of a country, and as they are named beside a clock time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

# The zone of a country's newsrooms; XX (pan-Arab) has none.
COUNTRY_ZONES = {
    "AE": "Asia/Dubai",
    "BH": "Asia/Bahrain",
    "DJ": "Africa/Djibouti",
    "DZ": "Africa/Algiers",
    "EG": "Africa/Cairo",
    "IQ": "Asia/Baghdad",
    "IR": "Asia/Tehran",
    "JO": "Asia/Amman",
    "KM": "Indian/Comoro",
    "KW": "Asia/Kuwait",
    "LB": "Asia/Beirut",
    "LY": "Africa/Tripoli",
    "MA": "Africa/Casablanca",
    "MR": "Africa/Nouakchott",
    "OM": "Asia/Muscat",
    "PS": "Asia/Hebron",
    "QA": "Asia/Qatar",
    "SA": "Asia/Riyadh",
    "SD": "Africa/Khartoum",
    "SO": "Africa/Mogadishu",
    "SY": "Asia/Damascus",
    "TN": "Africa/Tunis",
    "TR": "Europe/Istanbul",
    "YE": "Asia/Aden",
}
# «بتوقيت القاهرة», (مكة المكرمة): places as folded by fold_date_text. عمان is left out: Amman or Oman.
PLACES_OF_ZONES = {
    "غرينتش": "UTC",
    "جرينتش": "UTC",
    "غرينيتش": "UTC",
    "جرينيتش": "UTC",
    "مكه المكرمه": "Asia/Riyadh",
    "مكه": "Asia/Riyadh",
    "السعوديه": "Asia/Riyadh",
    "الرياض": "Asia/Riyadh",
    "العيون": "Africa/El_Aaiun",
    "نواكشوط": "Africa/Nouakchott",
    "مقديشو": "Africa/Mogadishu",
    "جيبوتي": "Africa/Djibouti",
    "عدن": "Asia/Aden",
    "المنامه": "Asia/Bahrain",
    "مسقط": "Asia/Muscat",
    "القاهره": "Africa/Cairo",
    "مصر": "Africa/Cairo",
    "الامارات": "Asia/Dubai",
    "ابوظبي": "Asia/Dubai",
    "ابو ظبي": "Asia/Dubai",
    "دبي": "Asia/Dubai",
    "بغداد": "Asia/Baghdad",
    "دمشق": "Asia/Damascus",
    "بيروت": "Asia/Beirut",
    "القدس": "Asia/Hebron",
    "فلسطين": "Asia/Hebron",
    "غزه": "Asia/Gaza",
    "الرباط": "Africa/Casablanca",
    "المغرب": "Africa/Casablanca",
    "الجزائر": "Africa/Algiers",
    "تونس": "Africa/Tunis",
    "طرابلس": "Africa/Tripoli",
    "ليبيا": "Africa/Tripoli",
    "الدوحه": "Asia/Qatar",
    "الكويت": "Asia/Kuwait",
    "صنعاء": "Asia/Aden",
    "الخرطوم": "Africa/Khartoum",
    "طهران": "Asia/Tehran",
    "موسكو": "Europe/Moscow",
}
# Minutes east of Greenwich of abbreviations with one meaning in the Arab press and in RFC 822.
_ABBREVIATIONS = {
    "z": 0,
    "gmt": 0,
    "utc": 0,
    "ut": 0,
    "wet": 0,
    "cet": 60,
    "met": 60,
    "west": 60,
    "bst": 60,
    "cest": 120,
    "mest": 120,
    "eet": 120,
    "eest": 180,
    "msk": 180,
    "trt": 180,
    "irst": 210,
    "irdt": 270,
    "gst": 240,
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
}
# Those with several meanings: Arabia or Atlantic, Israel or India. A portal that writes one means its own clock.
_AMBIGUOUS = frozenset({"ast", "adt", "ist", "idt"})
_PLACE = "|".join(sorted(PLACES_OF_ZONES, key=len, reverse=True))
_ABBREVIATION = "|".join(sorted({*_ABBREVIATIONS, *_AMBIGUOUS}, key=len, reverse=True))
_OFFSET = r"[+-](?:1[0-4]|0?\d)(?::?[0-5]\d)?"
_AFTER = re.compile(
    rf"(?P<bare>(?:\s?\+|-)(?:1[0-4]|0\d):?[0-5]\d)(?![\d:])"
    r"|(?P<spaced>\s-(?:1[0-2]|0\d)[0-5]\d)(?![\d:])"
    # «10:15:30+00», as PostgreSQL prints it; behind a blank only where nothing follows.
    r"|(?P<hours>\+(?:1[0-4]|0\d)|-(?:1[0-2]|0\d)(?=$)|\s\+(?:1[0-4]|0?\d)(?=$)|\s-(?:1[0-2]|0\d)(?=$))(?![\d:/.-])"
    rf"|\s*[(,\[-]?\s*(?:ب?توقيت\s+)?(?P<name>{_ABBREVIATION})\s*(?P<offset>{_OFFSET})?(?![^\W_])\s*[)\]]?"
    rf"|\s*(?:\(\s*(?:ب?توقيت\s+)?|,?\s*ب?توقيت\s+)(?P<place>{_PLACE})(?![^\W_])\s*\)?"
)
_BEFORE = re.compile(rf"(?<![^\W_])(?P<name>gmt|utc)\s*(?P<offset>{_OFFSET})?\s*[:,-]?\s*$")


@dataclass(frozen=True)
class WrittenZone:
    """A zone that stands beside a clock time, with its place in the text; `zone` is None for a name of several."""

    start: int
    end: int
    zone: tzinfo | None


@lru_cache(maxsize=256)
def zone_named(name: str) -> tzinfo | None:
    """The zone of an IANA name; None for one that does not exist."""
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def portal_zone(timezone_name: str | None, country: str | None) -> tzinfo | None:
    """The zone of a portal's clock: its own, else its country's, else none."""
    name = timezone_name or COUNTRY_ZONES.get((country or "").upper())
    return zone_named(name) if name else None


def zone_beside(text: str, start: int, end: int) -> WrittenZone | None:
    """The zone directly after a clock time from `start` to `end` of a folded text, or directly before: «GMT 17:27»."""
    if match := _AFTER.match(text, end):
        groups = match.groupdict()
        if groups["place"]:
            return WrittenZone(match.start(), match.end(), zone_named(PLACES_OF_ZONES[groups["place"]]))
        written = groups["bare"] or groups["spaced"] or groups["hours"] or groups["offset"]
        return WrittenZone(match.start(), match.end(), _fixed(groups["name"], written))
    if match := _BEFORE.search(text, max(0, start - 16), start):
        return WrittenZone(match.start(), match.end(), _fixed(match["name"], match["offset"]))
    return None


def _fixed(name: str | None, offset: str | None) -> tzinfo | None:
    if offset:
        digits = offset.strip()[1:].replace(":", "")
        hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
        return timezone((-1 if "-" in offset else 1) * timedelta(hours=hours, minutes=minutes))
    if name is None or name in _AMBIGUOUS:
        return None
    return timezone(timedelta(minutes=_ABBREVIATIONS[name])) if name not in ("z", "gmt") else UTC
