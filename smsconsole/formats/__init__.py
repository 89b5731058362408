"""How languages write numbers where Django has it otherwise than people read it here."""
