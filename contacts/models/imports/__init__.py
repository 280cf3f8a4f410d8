"""Contact files on their way in: what each row says, what would become of it, what became of it, and the way back."""

from contacts.models.imports.batch import ImportBatch
from contacts.models.imports.layout import ImportLayout
from contacts.models.imports.row import ImportRow

__all__ = ["ImportBatch", "ImportLayout", "ImportRow"]
