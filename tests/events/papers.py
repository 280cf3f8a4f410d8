"""Papers: a real PDF, and what stands on one."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter

from events.models import Document


def pdf(password: str = "") -> bytes:
    """Two empty pages, of which one lies on its side; behind a `password`, where one is given."""
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.add_blank_page(842, 595).rotate(90)
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


PDF = pdf()


def upload(name: str = "paper.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def added(title: str, audience: str = "PUBLIC", language: str = "", **facts) -> Document:
    """A document with a file of its own name."""
    document = Document(title=title, audience=audience, **facts)
    return Document.objects.add(document, upload(f"{title}.pdf"), language=language, by=None)


def words_on(content: bytes) -> list[str]:
    """What stands on each page."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
