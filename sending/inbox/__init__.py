"""The inbox: what people replied, a conversation for each number."""
