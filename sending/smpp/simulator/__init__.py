"""A message centre that pretends: real SMPP, no handsets."""
