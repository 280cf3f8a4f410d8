"""What comes in by mail: bounces, complaints, automatic answers, replies. Bytes in, dataclasses out."""

from contacts.incoming.reading import Attachment, Incoming, Kind, head_of, read
from contacts.incoming.reasons import Reason, reason_of
from contacts.incoming.reports import Failure, Report
from contacts.incoming.senders import Sender, sender_of
from contacts.incoming.sniffing import QUIET

__all__ = [
    "QUIET",
    "Attachment",
    "Failure",
    "Incoming",
    "Kind",
    "Reason",
    "Report",
    "Sender",
    "head_of",
    "read",
    "reason_of",
    "sender_of",
]
