"""The only room that speaks to the network: addresses that were pasted, trace.moe, AniList.

Knows no Qt; called in a worker.  May import the engine and `desktop.state`.  What is believed about the
services stands in `service_facts`, the client is `tracemoe.connect`, all requests take their turn in one
`request_queue.RequestQueue`, whose pace `neighbours` shares with the other processes of this user.
"""
