"""What programs of others already speak: their actions, fields, codes and signatures, as tables."""
