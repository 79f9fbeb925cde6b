"""What the columns of the views mean that queries see beside the tables, in English and Arabic."""

from __future__ import annotations

Meaning = tuple[str, str]

# What each view is, and its columns; one that is not named here is that of news.articles.
VIEW_COLUMNS: dict[str, tuple[Meaning, dict[str, Meaning]]] = {
    "coverage": (
        ("One row a portal and day on which a window of a run starts.", "صف لكل بوابة ويوم تبدأ فيه نافذة تشغيل."),
        {
            "day": ("Day on which the windows start, UTC", "اليوم الذي تبدأ فيه النوافذ، بالتوقيت العالمي"),
            "runs": ("Runs whose window starts on it", "عدد مرات التشغيل التي تبدأ نافذتها فيه"),
            "hours": ("Length of their windows in hours", "طول نوافذها بالساعات"),
            "verdict": ("degraded where one of them is, else ok", "degraded إن كان أحدها متدنيًا، وإلا ok"),
            "links": ("Links found", "الروابط التي عُثر عليها"),
            "articles_new": ("Articles seen for the first time", "أخبار ظهرت أول مرة"),
            "editions": ("New texts of known articles", "صيغ جديدة لأخبار معروفة"),
            "rejected": ("Captured pages that are not articles", "صفحات التُقطت وليست أخبارًا"),
            "baseline_articles": ("What the portal yields in such windows", "ما تنشره البوابة عادة في نوافذ كهذه"),
            "bytes_received": ("Bytes received from the portal", "البايتات الواردة من البوابة"),
        },
    ),
    "archived_days": (
        ("One row a portal and day that runs cover.", "صف لكل بوابة ويوم يغطيه تشغيل."),
        {
            "day": ("The day, UTC", "اليوم، بالتوقيت العالمي"),
            "hours": (
                "Hours of it that crawls cover, each once; 0 where pages of it were only imported",
                "الساعات التي غطاها الزحف منه، كل ساعة مرة واحدة؛ 0 إن استُوردت صفحات منه فحسب",
            ),
            "is_degraded": ("An audit found a run of it degraded", "وجد التدقيق أحد تشغيلاته متدنيًا"),
            "state": ("archived (24 hours, no run degraded) or partial", "archived (24 ساعة دون تدنٍّ) أو partial"),
        },
    ),
    "edits": (
        (
            "One row a change between two editions, or an article that is gone.",
            "صف لكل تعديل بين صيغتين، أو خبر اختفى.",
        ),
        {
            "edition_before": ("The edition that was changed", "الصيغة قبل التعديل"),
            "edition_after": (
                "The edition it became; null where the article is gone",
                "الصيغة بعده؛ فارغ إن اختفى الخبر",
            ),
            "seen_at": ("When it was first seen so, or again, UTC", "أول وقت شوهد أو عاد فيه كذلك، بالتوقيت العالمي"),
            "minutes_after": ("Minutes from the publication to that", "الدقائق من النشر إلى ذلك"),
            "kind": ("What kind of change", "نوع التعديل"),
            "paragraph": (
                "Which paragraph, from 1, one removed in the older text; 0: headline or several; null: article",
                "رقم الفقرة من 1، والمحذوفة في النص الأقدم؛ 0: العنوان أو عدة فقرات؛ فارغ: الخبر كله",
            ),
            "words": ("How many words differ", "عدد الكلمات المختلفة"),
            "removed": ("The words that went", "الكلمات المحذوفة"),
            "added": ("The words that came", "الكلمات المضافة"),
            "is_live_page": ("The page is one that is written on all the time", "صفحة تغطية مباشرة يُكتب فيها باستمرار"),
        },
    ),
    "stories": (
        (
            "One row an article, with the story that it and its near-copies tell.",
            "صف لكل خبر مع القصة التي يرويها هو ونسخه المتقاربة.",
        ),
        {
            "story_id": ("Article id of the first of the story", "معرّف أول خبر في القصة"),
            "copies": ("How many articles tell it", "عدد الأخبار التي ترويها"),
            "place": ("Which of them it is by time, from 1", "ترتيبه بينها زمنيًا، من 1"),
            "story_agency": ("Agency that one of them names", "الوكالة التي يذكرها أحدها"),
        },
    ),
    "gone": (
        (
            "One row an article that was not at its address when it was asked for again.",
            "صف لكل خبر لم يوجد في عنوانه حين طُلب ثانية.",
        ),
        {
            "last_seen_at": ("When it was last there, UTC", "آخر وقت وُجد فيه، بالتوقيت العالمي"),
            "gone_at": ("When it was first not there, UTC", "أول وقت لم يوجد فيه، بالتوقيت العالمي"),
            "how": (
                "removed, withheld (451), redirected or hidden (paywall)",
                "removed محذوف، withheld محجوب، redirected محوّل، hidden خلف اشتراك",
            ),
            "http_status": ("What the server answered then", "جواب الخادم عندئذ"),
            "final_url": ("Where the answer came from", "العنوان الذي جاء منه الجواب"),
            "asked_last_at": ("When it was last asked for, UTC", "آخر وقت طُلب فيه، بالتوقيت العالمي"),
        },
    ),
    "opt_outs": (
        (
            "One row an edition whose page or site reserved text and data mining.",
            "صف لكل صيغة حجزت صفحتها أو موقعها حق التنقيب في النصوص.",
        ),
        {
            "stated_at": ("When it was fetched with that statement, UTC", "وقت جلبها مع ذلك البيان، بالتوقيت العالمي"),
            "statement": ("What was stated", "نص البيان"),
        },
    ),
}
