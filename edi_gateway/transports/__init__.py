"""Ways to move bytes: folders, SFTP as client, and our own SFTP mailboxes. None of them decides that a payload is done."""
