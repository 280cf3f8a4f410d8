"""The pieces that editors build a page from."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

PLAIN = ["bold", "italic", "link", "ol", "ul", "document-link"]


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Text"))
    source = blocks.CharBlock(label=_("Who said it"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "cms/blocks/quote.html"


class CalloutBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=PLAIN)

    class Meta:
        icon = "help"
        label = _("Callout")
        template = "cms/blocks/callout.html"


class FactBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("Label"))
    value = blocks.CharBlock(label=_("Value"))

    class Meta:
        icon = "list-ul"
        label = _("Fact")


class FactsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False)
    facts = blocks.ListBlock(FactBlock(), label=_("Facts"))

    class Meta:
        icon = "table"
        label = _("Facts")
        template = "cms/blocks/facts.html"


class BodyBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(label=_("Heading"), icon="title", template="cms/blocks/heading.html")
    paragraph = blocks.RichTextBlock(label=_("Text"), features=PLAIN, template="cms/blocks/paragraph.html")
    image = ImageBlock(label=_("Picture"), template="cms/blocks/image.html")
    quote = QuoteBlock()
    callout = CalloutBlock()
    facts = FactsBlock()
