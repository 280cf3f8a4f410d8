"""Secrets that travel in a path stay out of the logs."""

import logging
import re

_SECRET = re.compile(r"/(calendar|check-in|invitations|about-you|letters|apply)/[^/\s]+")


class ScrubTokens(logging.Filter):
    """Replaces the token in `/calendar/<token>`, `/invitations/<token>` and the like by `***` in every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _SECRET.sub(r"/\1/***", record.getMessage())
        record.args = ()
        return True
