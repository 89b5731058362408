"""SMPP 3.4 on the wire: codec, session with a window, server side, simulator."""
