"""Stand-ins for what a test machine cannot have: services of desktops, on private buses."""
