"""Pictures that the server draws: plain numbers and words in, places and paths of an SVG out. They know no models, and
what they draw is beside a table that says the same in words."""
