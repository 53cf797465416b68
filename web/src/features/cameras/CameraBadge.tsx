import type { Camera, Phase } from "../../api/gen";
import { Badge, type Tone } from "../../design/Badge";
import type { IconName } from "../../design/Icon";
import { text } from "../../text/en";

const looks: Readonly<Record<Phase, { tone: Tone; icon: IconName }>> = {
  online: { tone: "good", icon: "check" },
  connecting: { tone: "neutral", icon: "wait" },
  waiting: { tone: "bad", icon: "warning" },
  disabled: { tone: "neutral", icon: "off" },
};

/** How a camera is, in one word. */
export function CameraBadge({ camera }: { camera: Pick<Camera, "state"> }) {
  const { tone, icon } = looks[camera.state.phase];
  return (
    <Badge tone={tone} icon={icon}>
      {text.phases[camera.state.phase]}
    </Badge>
  );
}
