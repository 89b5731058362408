"""From recipients to checked rows to messages: the engine, without a browser."""
