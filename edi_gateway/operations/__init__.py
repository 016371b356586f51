"""What a person can do to the gateway, one verb a file: replay, retransmit, resume, onboard, plan, retain."""
