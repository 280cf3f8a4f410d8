"""What tables of treaties write for a country: codes, names in many spellings, and countries that are no more."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from network.names import fold
from network.sentences import Sentence
from network.sheets import one_line

# What the United Nations call those whose name in the Common Locale Data Repository is another.
NAMES = {
    "AE": "united arab emirates",
    "AR": "argentine republic | republique argentine | republica argentina",
    "BA": "bosnia",
    "BN": "brunei darussalam",
    "BO": "plurinational state of bolivia | etat plurinational de bolivie | estado plurinacional de bolivia",
    "CD": """democratic republic of the congo | dr congo | drc | zaire | republique democratique du congo
        | republica democratica del congo""",
    "CG": "congo | republic of the congo | republique du congo | republica del congo",
    "CH": "swiss confederation | confederation suisse | confederacion suiza",
    "CI": "ivory coast | cote d'ivoire",
    "CN": "people's republic of china | republique populaire de chine | republica popular china",
    "CV": "cape verde",
    "CZ": "czech republic | republique tcheque | republica checa",
    "DZ": "republique algerienne democratique et populaire | republica argelina democratica y popular",
    "FM": "federated states of micronesia | etats federes de micronesie | estados federados de micronesia",
    "FR": "french republic | republique francaise | republica francesa",
    "GA": "gabonese republic | republique gabonaise | republica gabonesa",
    "GB": """united kingdom of great britain and northern ireland | great britain | uk
        | royaume-uni de grande-bretagne et d'irlande du nord | reino unido de gran bretana e irlanda del norte""",
    "GR": "hellenic republic | republique hellenique | republica helenica",
    "HK": """hong kong | china, hong kong | china, hong kong special administrative region | hong kong sar
        | chine, region administrative speciale de hong kong | china, region administrativa especial de hong kong""",
    "IR": "islamic republic of iran | republique islamique d'iran | republica islamica del iran",
    "IT": "italian republic | republique italienne | republica italiana",
    "KG": "kirghizistan | kyrgyz republic | republique kirghize | republica kirguisa",
    "KN": "saint kitts and nevis | saint-kitts-et-nevis | saint kitts y nevis",
    "KP": """democratic people's republic of korea | north korea | dprk | coree du nord | corea del norte
        | republique populaire democratique de coree | republica popular democratica de corea""",
    "KR": "republic of korea | south korea | coree du sud | corea del sur | republique de coree | republica de corea",
    "KZ": "kazajstan",
    "LA": """lao people's democratic republic | lao | republique democratique populaire lao
        | republica democratica popular lao""",
    "LB": "lebanese republic | republique libanaise | republica libanesa",
    "MD": "republic of moldova | republique de moldova | republica de moldova",
    "MK": """the former yugoslav republic of macedonia | former yugoslav republic of macedonia | macedonia
        | fyr macedonia | ex-republique yougoslave de macedoine""",
    "MM": """burma | myanmar | republic of the union of myanmar | republique de l'union du myanmar
        | republica de la union de myanmar""",
    "MO": """macao | macau | china, macao | china, macao special administrative region | macao sar
        | chine, region administrative speciale de macao | china, region administrativa especial de macao""",
    "MX": "united mexican states | etats-unis du mexique | estados unidos mexicanos",
    "NL": "kingdom of the netherlands | royaume des pays-bas | reino de los paises bajos | holland",
    "NU": "nioue",
    "NZ": "nueva zelandia",
    "PS": "state of palestine | palestine | etat de palestine | estado de palestina",
    "PT": "portuguese republic | republique portugaise | republica portuguesa",
    "RU": "russian federation | federation de russie | federacion de rusia",
    "SA": "arabia saudita | reino de la arabia saudita",
    "SK": "slovak republic | republique slovaque | republica eslovaca",
    "ST": "sao tome and principe | sao tome-et-principe",
    "SY": "syrian arab republic | republique arabe syrienne | republica arabe siria",
    "SZ": "swaziland",
    "TG": "togolese republic | republique togolaise | republica togolesa",
    "TL": "timor-leste | east timor",
    "TN": "tunisian republic | republique tunisienne",
    "TR": "turkey",
    "TT": "trinidad y tabago",
    "TZ": "united republic of tanzania | republique-unie de tanzanie | republica unida de tanzania",
    "US": "united states of america | usa | us | etats-unis d'amerique | estados unidos de america",
    "VA": "holy see | vatican | saint-siege | santa sede",
    "VE": """bolivarian republic of venezuela | republique bolivarienne du venezuela
        | republica bolivariana de venezuela""",
    "VN": """viet nam | socialist republic of viet nam | republique socialiste du viet nam
        | republica socialista de viet nam""",
    "YE": "republic of yemen | republique du yemen | republica del yemen",
    "ZA": "republique sud-africaine",
}
ARABIC = {
    "BJ": "بنن",
    "BN": "بروني دار السلام",
    "BO": "بوليفيا",
    "CD": "جمهورية الكونغو الديمقراطية",
    "CG": "الكونغو",
    "CL": "شيلي",
    "CV": "كابو فيردي",
    "CZ": "تشيكيا",
    "DO": "الجمهورية الدومينيكية",
    "EC": "إكوادور",
    "GA": "غابون",
    "GB": "المملكة المتحدة لبريطانيا العظمى وأيرلندا الشمالية",
    "IR": "إيران | جمهورية إيران الإسلامية",
    "KI": "كيريباس",
    "KN": "سانت كيتس ونيفس",
    "KP": "جمهورية كوريا الشعبية الديمقراطية",
    "KR": "جمهورية كوريا",
    "LA": "جمهورية لاو الديمقراطية الشعبية",
    "LK": "سري لانكا",
    "LR": "ليبريا",
    "LU": "لكسمبرغ",
    "MD": "جمهورية مولدوفا",
    "MM": "ميانمار",
    "MT": "مالطة",
    "MV": "ملديف",
    "OM": "عمان",
    "PS": "دولة فلسطين",
    "RU": "الاتحاد الروسي",
    "SC": "سيشيل",
    "ST": "سان تومي وبرينسيبي",
    "SY": "الجمهورية العربية السورية",
    "TZ": "جمهورية تنزانيا المتحدة",
    "US": "الولايات المتحدة الأمريكية",
    "UY": "أوروغواي",
    "VA": "الكرسي الرسولي",
    "VE": "فنزويلا",
    "VN": "فييت نام",
    "ZW": "زمبابوي",
}
# Codes of ISO 3166-3 (and of the sets that data of treaties use), and names: who it was, and until when.
BYGONE = {
    "ANT": ("Netherlands Antilles", 2010, "netherlands antilles"),
    "CSK": ("Czechoslovakia", 1992, "czechoslovakia | tchecoslovaquie | checoslovaquia | chs | csfr"),
    "DDR": ("the German Democratic Republic", 1990, "german democratic republic | east germany | gdr"),
    "SCG": ("Serbia and Montenegro", 2006, "serbia and montenegro"),
    "SUN": ("the Soviet Union", 1991, "union of soviet socialist republics | soviet union | ussr"),
    "VDR": ("the Democratic Republic of Viet-Nam", 1976, "democratic republic of viet-nam | republic of viet-nam"),
    "YMD": ("Democratic Yemen", 1990, "democratic yemen | people's democratic republic of yemen"),
    "YUG": (
        "Yugoslavia",
        2003,
        "yugoslavia | yougoslavie | federal republic of yugoslavia | socialist federal republic of yugoslavia",
    ),
    "ZPM": ("Zanzibar", 1964, "zanzibar"),
}
UNIONS = """european union | european union (eu) | european community | european communities
    | european economic community | union europeenne | union europea | eu | eue | eun | euu | eec"""

_MARKS = re.compile(r"[*†‡]+|(?:\d+\s*,?\s*)+$")  # of footnotes
_BETWEEN = re.compile(r"[\s\-,.'`_/]+")
_ARTICLE = re.compile(r"\((?:the|l'|la|le|les|el|los|las)\)")
_BRACKETS = re.compile(r"(.+?) ?\(([^()]*)\)")
_LEADING = re.compile(r"(?:the|la|le|les|el|los|las|l) ")
_FORMAL = re.compile(
    r"(?:(?:islamic|federal|federative|united|arab|hashemite|independent|co operative|democratic|people s|socialist|"
    r"eastern|oriental) )*"
    r"(?:republic|kingdom|state|principality|sultanate|commonwealth|grand duchy|union) of (?:the )?(.+)"
    r"|(?:republique|royaume|principaute|etat|grand duche|commonwealth|union|sultanat)"
    r"(?: (?:islamique|federale|federative|unie|arabe|hachemite|independant|cooperative|democratique|populaire|"
    r"socialiste|orientale))* (?:de la |de l |du |des |de |d )(.+)"
    r"|(?:republica|reino|principado|estado|gran ducado|commonwealth|sultania)"
    r"(?: (?:islamica|federal|federativa|unida|arabe|hachemita|independiente|cooperativa|democratica|popular|"
    r"socialista|oriental))* (?:de la |del |de los |de las |de |d )(.+)"
)
_OF_TWO = {
    *("korea", "coree", "corea", "congo", "china", "chine", "virgin islands", "yemen", "viet nam", "vietnam"),
    *("saint martin", "san martin", "sint maarten"),
    *map(fold, ("كوريا", "الكونغو", "الصين", "سانت مارتن")),
}


def key(name: str) -> str:
    """`name` without accents, capitals and marks: what may be written in one way or another is written in one."""
    words = _BETWEEN.sub(" ", fold(name.replace("’", "'").replace("&", " and ")).replace("st. ", "saint "))
    return words.strip()


def spellings(text: str) -> Iterator[str]:
    """The keys by which a country that is written as `text` may be known, the surest first: "Bolivia (Plurinational
    State of)", "Algérie (l')", "the Republic of Albania"."""
    text = _MARKS.sub("", one_line(text))
    yield key(text)
    bare = key(_ARTICLE.sub("", text.replace("’", "'")))
    yield bare
    if found := _BRACKETS.fullmatch(bare):
        name, more = found.groups()
        yield key(f"{more} {name}")
        if name not in _OF_TWO:
            yield name
    without = _LEADING.sub("", bare, count=1)
    yield without
    if (found := _FORMAL.fullmatch(without)) and (name := next(filter(None, found.groups()))) not in _OF_TWO:
        yield name
        yield _LEADING.sub("", name, count=1)


def other_names() -> dict[str, str]:
    """Key of a name -> code, of names that stand in none of our catalogues."""
    return {
        key(name): code for names in (NAMES, ARABIC) for code, several in names.items() for name in _listed(several)
    }


def why_none(text: str) -> Sentence | None:
    """Why `text` names no country of today, where that is known."""
    for name in spellings(text):
        if known := _BYGONE.get(name):
            sentence = _("“%(text)s” is %(country)s, which ended in %(year)s. Record its acts with those after it.")
            return Sentence(sentence, text=one_line(text), country=known[0], year=known[1])
        if name in _UNIONS:
            return Sentence(_("“%(text)s” is an organization, and not a country."), text=one_line(text))
    return None


def _listed(several: str) -> list[str]:
    return " ".join(several.split()).split(" | ")


_BYGONE = {
    key(name): (country, year) for code, (country, year, names) in BYGONE.items() for name in (code, *_listed(names))
}
_UNIONS = set(map(key, _listed(UNIONS)))
