"""Papers of the law, set by Typst. Knows no models: a text in, the bytes of a tagged PDF out."""

from dataclasses import asdict

from contacts.pdf import typeset
from legal.text_formats.printed import Block, blocks
from legal.texts import Text


def law(text: Text, *, is_right_to_left: bool, lines: list[str], source: str) -> bytes:
    """`text` with its title, `lines` about it below, and the line of its `source` at the end."""
    facts = {
        **{"title": text.title or "–", "lines": [line for line in lines if line], "source": source},
        **{"blocks": [_printed(block) for block in _stepwise(blocks(text))]},
        **{"language": text.language.split("-")[0] or "en", "is_right_to_left": is_right_to_left},
    }
    return typeset("law", facts)


def _stepwise(found: list[Block]) -> list[Block]:
    """With no level of headings left out, which PDF/UA forbids: each is at most one below the one before it."""
    last = 0
    for block in found:
        if block.kind == "heading":
            block.level = last = min(block.level, last + 1)
    return found


def _printed(block: Block) -> dict[str, object]:
    width = max((sum(cell.columns for cell in row) for row in block.rows), default=0)
    return {**asdict(block), "width": width}
