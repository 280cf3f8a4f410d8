"""Spanish dates: 30 de marzo de 2027, 09:30."""

DATETIME_FORMAT = r"j \d\e F \d\e Y, H:i"
