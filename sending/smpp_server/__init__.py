"""The door for programs that speak SMPP 3.4: clients bind, submit, and are given receipts."""
