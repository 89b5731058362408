"""Numbers in Simplified Chinese, as prices and bills write them; the rest is Django's."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
