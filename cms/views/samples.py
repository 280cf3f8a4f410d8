"""What the components are shown with on the style page: small, true to life, in English and in Arabic."""

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from network.labels import Labels
from network.models import Country

FULL = [
    "FR",
    "DE",
    "ES",
    "PT",
    "IT",
    "KE",
    "NG",
    "SN",
    "CI",
    "ML",
    "TD",
    "BR",
    "UY",
    "EC",
    "NI",
    "PA",
    "IN",
    "PK",
    "IQ",
    "QA",
]
PART = ["GB", "NO", "ZA", "GH", "CN", "KR", "MX", "FJ"]
PLANNED, ENDED = ["MA", "JO", "PH", "CL"], ["AT"]


def say(en: str, ar: str) -> str:
    return str(Labels(en=en, ar=ar))


def samples(request: HttpRequest) -> dict:
    return {
        "facets": facets(),
        "chosen": [{"label": say("Africa", "أفريقيا"), "url": "?"}, {"label": say("In force", "سارية"), "url": "?"}],
        "table": table(),
        "steps": steps(),
        "world": world(),
        "bars": [
            (say("Africa", "أفريقيا"), 31, "31"),
            (say("Americas", "الأمريكتان"), 18, "18"),
            (say("Asia", "آسيا"), 22, "22"),
            (say("Europe", "أوروبا"), 40, "40"),
            (say("Oceania", "أوقيانوسيا"), 3, "3"),
        ],
        "numbers": numbers(),
        "grid": grid(),
        "difference": difference(),
        "answered": Question({"subject": "", "country": "FR", "topics": ["a"]}),
        "page_of_many": page_of_many(request),
        "trail": [
            {"label": say("Home", "الرئيسية"), "url": "/"},
            {"label": say("The law", "القانون"), "url": "/"},
            {
                "label": say(
                    "Protocol to Eliminate Illicit Trade in Tobacco Products",
                    "بروتوكول القضاء على الاتجار غير المشروع بمنتجات التبغ",
                )
            },
        ],
        "entries": entries(),
        "icons": [
            "search",
            "menu",
            "arrow",
            "download",
            "calendar",
            "check",
            "cross",
            "minus",
            "document",
            "place",
            "info",
            "warning",
        ],
        "quotation": {"text": words()["lead"], "source": "Dina Haddad"},
        **words(),
    }


def words() -> dict[str, str]:
    return {
        "headline": say("From Convention to Courtroom", "من الاتفاقية إلى قاعة المحكمة"),
        "lead": say(
            "Illicit trade crosses every border; the law stops at each one.",
            "يعبر الاتجار غير المشروع كل الحدود، ويقف القانون عند كل منها.",
        ),
        "paragraph": say(
            "Parties shall adopt such legislative and other measures as may be necessary to establish the liability of "
            "legal persons for the unlawful conduct set out in Article 14. In 2018, 40 Parties had ratified.",
            "تعتمد الأطراف ما قد يلزم من تدابير تشريعية وغيرها لتقرير مسؤولية الأشخاص الاعتباريين عن السلوك غير "
            "المشروع المبين في المادة 14. وفي عام 2018 كانت 40 طرفا قد صدقت عليه.",
        ),
        "act": say("See the programme", "اطلع على البرنامج"),
        "other_act": say("Practical information", "معلومات عملية"),
        "done": say("Your answer was saved.", "حُفظ ردكم."),
        "waiting": say("This text is a translation and not authentic.", "هذا النص ترجمة وليس نصا ذا حجية."),
        "wrong": say("The date lies before the signature.", "التاريخ يسبق التوقيع."),
        "aside": say("The table shows what was deposited by 1 March 2027.", "يبين الجدول ما أُودع حتى 1 مارس 2027."),
    }


class Question(forms.Form):
    """A form with an answer missing."""

    subject = forms.CharField(label="Subject", help_text="In a few words.", max_length=80)
    country = forms.ChoiceField(label="Country", choices=[("FR", "France"), ("KE", "Kenya")])
    message = forms.CharField(label="Message", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    topics = forms.MultipleChoiceField(
        label="Topics",
        choices=[("a", "Tobacco"), ("b", "Medicines")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agrees = forms.BooleanField(label="I have read the notice", required=False)


def facets() -> list[dict]:
    def value(label: str, count: int, **state) -> dict:
        return {"label": label, "count": count, "url": "?", "out_url": "?", **state}

    regions = [
        value(say("Africa", "أفريقيا"), 31, is_on=True),
        value(say("Asia", "آسيا"), 22),
        value(say("Europe", "أوروبا"), 1240, is_out=True),
    ]
    subjects = [
        value(say("Track and trace", "التتبع والتعقب"), 64),
        value(say("Liability of legal persons", "مسؤولية الأشخاص الاعتباريين"), 12),
    ]
    return [
        {"label": say("Region", "الإقليم"), "values": regions, "is_open": True},
        {"label": say("Subject", "الموضوع"), "values": subjects, "is_open": True},
        {"label": say("Language", "اللغة"), "values": subjects[:1], "is_open": False},
    ]


def table() -> dict:
    heads = (
        say("Party", "الطرف"),
        say("Signature", "التوقيع"),
        say("Ratification", "التصديق"),
        say("Entry into force", "بدء النفاذ"),
        say("Laws", "القوانين"),
    )
    dates = ("10-01-2013", "30-11-2015", "25-09-2018")
    names = (say("France", "فرنسا"), say("Kenya", "كينيا"), say("Panama", "بنما"))
    rows = [[{"label": name, "url": "#table"}, *dates, str(3 * place + 4)] for place, name in enumerate(names)]
    return {
        "caption": say("Participation in the protocol", "المشاركة في البروتوكول"),
        "columns": [{"label": head, "is_number": head == heads[-1]} for head in heads],
        "rows": rows,
    }


def steps() -> list[dict]:
    return [
        {
            "when": say("12 November 2012", "12 نوفمبر 2012"),
            "date": "2012-11-12",
            "what": say("Adopted in Seoul", "اعتُمد في سيول"),
            "kind": "done",
        },
        {
            "when": say("25 September 2018", "25 سبتمبر 2018"),
            "date": "2018-09-25",
            "what": say("Entered into force", "دخل حيز النفاذ"),
            "more": say("Forty Parties had ratified.", "كان أربعون طرفا قد صدقوا عليه."),
            "kind": "done",
            "url": "#timeline",
        },
        {
            "when": say("Today", "اليوم"),
            "what": say("The bill is before parliament", "مشروع القانون أمام البرلمان"),
            "kind": "now",
        },
        {"when": say("2028, expected", "2028، متوقع"), "what": say("The regulation on licences", "لائحة التراخيص")},
        {"when": say("1 May 2026", "1 مايو 2026"), "what": say("The earlier act", "القانون السابق"), "kind": "ended"},
    ]


def world() -> dict:
    said = {
        "full": say("Party", "طرف"),
        "part": say("Signed, not ratified", "موقع غير مصدق"),
        "planned": say("Bill before parliament", "مشروع قانون أمام البرلمان"),
        "ended": say("Withdrawn", "منسحب"),
        "none": say("Not a party", "غير طرف"),
        "unknown": say("Not known", "غير معروف"),
    }
    states = {"full": FULL, "part": PART, "planned": PLANNED, "ended": ENDED, "unknown": ["AQ", "TW", "EH"]}
    of_code = {code: status for status, codes in states.items() for code in codes}
    rows = []
    for country in Country.objects.all():
        status = of_code.get(country.pk, "none")
        rows.append(
            {"code": country.pk, "label": str(country), "status": status, "words": said[status], "url": "#tiles"}
        )
    return {
        "title": say("Participation by country", "المشاركة حسب البلد"),
        "columns": [say("Country", "البلد"), say("Status", "الحالة")],
        "rows": sorted(rows, key=lambda row: row["label"]),
    }


def numbers() -> list[dict]:
    return [
        {"value": "68", "label": say("parties to the protocol", "طرفا في البروتوكول")},
        {"value": "1,204", "label": say("laws and regulations", "من القوانين واللوائح")},
        {"value": "31", "label": say("countries assisted", "بلدا تلقى المساعدة")},
    ]


def grid() -> dict:
    opening = {
        "span": 1,
        "title": say("Opening", "الافتتاح"),
        "url": "#programme_grid",
        "people": "Dina Haddad",
        "color": "teal",
        "facts": "9:00–9:30",
    }
    long = {
        "span": 2,
        "title": say("Evidence at the port", "الأدلة في الميناء"),
        "url": "#programme_grid",
        "people": "Pavel Novak",
        "color": "darkorange",
        "tag": "EN/FR",
    }
    short = {
        "span": 1,
        "title": say("Seals and tax stamps", "الأختام والطوابع الضريبية"),
        "url": "#programme_grid",
        "color": "rebeccapurple",
    }
    off = {
        **short,
        "title": say("Round table", "مائدة مستديرة"),
        "status": "CANCELLED",
        "tag": say("Cancelled", "ملغاة"),
    }
    return {
        "caption": say("Tuesday 30 March 2027", "الثلاثاء 30 مارس 2027"),
        "rooms": [say("Great hall", "القاعة الكبرى"), say("Room A", "القاعة أ"), say("Room B", "القاعة ب")],
        "rows": [
            {"time": "9:00", "cells": [opening, None, None]},
            {"time": "9:30", "cells": [long, short, None]},
            {"time": "10:30", "cells": [off, short]},
        ],
    }


def difference() -> list[dict]:
    def same(text: str) -> dict:
        return {"kind": "same", "text": text}

    return [
        {"kind": "same", "segments": [same("Article 6. Licence, equivalent approval or control system")]},
        {
            "kind": "removed",
            "segments": [
                same("Any person "),
                {"kind": "removed", "text": "may"},
                same(" hold a licence for the manufacture of tobacco products."),
            ],
        },
        {
            "kind": "added",
            "segments": [
                same("Any person "),
                {"kind": "added", "text": "shall"},
                same(" hold a licence for the manufacture of tobacco products"),
                {"kind": "added", "text": " and manufacturing equipment"},
                same("."),
            ],
        },
    ]


def page_of_many(request: HttpRequest) -> Page:
    return Paginator(range(240), 20).get_page(request.GET.get("page", 5))


def entries() -> list[dict]:
    return [
        {
            "eyebrow": say("Model legislation", "تشريع نموذجي"),
            "title": say("Model provisions on licensing", "أحكام نموذجية بشأن التراخيص"),
            "url": "#entries",
            "text": say(
                "For legislators who write Article 6 into national law.",
                "للمشرعين الذين يدرجون المادة 6 في القانون الوطني.",
            ),
            "foot": ["2026", "PDF, 340 kB"],
            "tag": say("In force", "سارٍ"),
            "tag_kind": "good",
        },
        {
            "eyebrow": say("Case study", "دراسة حالة"),
            "title": say("Counterfeit medicines: what was in the box", "الأدوية المزيفة: ماذا كان في العلبة"),
            "url": "#entries",
            "text": say("How a customs seizure became a conviction.", "كيف أفضى ضبط جمركي إلى إدانة."),
            "foot": [say("Kenya", "كينيا"), "2025"],
        },
    ]
