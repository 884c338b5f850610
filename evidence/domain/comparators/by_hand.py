"""Peers that people chose, with everything that the method says about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .engine import PeerSet, find_peers
from .method import Method
from .missing import NotEnoughData
from .panel import Panel


def peers_by_hand(panel: Panel, place: str, method: Method, codes: Sequence[str]) -> PeerSet | NotEnoughData:
    """The areas with these codes as the peers of `place`, nearest first, each with its distance under `method`.

    How often the resamples would have chosen each stays beside it. The choice itself is not resampled: it is the same
    in every one, so that a gap's interval then holds only sampling error. Returns NotEnoughData as `find_peers` does.
    Raises ValueError for a code that may not be a peer, or when fewer than one is given.
    """
    found = find_peers(panel, place, method)
    if isinstance(found, NotEnoughData):
        return found
    everyone = find_peers(panel, place, replace(method, k=found.candidates, resamples=0))
    if isinstance(everyone, NotEnoughData):
        return everyone
    if unknown := sorted(set(codes) - set(everyone.codes)):
        raise ValueError(f"{', '.join(unknown)} may not be a peer of {place}.")
    if not codes:
        raise ValueError("At least one peer is needed.")
    named = {peer.code: peer for peer in found.peers}
    chosen = tuple(
        named.get(peer.code, replace(peer, inclusion=found.inclusion.get(peer.code)))
        for peer in everyone.peers
        if peer.code in set(codes)
    )
    picks = None
    if found.picks is not None:
        positions = [found.pool.index(peer.code) for peer in chosen]
        picks = np.tile(np.array(positions, dtype=np.intp), (len(found.picks), 1))
    return replace(found, peers=tuple(replace(peer, rank=at) for at, peer in enumerate(chosen, start=1)), picks=picks)
