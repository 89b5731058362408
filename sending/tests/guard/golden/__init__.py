"""Event files of every case in `cases`, and what makes them anew."""
