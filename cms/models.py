"""What editors publish: the home page, a page for each forum, and articles."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from cms.blocks import PLAIN, BodyBlock
from events.models import Event


class HomePage(Page):
    intro = models.TextField(_("introduction"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.ForumPage", "cms.ArticlePage"]
    template = "cms/home_page.html"

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        children = self.get_children().live().public().specific()
        return {
            **super().get_context(request, *args, **kwargs),
            "forums": sorted(
                (page for page in children if isinstance(page, ForumPage)),
                key=lambda page: page.event.starts_on,
                reverse=True,
            ),
            "articles": [page for page in children if isinstance(page, ArticlePage)],
        }


class ForumPage(Page):
    event = models.ForeignKey(Event, models.PROTECT, verbose_name=_("event"), related_name="pages")
    summary = RichTextField(_("summary"), features=PLAIN, blank=True)
    practical = StreamField(BodyBlock(), verbose_name=_("practical information"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("event"), FieldPanel("summary"), FieldPanel("practical")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ArticlePage"]
    template = "cms/forum_page.html"

    class Meta:
        verbose_name = _("forum page")


class ArticlePage(Page):
    standfirst = models.TextField(_("standfirst"), blank=True, help_text=_("One or two sentences below the title."))
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("standfirst"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage", "cms.ForumPage"]
    subpage_types = []
    template = "cms/article_page.html"

    class Meta:
        verbose_name = _("article")
