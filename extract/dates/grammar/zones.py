"""Time zones: of a portal, of a country, and as they are named beside a clock time."""

from __future__ import annotations

import re
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
_PLACES = {
    "غرينتش": "UTC",
    "جرينتش": "UTC",
    "غرينيتش": "UTC",
    "جرينيتش": "UTC",
    "مكه المكرمه": "Asia/Riyadh",
    "مكه": "Asia/Riyadh",
    "السعوديه": "Asia/Riyadh",
    "الرياض": "Asia/Riyadh",
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
# Abbreviations with one meaning in the Arab press; AST, IST and the like have several and are not read.
_ABBREVIATIONS = {
    "z": 0,
    "gmt": 0,
    "utc": 0,
    "ut": 0,
    "wet": 0,
    "cet": 60,
    "west": 60,
    "cest": 120,
    "eet": 120,
    "eest": 180,
    "msk": 180,
    "irst": 210,
    "irdt": 270,
    "gst": 240,
}
_PLACE = "|".join(sorted(_PLACES, key=len, reverse=True))
_ABBREVIATION = "|".join(sorted(_ABBREVIATIONS, key=len, reverse=True))
_OFFSET = r"[+-](?:1[0-4]|0?\d)(?::?[0-5]\d)?"
_AFTER = re.compile(
    rf"(?P<bare>(?:\s?\+|-)(?:1[0-4]|0\d):?[0-5]\d)(?![\d:])"
    rf"|\s*[(,\[-]?\s*(?:ب?توقيت\s+)?(?P<name>{_ABBREVIATION})\s*(?P<offset>{_OFFSET})?(?![^\W_])"
    rf"|\s*(?:\(\s*(?:ب?توقيت\s+)?|,?\s*ب?توقيت\s+)(?P<place>{_PLACE})(?![^\W_])"
)
_BEFORE = re.compile(rf"(?<![^\W_])(?P<name>gmt|utc)\s*(?P<offset>{_OFFSET})?\s*[:,-]?\s*$")


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


def _fixed(match: re.Match[str]) -> tzinfo:
    groups = match.groupdict()
    offset = (groups.get("bare") or groups.get("offset") or "").strip()
    if not offset:
        return (
            timezone(timedelta(minutes=_ABBREVIATIONS[groups["name"]])) if groups["name"] not in ("z", "gmt") else UTC
        )
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return timezone((-1 if offset[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def zone_after(text: str, position: int) -> tzinfo | None:
    """The zone that stands directly after a clock time ending at `position` of a folded text."""
    match = _AFTER.match(text, position)
    if match is None:
        return None
    return zone_named(_PLACES[match["place"]]) if match["place"] else _fixed(match)


def zone_before(text: str, position: int) -> tzinfo | None:
    """The zone that stands directly before a clock time, as in «GMT 17:27»."""
    match = _BEFORE.search(text, max(0, position - 16), position)
    return _fixed(match) if match else None
