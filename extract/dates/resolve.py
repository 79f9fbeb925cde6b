"""Which date to believe: witnesses are read, grouped by what they say, and weighed; in doubt there is no date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from extract.dates.readings import Reading, read_witness, refused_witnesses, settle_zones, unswapped
from extract.dates.records import (
    JSON_LD,
    LISTING,
    META,
    MODIFIED,
    NEAR_HEADLINE,
    PUBLISHED,
    TIME_ELEMENT,
    URL,
    VISIBLE_TEXT,
    DateWitness,
    RefusedDate,
    ResolvedDate,
    ResolvedDates,
)
from extract.decide.decision import Evidence
from extract.profile import DateQuirk
from storage.model.records import Precision

MIN_CONFIDENCE = 0.35  # below it no date is given
# The same where witnesses contradict each other. Outside pages: of ten dates between the two, four are wrong.
MIN_DISPUTED_CONFIDENCE = 0.45
AGREEMENT = timedelta(days=1)  # witnesses further apart than this contradict each other
MIN_WEIGHT_TO_DISAGREE = 0.4
DISAGREEMENT_COST = 0.6  # share of the confidence that a contradiction as strong as 1 costs
MIN_WEIGHT_FOR_TIME = 0.65  # of a witness that may add the time to a day that another one gives
# Witnesses of one family come from one template and count as one voice.
_FAMILIES = {JSON_LD: "head", META: "head", TIME_ELEMENT: "page", VISIBLE_TEXT: "page", URL: "url", LISTING: "listing"}
_PENALTIES = {
    "zone_assumed": 0.1,
    "zone_disputed": 0.1,
    "weekday_mismatch": 0.25,
    "hijri_mismatch": 0.25,
    "hijri_only": 0.3,
    "day_month_swapped": 0.15,
    "date_from_update": 0.3,
    "relative": 0.15,
}


def resolve_dates(
    witnesses: Sequence[DateWitness], *, captured_at: datetime, zone: tzinfo | None, quirks: Sequence[DateQuirk] = ()
) -> ResolvedDates:
    """Weigh the witnesses. `zone` is the portal's; `quirks` name witnesses that do not mean what they say."""
    ignored = {quirk.witness for quirk in quirks if quirk.reading == "ignore"}
    local = {quirk.witness for quirk in quirks if quirk.reading == "local"}
    witnesses = [witness for witness in witnesses if witness.name not in ignored]
    readings: list[Reading] = []
    for witness in witnesses:
        readings += read_witness(witness, captured_at=captured_at, zone=zone, is_local=witness.name in local)
    readings = unswapped(settle_zones(readings, captured_at=captured_at, zone=zone))
    stated = [reading for reading in readings if reading.role == PUBLISHED]
    stated, saved = _without_last_saved(stated, readings), stated
    groups = _groups(_without_needless_relatives(_without_unlabelled(stated)))
    weighed = _weigh(groups)
    published = weighed if weighed is not None and _is_believed(weighed) else None
    modified = _modified([reading for reading in readings if reading.role == MODIFIED], published)
    refused = refused_witnesses(witnesses, readings, captured_at=captured_at)
    evidence = (
        *(_spoken(reading, sign=1 if place == 0 else -1) for place, group in enumerate(groups) for reading in group),
        *_lowered(groups, weighed),
        *(Evidence("last_saved", 0.0, _told(reading.witness)) for reading in saved if reading not in stated),
        *(Evidence(refusal.reason, 0.0, _told(refusal.witness)) for refusal in refused),
    )
    if published is not None:
        believed = max(reading.witness.weight for reading in groups[0])
        stronger = tuple(refusal for refusal in refused if refusal.witness.weight > believed)
        flags = {*published.flags, *(refusal.reason for refusal in stronger[:1])}
        return ResolvedDates(published, modified, tuple(sorted(flags)), stronger, evidence)
    if weighed is not None:
        reason = "dates_disagree" if "dates_disagree" in weighed.flags else "date_doubtful"
        refused = [RefusedDate(DateWitness(weighed.source, "weighed", weighed.raw), reason), *refused]
    flags = {"date_missing", *(refusal.reason for refusal in refused[:1])}
    return ResolvedDates(None, modified, tuple(sorted(flags)), tuple(refused), evidence)


def _spoken(reading: Reading, *, sign: int) -> Evidence:
    """A witness and what it was read as."""
    parsed = reading.parsed
    read = f"{parsed.wall:%Y-%m-%d}" if reading.is_day else f"{reading.instant:%Y-%m-%dT%H:%M:%SZ}"
    return Evidence(reading.witness.name, sign * reading.witness.weight, f"{reading.witness.raw} → {read}")


def _told(witness: DateWitness) -> str:
    return f"{witness.name}: {witness.raw}"


def _lowered(groups: Sequence[Sequence[Reading]], weighed: ResolvedDate | None) -> Iterator[Evidence]:
    """What took from the confidence of the date that is believed most."""
    if weighed is None:
        return
    for flag in weighed.flags:
        if flag in _PENALTIES:
            yield Evidence(flag, -_PENALTIES[flag])
        elif flag == "dates_disagree":
            against = max(_score(group) for group in groups[1:])
            yield Evidence(flag, round(-DISAGREEMENT_COST * against * _score(groups[0]), 3))


def _is_believed(date: ResolvedDate) -> bool:
    return date.confidence >= (MIN_DISPUTED_CONFIDENCE if "dates_disagree" in date.flags else MIN_CONFIDENCE)


def _without_last_saved(published: list[Reading], readings: Sequence[Reading]) -> list[Reading]:
    """Without dates for machines that are those of the last saving: some templates print it as the publication too.

    It shows when publication and change are the same moment and readers see an earlier day.
    """
    changed = {r.instant for r in readings if r.role == MODIFIED and r.witness.kind in (JSON_LD, META)}
    shown = [r for r in published if r.witness.kind in (TIME_ELEMENT, VISIBLE_TEXT) and not r.parsed.is_relative]
    near = [r for r in shown if r.witness.weight >= MIN_WEIGHT_FOR_TIME]
    return [
        reading
        for reading in published
        if not (
            reading.witness.kind in (JSON_LD, META)
            and reading.instant in changed
            and any(reading.parsed.wall.date() - other.parsed.wall.date() > AGREEMENT for other in near)
        )
    ]


def _without_unlabelled(readings: list[Reading]) -> list[Reading]:
    """Where a line below the headline is labelled as the publication: without other days there that nothing calls so
    and that no machine-readable date speaks for, such as the page's clock.
    """
    beside = [reading for reading in readings if reading.witness.where == NEAR_HEADLINE]
    labelled = [reading for reading in beside if reading.parsed.role == PUBLISHED]
    if not labelled:
        return readings
    for_machines = [reading for reading in readings if reading.witness.kind in (JSON_LD, META, LISTING)]
    believed = [*labelled, *for_machines]
    return [
        reading
        for reading in readings
        if reading.witness.kind not in (VISIBLE_TEXT, TIME_ELEMENT) or any(_agree(reading, other) for other in believed)
    ]


def _without_needless_relatives(readings: list[Reading]) -> list[Reading]:
    """«منذ 3 ساعات» counts only where nothing says a day: beside a real date it often belongs to another story."""
    absolute = [reading for reading in readings if not reading.parsed.is_relative]
    is_dated = any(reading.witness.weight >= MIN_WEIGHT_TO_DISAGREE for reading in absolute)
    return absolute if is_dated else readings


def _agree(one: Reading, other: Reading) -> bool:
    if one.is_day or other.is_day:
        return abs(one.parsed.wall.date() - other.parsed.wall.date()) <= AGREEMENT
    return abs(one.instant - other.instant) <= AGREEMENT


def _score(readings: Sequence[Reading]) -> float:
    """How far agreeing witnesses are to be believed together: each family is one independent voice."""
    voices: dict[str, float] = {}
    for reading in readings:
        family = _FAMILIES[reading.witness.kind]
        voices[family] = max(voices.get(family, 0.0), reading.witness.weight)
    doubt = 1.0
    for weight in voices.values():
        doubt *= 1.0 - min(weight, 0.97)
    return 1.0 - doubt


def _groups(readings: list[Reading]) -> list[list[Reading]]:
    """Readings that agree with each other, those that are believed most first."""
    rest = sorted(readings, key=lambda reading: -reading.witness.weight)
    groups: list[list[Reading]] = []
    while rest:
        group = [reading for reading in rest if _agree(rest[0], reading)]
        groups.append(group)
        rest = [reading for reading in rest if reading not in group]
    return sorted(groups, key=_score, reverse=True)


def _weigh(groups: Sequence[list[Reading]]) -> ResolvedDate | None:
    """The date that is believed most, however little."""
    if not groups:
        return None
    best = _best(groups[0])
    flags = set(best.parsed.flags)
    of_that_day = (
        reading.parsed.flags for reading in groups[0] if reading.parsed.wall.date() == best.parsed.wall.date()
    )
    if any("hijri_only" not in others for others in of_that_day):
        flags.discard("hijri_only")  # the other calendar says so beside it
    confidence = _score(groups[0])
    against = max((_score(group) for group in groups[1:]), default=0.0)
    if against >= MIN_WEIGHT_TO_DISAGREE:
        flags.add("dates_disagree")
        confidence *= 1.0 - DISAGREEMENT_COST * against
    return _resolved(best, confidence=confidence, flags=flags)


def _best(group: list[Reading]) -> Reading:
    """Of witnesses that agree, the most trusted; another one of the same day where that says the time or its zone."""
    trusted = max(group, key=_trust)
    same_day = [
        reading
        for reading in group
        if reading.parsed.wall.date() == trusted.parsed.wall.date()
        and not reading.is_day
        and not reading.parsed.is_relative
        and reading.witness.weight >= MIN_WEIGHT_FOR_TIME
    ]
    if trusted.is_day:
        return max(same_day, key=_trust, default=trusted)
    if "zone_assumed" in trusted.parsed.flags:
        return max((reading for reading in same_day if reading.parsed.has_zone), key=_trust, default=trusted)
    return trusted


def _trust(reading: Reading) -> tuple[bool, float, bool]:
    return not reading.parsed.is_relative, reading.witness.weight, reading.parsed.precision == Precision.SECOND


def _resolved(reading: Reading, *, confidence: float, flags: set[str]) -> ResolvedDate:
    confidence -= sum(_PENALTIES.get(flag, 0.0) for flag in flags)
    confidence = round(max(0.0, min(0.99, confidence)), 2)
    return ResolvedDate(
        instant=reading.instant,
        precision=reading.parsed.precision,
        source=reading.witness.kind,
        confidence=confidence,
        raw=reading.witness.raw,
        flags=tuple(sorted(flags)),
    )


def _modified(readings: list[Reading], published: ResolvedDate | None) -> ResolvedDate | None:
    """The most trusted date of the last change; none before the publication."""
    for reading in sorted(readings, key=lambda reading: (reading.is_day, -reading.witness.weight)):
        if published is not None:
            is_day = reading.is_day or published.precision == Precision.DAY
            earlier = (
                reading.instant.date() < published.instant.date() if is_day else reading.instant < published.instant
            )
            if earlier:
                continue
        modified = _resolved(reading, confidence=_score([reading]), flags=set(reading.parsed.flags))
        return modified if modified.confidence >= MIN_CONFIDENCE else None
    return None
