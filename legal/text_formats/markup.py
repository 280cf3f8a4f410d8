"""The markup of a text: Akoma Ntoso without its namespace, in pieces that are read safely and written as they were."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from legal.texts import Unreadable
from network.sentences import Sentence

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
# The standard, its drafts (3.0/WD17, 3.0/CSD02) and the version before it.
OURS = re.compile(r"http://docs\.oasis-open\.org/legaldocml/ns/akn/3\.0(/\w+)?|http://www\.akomantoso\.org/2\.0")
MOST_BYTES = 20 * 1024 * 1024
SPACE = re.compile(r"\s+")
DECLARED = re.compile(r' xmlns:([\w.-]+)="[^"]*"')
NAMED = {**{name: name for name in ("act", "bill", "doc", "judgment", "debate")}, "FRBRalias": "title"}
DECLARES = gettext_lazy("Line 1: it declares a document type or entities, which a text does not need.")
XML = "http://www.w3.org/XML/1998/namespace"
LOOKS_LIKE_HTML = re.compile(
    rb"^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)


def parsed(content: bytes) -> etree._Element:
    """The root of the XML `content`, without comments. Nothing is fetched, and no entity is taken: a document type is
    refused. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("It is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024 // 1024})
    if LOOKS_LIKE_HTML.match(content[:2000]):
        raise Unreadable(_("This is a page in HTML, and no Akoma Ntoso."))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        told = {"line": error.lineno or 1}
        said = DECLARES if b"<!DOCTYPE" in content else _("Line %(line)d: this is not XML, or it is damaged.") % told
        raise Unreadable(str(said)) from None
    except ValueError:  # an encoding that contradicts itself
        raise Unreadable(_("The file is in an encoding that cannot be read. Save it as UTF-8.")) from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable(str(DECLARES))
    return root


def bare(root: etree._Element) -> etree._Element:
    """`root` with the elements of Akoma Ntoso by their plain names and anchors as 3.0 calls them (`eId`). Raises
    Unreadable where it is no Akoma Ntoso."""
    name = etree.QName(root)
    if name.localname != "akomaNtoso" or not OURS.fullmatch(name.namespace or ""):
        told = {"line": root.sourceline or 1, "tag": name.localname[:40]}
        raise Unreadable(_("Line %(line)d: this is no Akoma Ntoso 2.0 or 3.0: it begins with “%(tag)s”.") % told)
    is_old = (name.namespace or "").endswith("2.0")
    known: dict[str, str] = {}
    for element in root.iter():
        tag = str(element.tag)
        if tag not in known:
            namespace, _brace, local = tag.removeprefix("{").rpartition("}")
            known[tag] = local if OURS.fullmatch(namespace) else ""
        if known[tag]:
            holder = element.getparent()
            is_in_foreign = holder is not None and "{" in str(holder.tag)
            element.tag = f"{{{NAMESPACE}}}{known[tag]}" if is_in_foreign else known[tag]
        if is_old:
            _modernize(element)
    etree.cleanup_namespaces(root)
    return root


def _modernize(element: etree._Element) -> None:
    """What 3.0 calls otherwise than 2.0, or demands."""
    if (anchor := element.attrib.pop("id", None)) is not None:
        element.set("eId", anchor)
    if element.tag == "references" and "source" not in element.attrib:
        element.set("source", "#source")
    if element.tag in NAMED and "name" not in element.attrib:
        element.set("name", NAMED[element.tag])


def written(element: etree._Element) -> str:
    """`element` as markup, with the namespaces that it uses and no others."""
    markup: str = etree.tostring(element, encoding="unicode", with_tail=False)
    if " xmlns:" not in markup:
        return markup
    end = markup.index(">")
    used = DECLARED.sub("", markup)
    head = DECLARED.sub(lambda one: one[0] if f"{one[1]}:" in used else "", markup[:end])
    return head + markup[end:]


def inner(element: etree._Element) -> str:
    """What is in `element`, as markup."""
    return escape(element.text or "") + "".join(written(one) + escape(one.tail or "") for one in element)


def start(element: etree._Element) -> str:
    """The start tag of `element`."""
    prefixes = {uri: prefix for prefix, uri in element.nsmap.items() if prefix} | {XML: "xml"}
    said, declared = [], {}
    for name, value in element.attrib.items():
        namespace, _brace, local = str(name).removeprefix("{").rpartition("}")
        if namespace and namespace in prefixes:
            local = f"{prefixes[namespace]}:{local}"
            declared[prefixes[namespace]] = namespace
        said.append(f" {local}={quoteattr(str(value))}")
    spaces = [f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in declared.items() if prefix != "xml"]
    return f"<{element.tag!s}{''.join(spaces)}{''.join(said)}>"


def pieces(markup: str) -> etree._Element:
    """The elements of `markup`, below one that holds them. Raises Unreadable where it is not well formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(f"<held>{markup}</held>".encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(_("This is not well formed: %(reason)s") % {"reason": error.msg}) from None


def words(element: etree._Element) -> str:
    """The words in `element` in one line, without its notes."""
    return SPACE.sub(" ", "".join(_said(element))).strip()


def _said(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for one in element:
        if one.tag != "authorialNote":
            yield from _said(one)
        yield " " if one.tag in ("br", "eol") else ""
        yield one.tail or ""


def at_line(element: etree._Element, text: str, **told: object) -> Sentence:
    """`text`, as the catalogues know it, with the line of `element` in the file."""
    return Sentence(text, line=element.sourceline or 0, **told)


def paragraphs(text: str) -> str:
    """Plain `text` as blocks, one a line."""
    return "".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())
