"""Comparators: which places are like this one, how it differs from them, and how sure of that one can be.

Give `find_peers` (or `find_all_peers`) a `Panel` of areas by indicators, and `compare` the `PeerSet` that comes back.
Only structural indicators choose the peers; drivers and outcomes are compared. Nothing missing is ever filled
in: where the figures do not suffice, the answer is `NotEnoughData`, `Verdict.NOT_COMPARED` or
`Direction.CANNOT_BE_CALCULATED`, each with its reason in words.
"""

from .by_hand import peers_by_hand
from .comparison import compare
from .distance import Metric
from .engine import FEWEST_PEERS, Peer, PeerSet, find_all_peers, find_peers
from .gaps import EnglandBasis, Gap, Verdict
from .method import ONS_STYLE, Method, defensible
from .missing import NotEnoughData
from .panel import HigherIs, Panel, PanelArea, PanelIndicator, Role
from .roles import LeftOut
from .standardise import Standardisation
from .trend import Direction, Trend, relative_trend, trend, years

__all__ = [
    "FEWEST_PEERS",
    "ONS_STYLE",
    "Direction",
    "EnglandBasis",
    "Gap",
    "HigherIs",
    "LeftOut",
    "Method",
    "Metric",
    "NotEnoughData",
    "Panel",
    "PanelArea",
    "PanelIndicator",
    "Peer",
    "PeerSet",
    "Role",
    "Standardisation",
    "Trend",
    "Verdict",
    "compare",
    "defensible",
    "find_all_peers",
    "find_peers",
    "peers_by_hand",
    "relative_trend",
    "trend",
    "years",
]
