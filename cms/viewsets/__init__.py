"""The admin's screens that join the law, the events and the people."""

from cms.viewsets.gap_people import GapPeopleViewSet

__all__ = ["GapPeopleViewSet"]
