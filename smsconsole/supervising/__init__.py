"""The parts of `./console run`: what is started, watched and stopped on one machine (no Django)."""
