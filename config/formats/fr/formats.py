"""French dates: 30 mars 2027 à 09:30."""

DATETIME_FORMAT = r"j F Y \à H:i"
