import type { Camera } from "../../api/gen";
import { Button, IconButton } from "../../design/Button";
import { Field, Select } from "../../design/Field";
import { Icon } from "../../design/Icon";
import { text } from "../../text/en";
import { addDays, dateKey } from "../../text/time";
import { navigate } from "../shell/navigation";
import { type EventsRoute, hrefOf } from "../shell/routes";
import { dayOf } from "./eventList";
import styles from "./Events.module.css";
import { kindGroups, lookOf, withGroup } from "./kinds";

const ALL = "";
const SOME = "some";

/** Which events are shown: each choice is an address. */
export function EventFilters({
  route,
  cameras,
  today,
}: {
  route: EventsRoute;
  cameras: readonly Camera[];
  today: string;
}) {
  const show = (next: Partial<EventsRoute>) => navigate(hrefOf({ ...route, ...next }), { replace: true });
  const filtered = route.cameras.length > 0 || route.kinds.length > 0 || route.day !== null;
  return (
    <section className={styles.filters} aria-label={text.events.filters}>
      <CameraFilter route={route} cameras={cameras} onChange={(chosen) => show({ cameras: chosen })} />
      <DayFilter day={route.day} today={today} onChange={(day) => show({ day })} />
      <div className={styles.kinds} role="group" aria-label={text.events.kinds}>
        {kindGroups.map(({ id, kinds }) => {
          const on = kinds.every((kind) => route.kinds.includes(kind));
          return (
            <button
              key={id}
              type="button"
              className={styles.chip}
              aria-pressed={on}
              onClick={() => show({ kinds: withGroup(route.kinds, kinds, !on) })}
            >
              <Icon name={lookOf(kinds[0]).icon} size={16} />
              {text.events.groups[id]}
            </button>
          );
        })}
      </div>
      {filtered && (
        <Button tone="quiet" icon="close" onClick={() => show({ cameras: [], kinds: [], day: null })}>
          {text.events.clear}
        </Button>
      )}
    </section>
  );
}

type CameraFilterProps = { route: EventsRoute; cameras: readonly Camera[]; onChange: (cameras: string[]) => void };

function CameraFilter({ route, cameras, onChange }: CameraFilterProps) {
  const [first = ALL, ...more] = route.cameras;
  const several = more.length > 0;
  const known = several || first === ALL || cameras.some(({ id }) => id === first);
  const options = [
    { value: ALL, label: text.events.allCameras },
    ...(several ? [{ value: SOME, label: text.events.someCameras(route.cameras.length) }] : []),
    ...(known ? [] : [{ value: first, label: text.events.removedCamera }]),
    ...cameras.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <Select
      label={text.events.camera}
      value={several ? SOME : first}
      options={options}
      onChange={(chosen) => chosen !== SOME && onChange(chosen === ALL ? [] : [chosen])}
    />
  );
}

type DayFilterProps = { day: string | null; today: string; onChange: (day: string | null) => void };

function DayFilter({ day, today, onChange }: DayFilterProps) {
  const beside = (days: number) => dateKey(addDays(dayOf(day ?? today), days));
  return (
    <div className={styles.dayFilter}>
      <IconButton icon="left" label={text.events.previousDay} onClick={() => onChange(beside(day === null ? 0 : -1))} />
      <Field
        label={text.events.day}
        type="date"
        max={today}
        value={day ?? ""}
        onChange={(e) => onChange(e.target.value === "" ? null : e.target.value)}
      />
      <IconButton
        icon="right"
        label={text.events.nextDay}
        disabled={day === null || day >= today}
        onClick={() => onChange(beside(1))}
      />
    </div>
  );
}
