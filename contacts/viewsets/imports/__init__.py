"""The admin's screens for contact files: upload, columns, what would become of each row, what became of it, undo."""

from contacts.viewsets.imports.viewset import ImportBatchViewSet

__all__ = ["ImportBatchViewSet"]
