"""The only room that speaks to the network.  Knows no Qt; called in a worker."""
