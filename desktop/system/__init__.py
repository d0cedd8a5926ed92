"""What the machine around the program can do, one folder a capability."""
