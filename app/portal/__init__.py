"""The portal: what a client brand's people see, in the agency's frame."""
