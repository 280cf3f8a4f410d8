"""What kind of organization a name belongs to, where a register says no more than "government"."""

import re

# Words that begin where a word begins (`\b` is put before each). Small letters; several languages.
_POLICE = r"""
    pol[ií]c(?:e|[ií]a|iais|ial) | polizei | polizia | politie\b | poli(?:si|isi|c[ij]a|cie|cij)
    | politi(?:et|direktorat)?\b | kepolisian
    | jandarma | gendarmer | carabinieri | guardia\ (?:civil|di\ finanza|nacional) | constabulary
    | полиц | поліц | національна\ поліція | الشرطة | شرطة | \w*(?:警察|公安|경찰) | αστυνομ
    | law\ enforcement | (?:national\ )?crime\ (?:agency|squad) | kriminalamt | bundeskriminal | fedpol
    | federal\ bureau\ of\ investigation | secret\ service | drug\ enforcement | serious\ (?:and\ )?organised\ crime
"""
_CUSTOMS = r"""
    customs | douan | aduan | alf[aâ]ndega
    | \w*zoll(?:verwaltung|direktion|amt|kriminal|fahndung|kreis|stelle|inspektorat)
    | oberzoll | hauptzollamt | dogan | tullverket | tolletaten | toldstyrelsen | belastingdienst/douane
    | таможен | митн | الجمارك | جمارك | \w*(?:海关|海關|税関|관세) | gümrük | τελωνε
    | border\ (?:force|guard|protection|agency|police) | coast\ ?guard | grenzwach | grenzschutz
"""
_JUSTICE = r"""
    prosecut | procureur | parquet | fiscal[ií]a | fiscal\ general | minist[eé]rio\ p[uú]blico
    | procurad | procuratorate | \w*staatsanw | bundesanwalt | prokur | прокур | النيابة | \w*(?:检察|検察|검찰)
    | attorney[\ -]general | crown\ office | court | tribunal(?!\ de\ (?:contas|cuentas)) | cour\ d | cour\ supr
    | corte | \w*gericht
    | суд | محكمة | juzgado | magistra | judicia | sąd
    | justice | justicia | justiça | justiz | giustizia | justitie | adalet | юстиц | العدل | \w*(?:司法|法務|법무)
    | prison | correction | penitentiar | p[eé]nitentiai | strafvollzug | probation | parole\b | sentencing
"""
_WORLD = r"""
    united\ nations | nations\ unies | naciones\ unidas | organi[sz]ation\ internationale
    | international\ criminal\ police
    | world\ (?:health|trade|customs|meteorological|intellectual\ property|tourism|bank\b|food\ programme)
    | european\ (?:commission|parliament|union\b|council\b|central\ bank|court) | council\ of\ europe | african\ union
    | interpol\b | europol\b | eurojust\b | unesco\b | unicef\b
"""
# A ministry that holds both is neither; its offices are found by their own names.
_BOTH = re.compile(r"justiz- und polizeidepartement|justiz und polizei")


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})", re.VERBOSE)


_LAW_ENFORCEMENT, _CRIMINAL_JUSTICE, _INTERNATIONAL = _words(f"{_POLICE}|{_CUSTOMS}"), _words(_JUSTICE), _words(_WORLD)


def kind_of_public_body(name: str) -> str:
    """LAW_ENFORCEMENT, CRIMINAL_JUSTICE or GOVERNMENT, by the words of the name. In "Ministry - Office - Section" the
    smallest part that says something decides."""
    for part in reversed(_BOTH.sub("", name.casefold()).split(" - ")):
        if _LAW_ENFORCEMENT.search(part):
            return "LAW_ENFORCEMENT"
        if _CRIMINAL_JUSTICE.search(part):
            return "CRIMINAL_JUSTICE"
    return "GOVERNMENT"


def is_international(name: str) -> bool:
    """Whether the name is that of a body of many governments, as far as its words tell."""
    return _INTERNATIONAL.match(name.casefold()) is not None


def kind_in_ror(types: set[str], name: str) -> str:
    """The kind of a record of the Research Organization Registry, which gives one or several of nine types."""
    if "education" in types:
        return "ACADEMIA"
    if "company" in types:
        return "INDUSTRY"
    if is_international(name):
        return "IGO"
    if "government" in types:
        return kind_of_public_body(name)
    if "nonprofit" in types:
        return "NGO"
    if types & {"facility", "archive"}:
        return "ACADEMIA"
    if "healthcare" in types:
        return "GOVERNMENT"
    return "NGO"  # "funder" and "other": foundations, societies, networks
