"""Verify: codes that tell a program whether somebody has a number, through the one acceptance."""
