"""The checks of the doctor, one noun a file."""
