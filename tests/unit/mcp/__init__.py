"""Tools of other programs: real servers over both transports, well-behaved and not."""
