"""The words of a text without any markup."""

import re

TAG = re.compile(r"<[^>]*>")  # markup of ours has no sign > within a tag
SPACE = re.compile(r"\s+")
BLOCK_END = re.compile(
    r"</(p|li|item|td|th|tr|heading|num|listIntroduction|listWrapUp|block|pre|tocItem)>|<(br|eol)\b[^>]*/>"
)


def plain(content: str) -> str:
    """The words of blocks in Akoma Ntoso, one block a line."""
    lines = TAG.sub("", BLOCK_END.sub("\n", content)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return "\n".join(filter(None, (SPACE.sub(" ", line).strip() for line in lines.split("\n"))))
