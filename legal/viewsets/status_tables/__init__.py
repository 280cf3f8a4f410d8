"""The admin's screens for tables of participation: upload, columns, treaties, what is new and what differs."""

from legal.viewsets.status_tables.viewset import StatusTableViewSet

__all__ = ["StatusTableViewSet"]
