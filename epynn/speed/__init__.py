"""What makes the same numbers come sooner: windows over time, one-hot data, memory kept.

Nothing here is needed to understand a layer. A module of a layer that uses it does so in one word,
whose reason a comment gives.
"""
