"""Tables of participation on their way in: what each row says, how that differs from what is recorded, what is
taken."""

from legal.models.status_tables.names import StatusName
from legal.models.status_tables.row import StatusRow
from legal.models.status_tables.table import StatusTable

__all__ = ["StatusName", "StatusRow", "StatusTable"]
