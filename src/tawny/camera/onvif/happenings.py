"""What a device tells of: motion and objects where actors are in the picture, a picture that is of no use, an input."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tawny.camera.live import LiveStream
from tawny.camera.onvif import relays
from tawny.camera.onvif.actors import Seen, seen, within
from tawny.camera.onvif.head import Head
from tawny.camera.onvif.model import Channel
from tawny.camera.onvif.notifications import Notifications
from tawny.camera.onvif.views import View
from tawny.runtime.clock import Clock
from tawny.wire.onvif import metadata
from tawny.wire.onvif.elements import spelt
from tawny.wire.onvif.events import CHANGED, Message
from tawny.wire.onvif.metadata import Frame, Metadata, SeenObject
from tawny.wire.onvif.topics import TopicDescription

MOTION = "tns1:VideoSource/MotionAlarm"
CELL_MOTION = "tns1:RuleEngine/CellMotionDetector/Motion"
OBJECTS = "tns1:RuleEngine/ObjectDetection/Object"
INPUT = "tns1:Device/Trigger/DigitalInput"
INPUT_TOKEN = "input-1"  # noqa: S105 - an input's
DARK, BRIGHT = "tns1:VideoSource/ImageTooDark/ImagingService", "tns1:VideoSource/ImageTooBright/ImagingService"
BLURRY = "tns1:VideoSource/ImageTooBlurry/ImagingService"
SCENE_CHANGE = "tns1:VideoSource/GlobalSceneChange/ImagingService"
CONFIGURATION, PROFILE = "tns1:Media/ConfigurationChanged", "tns1:Media/ProfileChanged"
_TOO_LITTLE, _TOO_MUCH = 15.0, 85.0  # of a picture's brightness or sharpness, which go from 0 to 100
_EVERY_S = 0.5  # a look at what changes
_BOXES_EVERY_S = 0.2  # a look at where they are who move: between two, a straight line is as good as the drawing
_LIKELIHOOD = 0.9  # that an object is what it is told to be

_RULE = {
    "VideoSourceConfigurationToken": "tt:ReferenceToken",
    "VideoAnalyticsConfigurationToken": "tt:ReferenceToken",
    "Rule": "xs:string",
}
_SEEN_TOPICS = (
    *(
        TopicDescription(
            topic=topic, is_property=True, source={"Source": "tt:ReferenceToken"}, data={"State": "xs:boolean"}
        )
        for topic in (MOTION, DARK, BRIGHT, BLURRY, SCENE_CHANGE)
    ),
    TopicDescription(topic=CELL_MOTION, is_property=True, source=_RULE, data={"IsMotion": "xs:boolean"}),
    TopicDescription(topic=OBJECTS, is_property=True, source=_RULE, data={"ClassTypes": "tt:StringList"}),
)
_DEVICE_TOPICS = (
    TopicDescription(
        topic=INPUT, is_property=True, source={"InputToken": "tt:ReferenceToken"}, data={"LogicalState": "xs:boolean"}
    ),
    TopicDescription(
        topic=CONFIGURATION, is_property=False, source={"Token": "tt:ReferenceToken"}, data={"Type": "xs:string"}
    ),
    relays.DESCRIPTION,
    TopicDescription(topic=PROFILE, is_property=False, source={"Token": "tt:ReferenceToken"}, data={}),
)


def topics_of(channels: Sequence[Channel]) -> tuple[TopicDescription, ...]:
    """What a device with *channels* tells of: of what is seen only where a place is drawn."""
    drawn = any(not channel.captured for channel in channels)
    return (*_SEEN_TOPICS, *_DEVICE_TOPICS) if drawn else _DEVICE_TOPICS


class Happenings:
    """Watches the drawn channels, tells what changes, and sends what is seen in the metadata track to those who watch.

    Invariant: the state of every property is told before anybody can ask.

    *look* tells who is in the picture of a place at a moment of its loop, *heads* how pictures are adjusted.
    """

    def __init__(
        self,
        channels: Sequence[Channel],
        notifications: Notifications,
        *,
        clock: Clock,
        heads: Mapping[str, Head],
        look: Callable[[str, float], tuple[Seen, ...]] = seen,
    ) -> None:
        self._channels = [channel for channel in channels if not channel.captured]
        self._notifications = notifications
        self._clock = clock
        self._look = look
        self._heads = heads
        self._somebody: set[str] = set()  # channels of which boxes were told last
        self._uncovered: dict[str, View] = {}  # what was looked at before the lens was covered
        self._input = False
        for channel in self._channels:
            for each in channel.streams:
                each.live.carry_metadata()
        self._tell_input()
        self._watch()

    async def run(self) -> None:
        """Look at what changes twice a second, for ever."""
        while True:
            await self._clock.sleep(_EVERY_S)
            self._watch()

    async def follow(self) -> None:
        """Tell those who watch where everybody is, as long as anybody is in the picture, for ever."""
        while True:
            await self._clock.sleep(_BOXES_EVERY_S)
            for channel in self._channels:
                if _watched(channel) and ((found := self._seen(channel)) or channel.token in self._somebody):
                    self._send(channel, found, ())

    def flip_input(self) -> None:
        """Somebody presses, or lets go, what hangs on the digital input."""
        self._input = not self._input
        self._tell_input()

    def configuration_changed(self, kind: str, token: str) -> None:
        """A client changed a configuration (Media2, 5.12.1)."""
        self._notifications.tell(Message(topic=CONFIGURATION, source={"Token": token}, data={"Type": kind}))

    def profile_changed(self, token: str) -> None:
        """A client made, changed or deleted a profile."""
        self._notifications.tell(Message(topic=PROFILE, source={"Token": token}, data={}))

    def cover(self) -> None:
        """Somebody covers the lenses, or takes the cover off again."""
        covered, self._uncovered = self._uncovered, {}
        for token, head in self._heads.items():
            if not covered:
                self._uncovered[token] = head.view
            head.look(covered.get(token) or replace(head.view, brightness=0.0))
        self._watch()

    def _watch(self) -> None:
        for channel in self._channels:
            found = self._seen(channel)
            head = self._heads.get(channel.token)
            spoilt = _spoilt(channel, head.view if head else View(), covered=channel.token in self._uncovered)
            told = [self._notifications.tell(message) for message in (*_told(channel, found), *spoilt)]
            messages = [message for message in told if message is not None]
            if messages or not found:  # boxes are told by `follow`
                self._send(channel, found, messages)

    def _seen(self, channel: Channel) -> tuple[Seen, ...]:
        """Who is in the picture at this moment, and where in what the head shows of it."""
        found = self._look(channel.token, channel.streams[0].looped.position_s())
        head = self._heads.get(channel.token)
        return found if head is None else within(found, head.shown.part())

    def _send(self, channel: Channel, found: tuple[Seen, ...], messages: Sequence[Message]) -> None:
        """Send a metadata document to those who watch the channel."""
        watched = _watched(channel)
        if not watched:
            return
        (self._somebody.add if found else self._somebody.discard)(channel.token)
        objects = tuple(SeenObject(number=a.number, box=a.box, kinds=((a.kind, _LIKELIHOOD),)) for a in found)
        frame = Frame(utc_us=self._clock.utc_us(), source=channel.token, objects=objects)
        document = metadata.write(Metadata(frames=(frame,), messages=tuple(messages)))
        for live in watched:
            live.send_document(document)

    def _tell_input(self) -> None:
        data = {"LogicalState": spelt(self._input)}
        message = Message(topic=INPUT, operation=CHANGED, source={"InputToken": INPUT_TOKEN}, data=data)
        if (told := self._notifications.tell(message)) is not None:
            for channel in self._channels:
                self._send(channel, self._seen(channel), [told])


def _watched(channel: Channel) -> list[LiveStream]:
    return [each.live for each in channel.streams if each.live.watched]


def _told(channel: Channel, found: tuple[Seen, ...]) -> list[Message]:
    moving, kinds = spelt(bool(found)), " ".join(sorted({each.kind for each in found}))
    rule = {"VideoSourceConfigurationToken": f"{channel.token}-picture", "VideoAnalyticsConfigurationToken": "none"}
    return [
        Message(topic=MOTION, operation=CHANGED, source={"Source": channel.token}, data={"State": moving}),
        Message(topic=CELL_MOTION, operation=CHANGED, source=rule | {"Rule": "motion"}, data={"IsMotion": moving}),
        Message(topic=OBJECTS, operation=CHANGED, source=rule | {"Rule": "objects"}, data={"ClassTypes": kinds}),
    ]


def _spoilt(channel: Channel, view: View, *, covered: bool) -> list[Message]:
    """Whether the picture is of no use."""
    states = {
        DARK: view.brightness < _TOO_LITTLE,
        BRIGHT: view.brightness > _TOO_MUCH,
        BLURRY: view.sharpness < _TOO_LITTLE,
        SCENE_CHANGE: covered,
    }
    source = {"Source": channel.token}
    return [
        Message(topic=topic, operation=CHANGED, source=source, data={"State": spelt(state)})
        for topic, state in states.items()
    ]
