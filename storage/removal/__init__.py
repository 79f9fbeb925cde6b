"""What was removed on request, and stays removed: the register, and what each part of the archive does about it."""
