"""Secrets that travel in a path stay out of the logs."""

import logging
import re

_SECRET = re.compile(r"/(calendar|invitations)/[^/\s]+")


class ScrubTokens(logging.Filter):
    """Replaces the token in `/calendar/<token>` and `/invitations/<token>` by `***` in every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _SECRET.sub(r"/\1/***", record.getMessage())
        record.args = ()
        return True
