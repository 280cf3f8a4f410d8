"""Which column of somebody else's list is which field of ours: by its name, else by what stands in it."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.sheets import Row

# What a column can be mapped to. Those of SEVERAL may stand above several columns.
FIELDS: dict[str, str | Promise] = {
    "given_name": _("given name"),
    "middle_name": _("middle name (joins the given name)"),
    "family_name": _("family name"),
    "full_name": _("full name, in one piece"),
    "family_comma_given": _("full name, written “Family, Given”"),
    "honorific": _("honorific"),
    "position": _("position"),
    "organization": _("organization"),
    "organization_reference": _("reference of the organization"),
    "starts_on": _("in that position from"),
    "ends_on": _("in that position until"),
    "email": _("e-mail address"),
    "phone": _("telephone number"),
    "phone_work": _("telephone number, work"),
    "phone_mobile": _("telephone number, mobile"),
    "phone_assistant": _("telephone number, assistant"),
    "country": _("country"),
    "languages": _("languages"),
    "passport_given_name": _("given names as on the passport"),
    "passport_family_name": _("family name as on the passport"),
    "reference": _("reference"),
    "note": _("note, kept with the person"),  # never suggested: somebody has to want it kept
}
SEVERAL = frozenset({"email", "phone", "phone_work", "phone_mobile", "phone_assistant", "note"})

# Names of columns, the surest of each field first: Entente's template, Outlook (en, fr, de, es), Google, Thunderbird,
# Roundcube, Apple, SAP, Lotus; vCard and LDIF; and the words of several languages.
WORDS = {
    "reference": "reference | contact id | uid | entryuuid",
    "honorific": """honorific | name prefix | n prefix | title | titre | anrede | titel | tratamiento | titulo
        | civilite | personaltitle | обращение | اللقب الشرفي | لقب التشريف""",
    "given_name": """given name | first name | n given | givenname | given | firstname | prenom | vorname | nombre
        | nombre de pila | forename | имя | الاسم الأول | الاسم الاول | nome""",
    "middle_name": """middle name | additional name | n additional | middlename | deuxieme prenom | weitere vornamen
        | segundo nombre | отчество | الاسم الأوسط""",
    "family_name": """family name | last name | surname | n family | sn | family | lastname | nom | nom de famille
        | nachname | apellidos | apellido | фамилия | اسم العائلة | اللقب | cognome | sobrenome""",
    "full_name": """full name | name | fn | display name | displayname | cn | nom complet | nombre completo
        | vollstandiger name | anzeigename | nombre para mostrar | фио | полное имя | الاسم الكامل | الاسم
        | nome completo""",
    "position": """position | job title | organization title | title of position | jobtitle | function | fonction
        | cargo | titre du poste | poste | puesto | stellung | funktion | должность | المنصب | الوظيفة
        | role | occupation""",
    "organization": """organization | organisation | company | org | o | organization name
        | societe | firma | empresa | organizacion | organisme | institution | компания | организация | المنظمة | الشركة
        | المؤسسة | azienda | dienststelle | institucion""",
    "organization_reference": "organization reference | organization ref | organisation ref | organisation reference",
    "country": """country | country code | nationality | delegation | business country region | business country
        | work country | adr work country | adr country | pays | pays bureau | land | pais | land geschaftlich
        | pais o region del trabajo | pais del trabajo | c | co | страна | البلد | الدولة | address 1 country
        | countryname | home country | pays domicile""",
    "languages": """languages | language | preferred language | preferred languages | lang | preferredlanguage | langue
        | langues | sprache | sprachen | idioma | idiomas | язык | اللغة""",
    "email": """email | e mail | e mail address | e mails | emails | email address | primary email | secondary email
        | e mail value | mail | mozillasecondemail | adresse de messagerie | adresse e mail | courriel | e mail adresse
        | direccion de correo electronico | correo electronico | correo | email home | email work | email other
        | электронная почта | эл почта | البريد الإلكتروني | البريد الالكتروني | posta elettronica""",
    "phone": """phone | phone number | telephone | phones | tel | phone value | telefon | telefono | primary phone
        | tel voice | other phone | tel main | tel other | телефон | الهاتف | رقم الهاتف | telefone""",
    "phone_work": """business phone | work phone | tel work | telephonenumber | telephone bureau | company main phone
        | telephone societe | telefon geschaftlich | telefono del trabajo | рабочий телефон | هاتف العمل""",
    "phone_mobile": """mobile phone | mobile | mobile number | tel cell | home mobile | cellphone | cell phone
        | telephone mobile | tel mobile | mobiltelefon | handy | movil | telefono movil | мобильный телефон | мобильный
        | الهاتف المحمول | الجوال""",
    "phone_assistant": """assistant s phone | assistants phone | tel assistant | telephone de l assistant e
        | telefon assistent | telefono del ayudante""",
    "starts_on": "in position from | starts on | start date | in office since | position from | в должности с",
    "ends_on": "in position until | ends on | end date | position until",
    "passport_given_name": "passport given name | passport given names | given names as on the passport",
    "passport_family_name": "passport family name | family name as on the passport",
}

_ADDRESS = re.compile(r"\s*[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+")
_NUMBER = re.compile(r"(?:tel:)?[+0(][\d\s().\-/]{6,30}")
_ELSE = re.compile("fax|pager|home|privat|domicil|birth|bday|rev|stamp|date", re.IGNORECASE)  # no number to call


def suggest(columns: Sequence[str], rows: Sequence[Row]) -> dict[str, str]:
    """Column -> field of FIELDS, for each column that seems to be one. `rows` are the first few under the header; they
    decide where the name of the column says nothing. A field that holds one value is suggested once, for the column
    that says it best."""
    best: dict[str, tuple[tuple[bool, int], str]] = {}
    found: dict[str, str] = {}
    for column in columns:
        name, rank = _named(column)
        field, grade = _in_doubt(name, column, columns, rows), (not _cells(column, rows), rank)
        if field in SEVERAL:
            found[column] = field
        elif field and (field not in best or grade < best[field][0]):
            best[field] = grade, column
    found |= {column: field for field, (_grade, column) in best.items()}
    found |= _by_looks([column for column in columns if column not in found], set(found.values()), rows)
    return {column: found[column] for column in columns if column in found}


def _plain(column: str) -> str:
    """ "E-mail 2 - Value" -> "e mail value": small letters without accents, marks or a number between words."""
    text = unicodedata.normalize("NFKD", column.casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+|\b\d+\b", " ", text).split())


PHRASES = {
    _plain(phrase): (field, rank)
    for field, phrases in WORDS.items()
    for rank, phrase in enumerate(" ".join(phrases.split()).split(" | "))
}


def _named(column: str) -> tuple[str, int]:
    """The field that goes by that name, and how sure that is. A single capital is the place of a column."""
    return ("", 0) if re.fullmatch("[A-Z]", column) else PHRASES.get(_plain(column), ("", 0))


def _in_doubt(field: str, column: str, columns: Sequence[str], rows: Sequence[Row]) -> str:
    """What the cells, or the other columns, say about a field that goes by a name with two meanings."""
    cells = _cells(column, rows)
    if field == "honorific" and _plain(column) in ("title", "titre", "titulo", "titel"):
        is_long = sum(len(cell) > 10 for cell in cells) * 2 > len(cells)
        return "position" if column == "TITLE" or "sn" in columns or is_long else field  # in vCard and LDIF a position
    if (
        field == "full_name"
        and column != "FN"
        and cells
        and sum(cell.count(",") == 1 for cell in cells) * 2 > len(cells)
    ):
        return "family_comma_given"
    return field


def _cells(column: str, rows: Sequence[Row]) -> list[str]:
    return [cell for row in rows if (cell := row.text(column))]


def _by_looks(columns: Sequence[str], known: set[str], rows: Sequence[Row]) -> dict[str, str]:
    """The columns full of addresses or of numbers, where none goes by such a name."""
    looks: list[tuple[str, Callable[[str], object]]] = []
    looks += [] if "email" in known else [("email", _ADDRESS.match)]
    looks += [] if {"phone", "phone_work", "phone_mobile"} & known else [("phone", _is_number)]
    found: dict[str, str] = {}
    for column in columns:
        cells = [] if _ELSE.search(column) else _cells(column, rows)
        fields = [field for field, fits in looks if sum(map(bool, map(fits, cells))) * 2 > len(cells)]
        if fields:
            found[column] = fields[0]
    return found


def _is_number(cell: str) -> bool:
    digits = sum(letter.isdigit() for letter in cell)
    return _NUMBER.fullmatch(cell) is not None and 7 <= digits <= 15
