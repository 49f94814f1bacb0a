"""The brand's own start page on its own host: who this is, how to reach them, and when."""
