"""What is entered on the developers' pages."""
