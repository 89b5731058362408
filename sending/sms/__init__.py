"""The rules of SMS: numbers, alphabets, segments, originators, receipts and prices."""
