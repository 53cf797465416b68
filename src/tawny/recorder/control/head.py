"""A pan-tilt-zoom head as a camera describes it, and its coordinates: each camera may have its own spaces.

Ours are ONVIF's generic ones, but that a zoom's place is 0 to 1 whatever the camera counts in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tawny.recorder.control.model import Place
from tawny.wire.onvif.geometry import Range
from tawny.wire.onvif.ptz import Node, PtzConfiguration, PtzVector, Space, Spaces

_GENERIC = "http://www.onvif.org/ver10/tptz/"
_WHOLE = Range(low=-1.0, high=1.0)
_HALF = Range(low=0.0, high=1.0)
_MOVE_S = 5.0  # for how long the camera itself shall move when our word to stop never comes


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What can be moved through *profile*, and how."""

    profile: str
    spaces: Spaces
    home: bool = False
    most_presets: int = 0
    timeout_s: float | None = None

    @property
    def pans(self) -> bool:
        """Whether it turns as long as it is told to."""
        return bool(self.spaces.continuous_pan_tilt)

    @property
    def zooms(self) -> bool:
        """Whether it zooms as long as it is told to."""
        return bool(self.spaces.continuous_zoom)

    @property
    def goes_to(self) -> bool:
        """Whether it takes places."""
        return bool(self.spaces.absolute_pan_tilt or self.spaces.absolute_zoom)

    @property
    def goes_by(self) -> bool:
        """Whether it takes ways."""
        return bool(self.spaces.relative_pan_tilt or self.spaces.relative_zoom)

    @property
    def of_use(self) -> bool:
        """Whether it can do anything; cameras without a motor have a configuration for one, too."""
        return self.pans or self.zooms or self.goes_to or self.goes_by or self.home or self.most_presets > 0

    def velocity(self, wanted: Place) -> PtzVector | None:
        """The camera's words for speeds; None where it can't move so."""
        return _signed(wanted, self.spaces.continuous_pan_tilt, self.spaces.continuous_zoom)

    def way(self, wanted: Place) -> PtzVector | None:
        """The camera's words for a way; None where it can't move so."""
        return _signed(wanted, self.spaces.relative_pan_tilt, self.spaces.relative_zoom)

    def position(self, wanted: Place) -> PtzVector | None:
        """The camera's words for a place; None where it can't go there."""
        pan_tilt, zoom = _chosen(self.spaces.absolute_pan_tilt), _chosen(self.spaces.absolute_zoom)
        found = PtzVector()
        if pan_tilt is not None and wanted.pan is not None and wanted.tilt is not None:
            found = PtzVector(
                pan=_between(wanted.pan, _WHOLE, pan_tilt.x),
                tilt=_between(wanted.tilt, _WHOLE, pan_tilt.y or pan_tilt.x),
                pan_tilt_space=_named(pan_tilt),
            )
        if zoom is not None and wanted.zoom is not None:
            at = _between(wanted.zoom, _HALF, zoom.x)
            found = PtzVector(
                pan=found.pan,
                tilt=found.tilt,
                pan_tilt_space=found.pan_tilt_space,
                zoom=at,
                zoom_space=_named(zoom),
            )
        return None if found == PtzVector() else found

    def place(self, told: PtzVector | None) -> Place | None:
        """Where the head is, in our coordinates; None where the camera does not tell."""
        if told is None:
            return None
        pan_tilt = _spoken(self.spaces.absolute_pan_tilt, told.pan_tilt_space)
        zoom = _spoken(self.spaces.absolute_zoom, told.zoom_space)
        x = _WHOLE if pan_tilt is None else pan_tilt.x
        y = _WHOLE if pan_tilt is None else pan_tilt.y or pan_tilt.x
        return Place(
            pan=None if told.pan is None else _between(told.pan, x, _WHOLE),
            tilt=None if told.tilt is None else _between(told.tilt, y, _WHOLE),
            zoom=None if told.zoom is None else _between(told.zoom, _HALF if zoom is None else zoom.x, _HALF),
        )


def head_of(profile: str, configuration: PtzConfiguration, nodes: Sequence[Node], timeouts: Range | None) -> Head:
    """The head that *configuration* moves; of a camera that tells no nodes, what its defaults speak for."""
    node = next((each for each in nodes if each.token == configuration.node), None)
    if node is None and len(nodes) == 1:
        node = nodes[0]
    timeout_s = _MOVE_S if timeouts is None else timeouts.clamped(_MOVE_S)
    told = timeouts is not None or configuration.timeout_s is not None
    return Head(
        profile=profile,
        spaces=_assumed(configuration) if node is None else node.spaces,
        home=node is not None and node.home,
        most_presets=0 if node is None else node.most_presets,
        timeout_s=timeout_s if told else None,  # a camera that tells of no timeouts may refuse a request with one
    )


def _assumed(told: PtzConfiguration) -> Spaces:
    def space(uri: str | None, x: Range, y: Range | None = None) -> tuple[Space, ...]:
        return () if uri is None else (Space(uri=uri, x=x, y=y),)

    return Spaces(
        absolute_pan_tilt=space(told.absolute_pan_tilt_space, _WHOLE, _WHOLE),
        absolute_zoom=space(told.absolute_zoom_space, _HALF),
        relative_pan_tilt=space(told.relative_pan_tilt_space, _WHOLE, _WHOLE),
        relative_zoom=space(told.relative_zoom_space, _WHOLE),
        continuous_pan_tilt=space(told.continuous_pan_tilt_space, _WHOLE, _WHOLE),
        continuous_zoom=space(told.continuous_zoom_space, _WHOLE),
    )


def _chosen(spaces: Sequence[Space]) -> Space | None:
    """The generic space, which every camera with a head must have (PTZ Service, 4.7); else its first."""
    return next((space for space in spaces if space.uri.startswith(_GENERIC)), spaces[0] if spaces else None)


def _spoken(spaces: Sequence[Space], uri: str | None) -> Space | None:
    return next((space for space in spaces if space.uri == uri), _chosen(spaces))


def _named(space: Space) -> str | None:
    """The space for the request: one that is not generic has to be told, for another may be meant else."""
    return None if space.uri.startswith(_GENERIC) else space.uri or None


def _signed(wanted: Place, pan_tilts: Sequence[Space], zooms: Sequence[Space]) -> PtzVector | None:
    pan_tilt, zoom = _chosen(pan_tilts), _chosen(zooms)
    turns = pan_tilt is not None and (wanted.pan is not None or wanted.tilt is not None)
    nears = zoom is not None and wanted.zoom is not None
    if not turns and not nears:
        return None
    return PtzVector(
        pan=_stretched(wanted.pan or 0.0, pan_tilt.x) if turns and pan_tilt else None,
        tilt=_stretched(wanted.tilt or 0.0, pan_tilt.y or pan_tilt.x) if turns and pan_tilt else None,
        zoom=_stretched(wanted.zoom or 0.0, zoom.x) if nears and zoom else None,
        pan_tilt_space=_named(pan_tilt) if turns and pan_tilt else None,
        zoom_space=_named(zoom) if nears and zoom else None,
    )


def _stretched(value: float, limits: Range) -> float:
    """-1 to 1 onto limits around zero; 0 stays where nothing moves."""
    return value * limits.high if value >= 0 else -value * limits.low


def _between(value: float, given: Range, wanted: Range) -> float:
    """*value* within *given* as the place alike within *wanted*."""
    if given == wanted:
        return wanted.clamped(value)
    share = (given.clamped(value) - given.low) / ((given.high - given.low) or 1.0)
    return round(wanted.low + share * (wanted.high - wanted.low), 6)
