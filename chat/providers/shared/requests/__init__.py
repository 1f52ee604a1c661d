"""What goes out: pictures encoded, masks, signatures, what the user chose."""
