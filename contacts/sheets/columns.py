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
}
SEVERAL = frozenset({"email", "phone", "phone_work", "phone_mobile", "phone_assistant"})

# Names of columns as `_plain` writes them, the surest of each field first: Entente's template, Outlook (en, fr, de, es),
# Google, Thunderbird, Roundcube, Apple, SAP, Lotus; vCard and LDIF; Spanish, Russian, Arabic, Portuguese, Italian.
WORDS = {
    "reference": "reference | contact id | uid | entryuuid",
    "honorific": """honorific | name prefix | n prefix | title | titre | anrede | titel | tratamiento | titulo | civilite
        | personaltitle | обращение | اللقب الشرفي | لقب التشريف""",
    "given_name": """given name | first name | n given | givenname | given | firstname | prenom | vorname | nombre
        | nombre de pila | forename | имя | الاسم الأول | الاسم الاول | nome""",
    "middle_name": """middle name | additional name | n additional | middlename | deuxieme prenom | weitere vornamen
        | segundo nombre | отчество | الاسم الأوسط""",
    "family_name": """family name | last name | surname | n family | sn | family | lastname | nom | nom de famille
        | nachname | apellidos | apellido | фамилия | اسم العائلة | اللقب | cognome | sobrenome""",
    "full_name": """full name | name | fn | display name | displayname | cn | nom complet | nombre completo
        | vollstandiger name | anzeigename | nombre para mostrar | фио | полное имя | الاسم الكامل | الاسم | nome completo""",
    "position": """position | job title | organization title | title of position | jobtitle | function | fonction | cargo
        | titre du poste | poste | puesto | stellung | funktion | должность | المنصب | الوظيفة | organization 1 title
        | role | occupation""",
    "organization": """organization | organisation | company | org | o | organization name | organization 1 name
        | societe | firma | empresa | organizacion | organisme | institution | компания | организация | المنظمة | الشركة
        | المؤسسة | azienda | dienststelle | institucion""",
    "organization_reference": "organization reference | organization ref | organisation ref | organisation reference",
    "country": """country | country code | nationality | delegation | business country region | business country
        | work country | adr work country | adr country | pays | pays bureau | land | pais | land geschaftlich
        | pais o region del trabajo | pais del trabajo | c | co | страна | البلد | الدولة | address 1 country
        | countryname""",
    "languages": """languages | language | preferred language | preferred languages | lang | preferredlanguage | langue
        | langues | sprache | sprachen | idioma | idiomas | язык | اللغة""",
    "email": """email | e mail | e mail address | e mails | emails | email address | primary email | secondary email
        | e mail value | mail | mozillasecondemail | adresse de messagerie | adresse e mail | courriel | e mail adresse
        | direccion de correo electronico | correo electronico | correo | email home | email work | email other
        | электронная почта | эл почта | البريد الإلكتروني | البريد الالكتروني | posta elettronica""",
    "phone": """phone | phone number | telephone | phones | tel | phone value | telefon | telefono | primary phone
        | tel voice | tel pref | other phone | телефон | الهاتف | رقم الهاتف | telefone""",
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
PHRASES = {
    phrase.strip(): (field, rank)
    for field, phrases in WORDS.items()
    for rank, phrase in enumerate(" ".join(phrases.split()).split(" | "))
}

_ADDRESS = re.compile(r"\s*[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+")
_NUMBER = re.compile(r"(?:tel:)?\+?[\d\s().\-/]{6,30}")


def suggest(columns: Sequence[str], rows: Sequence[Row]) -> dict[str, str]:
    """Column -> field of FIELDS, for each column that seems to be one. `rows` are the first few under the header; they
    decide where the name of the column says nothing. A field that holds one value is suggested once, for the column
    that says it best."""
    best: dict[str, tuple[int, str]] = {}
    found: dict[str, str] = {}
    for column in columns:
        field, rank = PHRASES.get(_plain(column)) or (_by_looks(column, rows), len(PHRASES))
        if field in SEVERAL:
            found[column] = field
        elif field and rank < best.get(field, (rank + 1, ""))[0]:
            best[field] = rank, column
    found |= {column: field for field, (_rank, column) in best.items()}
    return {column: found[column] for column in columns if column in found}


def _plain(column: str) -> str:
    """ "E-mail 2 - Value" -> "e mail value": small letters without accents, marks or a number between words."""
    text = unicodedata.normalize("NFKD", column.casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+|\b\d+\b", " ", text).split())


def _by_looks(column: str, rows: Sequence[Row]) -> str:
    cells = [cell for row in rows if (cell := row.values.get(column, "").strip())]
    looks: tuple[tuple[str, Callable[[str], object]], ...] = (("email", _ADDRESS.match), ("phone", _is_number))
    return next((field for field, fits in looks if cells and sum(map(bool, map(fits, cells))) * 2 > len(cells)), "")


def _is_number(cell: str) -> bool:
    digits = sum(letter.isdigit() for letter in cell)
    return _NUMBER.fullmatch(cell) is not None and 7 <= digits <= 15 and not re.match(r"\d{4}-\d\d-\d\d", cell)
