"""The event service: pull points over what happens (`notifications`), and messages brought to consumers."""

from collections.abc import Sequence

from tawny.camera.onvif.consumers import Consumers, permitted
from tawny.camera.onvif.device_service import Service
from tawny.camera.onvif.dispatch import Asked, Handler, Operation, refusal
from tawny.camera.onvif.notifications import MOST_PULL_POINTS, Notifications, PullPoint
from tawny.runtime.clock import Clock
from tawny.wire.onvif.answers import events as answers
from tawny.wire.onvif.elements import Element, child, duration_s, integer, make, text
from tawny.wire.onvif.topics import TopicDescription

SUBSCRIPTIONS = "/onvif/subscriptions/"
_USUAL_S = 60.0
_MOST_S = 3600.0
_MOST_PULL_S = 120.0
_MOST_MESSAGES = 100


class EventService:
    """The operations of ``tev`` and those of ``wsnt`` on a subscription, which has an address of its own."""

    def __init__(
        self,
        notifications: Notifications,
        consumers: Consumers,
        *,
        topics: Sequence[TopicDescription],
        clock: Clock,
    ) -> None:
        self._topics = topics
        self._notifications = notifications
        self._consumers = consumers
        self._clock = clock

    def service(self) -> Service:
        """The service with all its operations."""
        handlers: dict[str, Handler] = {
            "tev:GetServiceCapabilities": lambda _: make("tev:GetServiceCapabilitiesResponse", _capabilities()),
            "tev:GetEventProperties": lambda _: answers.properties(self._topics),
            "tev:CreatePullPointSubscription": self._create,
            "tev:PullMessages": self._pull,
            "tev:SetSynchronizationPoint": self._synchronize,
            "wsnt:Subscribe": self._subscribe,
            "wsnt:Renew": self._renew,
            "wsnt:Unsubscribe": self._unsubscribe,
        }
        return Service(
            prefix="tev",
            operations=[Operation(name=name, handler=handler) for name, handler in handlers.items()],
            capabilities=_capabilities,
        )

    def _subscribe(self, asked: Asked) -> Element:
        consumer = text(asked.body, "ConsumerReference/Address") or ""
        if not permitted(consumer, asked.peer):
            reason = "Messages are sent by HTTP to the address of who subscribes."
            raise refusal("wsnt:SubscribeCreationFailedFault", reason=reason)
        point = self._made(asked)
        self._consumers.serve(point, consumer)
        return self._told("wsnt:Subscribe", point, asked)

    def _create(self, asked: Asked) -> Element:
        return self._told("tev:CreatePullPointSubscription", self._made(asked), asked)

    def _made(self, asked: Asked) -> PullPoint:
        wanted = answers.read_filter(child(asked.body, "Filter"), self._topics)
        lasts_s = self._lasting_s(asked, "InitialTerminationTime")
        point = self._notifications.subscribe(wanted, lasts_s=lasts_s)
        if point is None:
            reason = f"There are {MOST_PULL_POINTS} pull points already."
            raise refusal("wsnt:SubscribeCreationFailedFault", reason=reason, code="Receiver")
        return point

    def _told(self, operation: str, point: PullPoint, asked: Asked) -> Element:
        now_us, until_us = self._times(point)
        return answers.subscription(
            operation, asked.base + SUBSCRIPTIONS + point.name, now_us=now_us, until_us=until_us
        )

    async def _pull(self, asked: Asked) -> Element:
        point = self._point(asked)
        if point.pull is not None:
            raise answers.pull_refused(most_timeout_s=_MOST_PULL_S, most_messages=_MOST_MESSAGES)
        timeout_s = min(duration_s(asked.body, "Timeout") or 0.0, _MOST_PULL_S)
        most = min(max(1, integer(asked.body, "MessageLimit") or 1), _MOST_MESSAGES)
        self._notifications.extend(point, timeout_s + _USUAL_S)
        messages = await self._notifications.pull(point, timeout_s=timeout_s, most=most)
        now_us, until_us = self._times(point)
        return answers.pulled(messages, now_us=now_us, until_us=until_us)

    def _synchronize(self, asked: Asked) -> Element:
        self._notifications.synchronize(self._point(asked))
        return make("tev:SetSynchronizationPointResponse")

    def _renew(self, asked: Asked) -> Element:
        point = self._point(asked)
        self._notifications.extend(point, self._lasting_s(asked, "TerminationTime"))
        now_us, until_us = self._times(point)
        return answers.renewed(now_us=now_us, until_us=until_us)

    def _unsubscribe(self, asked: Asked) -> Element:
        self._notifications.drop(self._point(asked))
        return make("wsnt:UnsubscribeResponse")

    def _point(self, asked: Asked) -> PullPoint:
        point = self._notifications.point(asked.path.removeprefix(SUBSCRIPTIONS))
        if point is None:
            raise refusal("wsnt:ResourceUnknownFault", reason="There is no such subscription any more.")
        return point

    def _lasting_s(self, asked: Asked, path: str) -> float:
        now_us = self._clock.utc_us()
        return answers.lasting_s(asked.body, path, now_us=now_us, usual_s=_USUAL_S, most_s=_MOST_S)

    def _times(self, point: PullPoint) -> tuple[int, int]:
        now_us = self._clock.utc_us()
        return now_us, now_us + self._notifications.remaining_us(point)


def _capabilities() -> Element:
    return answers.capabilities(most=MOST_PULL_POINTS)
