"""Sentences that never repeat: a counter, spread by a bijection over all fillings of a template.

A template has P different fillings. Sentence number c takes filling (c·A + B) mod P with A coprime to P, so two
counters below P never meet in one template, and no list of what was said before is needed.
"""

from __future__ import annotations

import math
import random
import re
from dataclasses import dataclass

from warraq.demo.site import words

_PERCENT = tuple(f"{n // 10}.{n % 10}%" for n in range(11, 990) if n % 10)
_MILLIONS = tuple(f"{n // 10}.{n % 10} مليون" for n in range(11, 990) if n % 10)
_SLOTS: dict[str, tuple[str, ...]] = {
    "first": words.FIRST_NAMES,
    "family": words.FAMILY_NAMES,
    "rank": words.RANKS,
    "field": words.FIELDS,
    "kind": words.PLACE_KINDS,
    "place": words.PLACE_NAMES,
    "region": words.REGIONS,
    "work": words.WORKS,
    "object": words.OBJECTS,
    "count": tuple(str(n) for n in range(11, 100)),
    "counted": words.COUNTED,
    "thousands": tuple(f"{n} ألف" for n in range(11, 100)),
    "millions": _MILLIONS,
    "percent": _PERCENT,
    "goods": words.GOODS,
    "currency": words.CURRENCIES,
    "body": words.BODIES,
    "event": words.EVENTS,
    "theme": words.THEMES,
    "club": words.CLUBS,
    "rival": tuple(f"فريق {name}" for name in words.PLACE_NAMES),
    "reason": words.REASONS,
    "result": words.RESULTS,
    "when": words.WHEN,
    "year": tuple(str(year) for year in range(1972, 2020)),
}

SENTENCES = (
    "قال {first} {family}، {rank} {field}، إن {work} {object} في {kind} {place} يكلف {millions} {currency}.",
    "وأوضح {first} {family} أن العمل يشمل {count} {counted} في {kind} {place}، بهدف {result} {when}.",
    "وأشار {rank} {field} {first} {family} إلى أن نسبة التنفيذ بلغت {percent} رغم {reason}.",
    "وبحسب {body}، ارتفعت مبيعات {goods} في {region} بنسبة {percent} لتصل إلى {millions} {currency}.",
    "وتراجعت صادرات {goods} من {region} إلى {thousands} طن، وهو ما عزاه {first} {family} إلى {reason}.",
    "تابع {rank} {field} {first} {family} أعمال {work} {object} في {kind} {place} حيث يعمل {count} مهندسا.",
    "وشدد {first} {family} على أن {result} يحتاج إلى {count} {counted} على الأقل في {kind} {place} وحدها.",
    "وفي {region}، افتتح {body} {count} {counted} ضمن خطة {work} {object} التي انطلقت عام {year}.",
    "«لم نتوقع أن يأتي {count} {counted} دفعة واحدة»، هكذا وصف {first} {family} ما جرى في {kind} {place} {when}.",
    "ويعود تاريخ {object} في {kind} {place} إلى عام {year}، حين تبرع {first} {family} بمبلغ {thousands} {currency}.",
    "وكان {club} قد تعادل مع {rival} في {year} أمام {thousands} متفرج، وسجل {first} {family} هدف المباراة.",
    "شاهد {thousands} زائر عروض {theme} في {kind} {place}، وفق ما أعلنه {first} {family} من {body}.",
    "ويرى الباحث {first} {family} من {body} أن {reason} يفسر {percent} من التغير في أسعار {goods}.",
    "وتضم القائمة {count} {counted} من {region}، بينها عمل للفنان {first} {family} عن {theme} يعود إلى {year}.",
    "ووقع {body} مع {rank} {field} اتفاقا قيمته {millions} {currency} من أجل {work} {object} في {region}.",
    "وطالب {first} {family}، أحد سكان {kind} {place}، بسرعة {work} {object} بعد {reason} الذي استمر {count} يوما.",
    "وقدرت دراسة أشرف عليها {first} {family} خسائر مزارعي {goods} في {region} بنحو {millions} {currency}.",
    "وخلص اجتماع {rank} {field} مع ممثلي {body} إلى {result} عبر {work} {object} {when} بكلفة {millions} {currency}.",
    "وتنطلق فعاليات {event} {theme} في {kind} {place} {when} بمشاركة {count} خبيرا يتقدمهم {first} {family}.",
    "وأضاف {family} أن {body} خصص {thousands} {currency} لكل من يسهم في {result} داخل {kind} {place}.",
    "اقرأ في هذا الرقم ما تشاء، يقول {first} {family}: {percent} من سكان {region} لم يسمعوا قط عن {theme}.",
    "ولفت {first} {family} إلى وصول {thousands} طن من {goods} إلى {region} {when}، بزيادة {percent} على العام السابق.",
    "وفاز {first} {family} بجائزة {theme} التي يمنحها {body} وقدرها {thousands} {currency} منذ عام {year}.",
    "ونفى {rank} {field} ما تردد عن {reason}، مؤكدا أن {count} {counted} في {kind} {place} تعمل {when} كالمعتاد.",
)
OPENINGS = (
    "أعلن {rank} {field} {first} {family}، {day}، بدء {work} {object} في {kind} {place} بكلفة {millions} {currency}.",
    "كشف {body}، {day}، عن خطة من {count} {counted} تستهدف {result} في {region} بقيادة {first} {family}.",
    "شهدت {kind} {place}، {day}، انطلاق {event} {theme} بحضور {rank} {field} {first} {family} و{count} {counted}.",
    "سجلت أسعار {goods} في {region}، {day}، ارتفاعا نسبته {percent} بسبب {reason} بحسب {first} {family}.",
    "حقق {club}، {day}، فوزه رقم {count} على {rival} بهدف {first} {family} أمام {thousands} متفرج.",
    "وصلت إلى {region}، {day}، شحنة من {goods} وزنها {thousands} طن يشرف على توزيعها {first} {family} من {body}.",
)
HEADLINES = (
    "{rank} {field}: {work} {object} في {kind} {place} بكلفة {millions} {currency}",
    "{body} يطلق {count} {counted} من أجل {result} في {region}",
    "{first} {family} يفتتح {event} {theme} في {kind} {place}",
    "أسعار {goods} في {region} تقفز {percent} بعد {reason}",
    "{club} يهزم {rival} ويقترب من لقب {theme}.. و{first} {family} رجل المباراة",
    "بعد {reason}.. أسواق {region} تستقبل {thousands} طن من {goods}",
    "{first} {family}: {count} {counted} لا تكفي {kind} {place}",
    "كيف غيرت {theme} حياة {count} {counted} في {kind} {place}؟",
)
SUBHEADINGS = (
    "أرقام من {region}: {goods} و{theme} و{count} {counted}",
    "ماذا تقول تجربة {kind} {place} عن {work} {object} منذ {year}",
    "{theme} بين {region} و{kind} {place}.. حكاية بدأت عام {year}",
    "{result}.. طريق {kind} {place} الطويل مع {theme} منذ {year}",
)
DESCRIPTIONS = (
    "تقرير عن {work} {object} في {kind} {place} ودور {body} في {result} مع {first} {family}",
    "تفاصيل خطة {body} التي يقودها {first} {family} لدعم {goods} في {region} بقيمة {millions} {currency}",
)
CAPTIONS = (
    "جانب من {event} {theme} في {kind} {place} بعدسة {first} {family}",
    "{object} في {kind} {place} كما بدت عام {year} في صورة من أرشيف {first} {family}",
)

_GOLDEN = 0.6180339887498949
_FINAL_YEH = re.compile(r"ي(?![ء-يً-ْ])")
_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass(frozen=True)
class Template:
    """A sentence with slots; `fillings` counts its distinct texts."""

    literals: tuple[str, ...]
    slots: tuple[tuple[str, ...], ...]
    fillings: int
    step: int

    @classmethod
    def parse(cls, text: str, *, day: str = "{day}") -> Template:
        """Split `text` at its slots; `{day}` stays for the caller to fill."""
        pieces = re.split(r"\{(?!day\})(\w+)\}", text)
        slots = tuple(_SLOTS[name] for name in pieces[1::2])
        fillings = math.prod(map(len, slots))
        step = int(fillings * _GOLDEN) | 1
        while math.gcd(step, fillings) != 1:
            step += 2
        return cls(tuple(pieces[0::2]), slots, fillings, step)

    def fill(self, counter: int, *, offset: int) -> str:
        """The text of this counter; distinct for distinct counters below `fillings`."""
        index = (counter * self.step + offset) % self.fillings
        parts = [self.literals[0]]
        for values, literal in zip(self.slots, self.literals[1:], strict=True):
            index, here = divmod(index, len(values))
            parts += (values[here], literal)
        return "".join(parts)


def dice(*parts: object) -> random.Random:
    """A generator that gives the same throws for the same parts in every process."""
    return random.Random("/".join(map(str, parts)))  # noqa: S311 -- text for a demo, nothing secret


def _parsed(texts: tuple[str, ...]) -> tuple[Template, ...]:
    return tuple(map(Template.parse, texts))


_KINDS = {
    "sentence": _parsed(SENTENCES),
    "opening": _parsed(OPENINGS),
    "headline": _parsed(HEADLINES),
    "subheading": _parsed(SUBHEADINGS),
    "description": _parsed(DESCRIPTIONS),
    "caption": _parsed(CAPTIONS),
}


def say(kind: str, counter: int, *, seed: int, template: int) -> str:
    """The text of one kind of sentence for a counter; `template` is taken modulo the number of templates."""
    templates = _KINDS[kind]
    return templates[template % len(templates)].fill(counter, offset=seed * 7919)


def templates(kind: str) -> tuple[Template, ...]:
    """All templates of a kind."""
    return _KINDS[kind]


def eastern_digits(text: str) -> str:
    """٠ to ٩ in place of 0 to 9."""
    return text.translate(_EASTERN)


def egyptian_spelling(text: str) -> str:
    """Final yeh without dots, as Egyptian papers set it: فى for في."""
    return _FINAL_YEH.sub("ى", text)
