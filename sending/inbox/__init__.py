"""The inbox: what people answered, a conversation for each number."""
