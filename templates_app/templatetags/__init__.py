"""How signatures and text templates look in HTML templates."""
