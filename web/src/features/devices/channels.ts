import type { KeptChannel, ReportedChannel, Trial } from "../../api/gen";

/** What a person wants of one channel of a device. */
export type Choice = { channel: string; title: string; keep: boolean; name: string; added: boolean };

/** The channels of a trial; where nothing was reported, the one that is watched. */
export function channelsOf(trial: Trial): ReportedChannel[] {
  const reported = trial.report?.channels ?? [];
  if (reported.length > 0) return reported;
  return [{ channel: trial.channel ?? "", name: "", main: null, sub: null, ptz: false, added: null }];
}

/** At first: everything that is not there yet, by the names that the device gives. */
export function firstChoices(trial: Trial): Choice[] {
  const channels = channelsOf(trial);
  return channels.map(({ channel, name, added }) => {
    const own = channels.length === 1 ? trial.report?.name || name : name;
    return {
      channel,
      title: name || channel,
      keep: added === null || channels.length === 1,
      name: own.slice(0, 64),
      added: added !== null,
    };
  });
}

/** Whether any channel sends sound, as it states or as was received. */
export function hasSound(trial: Trial): boolean {
  const { main, sub } = trial.streams;
  return (
    Boolean(main?.audio ?? sub?.audio) || channelsOf(trial).some((each) => Boolean(each.main?.audio ?? each.sub?.audio))
  );
}

export const kept = (choices: readonly Choice[], sound: boolean): KeptChannel[] =>
  choices.filter(({ keep }) => keep).map(({ channel, name }) => ({ channel, name: name.trim(), sound }));

/** The same choices under what the device reports by now: names that were typed stay. */
export function grown(choices: readonly Choice[], trial: Trial): readonly Choice[] {
  const found = firstChoices(trial);
  const same = found.length === choices.length && found.every((each, i) => each.channel === choices[i]?.channel);
  return same ? choices : found;
}
