// The plain model of an episode's life: keeps all that was ever said, and works out from it what is so and who was told what. It follows
// the words of the rules ALR-50 to ALR-60 and shares nothing with the server.

/** What is said to an alert, each at its instant (seconds). */
export type Said =
  | { readonly kind: 'true'; readonly severity: number; readonly began: number }
  | { readonly kind: 'false' }
  | { readonly kind: 'silent' }
  /** At which of the levels 1 and 2 somebody is. */
  | { readonly kind: 'staff'; readonly levels: readonly number[] }
  | { readonly kind: 'acknowledge'; readonly by: string }
  | { readonly kind: 'snooze'; readonly by: string; readonly until: number }
  | { readonly kind: 'release'; readonly by: string }
  | { readonly kind: 'comment' | 'see'; readonly by: string }
  /** Nothing is decided in these seconds. */
  | { readonly kind: 'away'; readonly until: number }
  | { readonly kind: 'restart' | 'time' };

export interface Line {
  readonly at: number;
  readonly said: Said;
}

export interface Outcome {
  readonly episodes: readonly string[];
  /** In order: episode, kind, severity, round, loop, level. */
  readonly told: readonly string[];
}

interface Turn {
  readonly at: number;
  readonly isTrue: boolean;
}

interface Hand {
  readonly how: 'acknowledged' | 'snoozed';
  readonly by: string;
  readonly until: number;
}

interface Paper {
  readonly began: number;
  since: number;
  raised: number;
  severity: number;
  /** Each time that the condition became true or false. */
  readonly turns: Turn[];
  /** Each time that level 1 was called, and since which turn; null: the alarm that is due when it is true again. */
  alarmAt: number | null;
  rounds: number;
  step: number;
  exhausted: boolean;
  hand: Hand | null;
  handsOver: number;
  endedAt: number | null;
  looked: boolean;
  /** Each time that it was found, or kept, unstable. */
  readonly shaky: number[];
}

/** Seconds after the alarm, loop, level. */
const STEPS = [
  [0, 1, 1],
  [180, 1, 2],
  [420, 1, 3],
  [600, 2, 1],
  [780, 2, 2],
  [1_020, 2, 3],
] as const;
const STEPS_END = 1_200;

/** `keep`: seconds for which it keeps firing. */
export function workOut(story: readonly Line[], keep: number): Outcome {
  const papers: Paper[] = [];
  const openings: number[] = [];
  const told: string[] = [];
  let seen: Said = { kind: 'false' };
  let staff: readonly number[] = [1, 2];
  let clock = story[0]?.at ?? 0;

  const isTrue = ({ turns }: Paper): boolean => turns.at(-1)!.isTrue;
  const turnedAt = ({ turns }: Paper): number => turns.at(-1)!.at;
  const shakyUntil = ({ shaky }: Paper): number => (shaky.at(-1) ?? -Infinity) + 1_800;
  const openOne = (): Paper | undefined => papers.find(({ endedAt }) => endedAt === null);
  const latest = (): Paper | undefined =>
    openOne() ?? [...papers].sort((a, b) => lastTrue(a) - lastTrue(b)).at(-1);

  /** Seconds of the alarm in which there was something to answer. */
  function elapsed({ turns, alarmAt }: Paper, now: number): number {
    let sum = 0;
    turns.forEach(({ at, isTrue: was }, index) => {
      const until = turns[index + 1]?.at ?? now;
      if (was) sum += Math.max(0, until - Math.max(at, alarmAt ?? now));
    });
    return sum;
  }
  /** The first level from this one on at which somebody is. */
  function answering(level: number): number {
    return [1, 2].find((each) => each >= level && staff.includes(each)) ?? 3;
  }
  function tell(paper: Paper, kind: string, step = paper.step): void {
    if (paper.severity === 3) return;
    const [loop, level] = [Math.floor(paper.step / 10), step % 10];
    told.push([paper.began, kind, `P${paper.severity}`, paper.rounds, loop, level].join(' '));
  }
  function alarm(paper: Paper, now: number, kind: string | null): void {
    const isPushed = paper.severity < 3;
    paper.alarmAt = isPushed ? now : null;
    paper.step = isPushed ? 10 + answering(1) : 10;
    paper.exhausted = false;
    if (kind !== null) tell(paper, kind);
  }
  function backToAll(paper: Paper, now: number, kind: string): void {
    paper.hand = null;
    paper.handsOver += 1;
    paper.rounds += 1;
    alarm(paper, now, kind);
  }

  function begin(now: number, began: number, severity: number): void {
    const before = latest();
    const wasShaky = before !== undefined && now < shakyUntil(before);
    openings.push(now);
    const paper: Paper = {
      began,
      since: began,
      raised: saidAt - 1,
      severity,
      turns: [{ at: now, isTrue: true }],
      alarmAt: null,
      rounds: 1,
      step: 10,
      exhausted: false,
      hand: null,
      handsOver: 1,
      endedAt: null,
      looked: false,
      shaky: wasShaky ? [now] : [],
    };
    papers.push(paper);
    alarm(paper, now, 'fire');
  }

  function comeBack(paper: Paper, now: number, began: number, severity: number): void {
    const { endedAt, hand } = paper;
    const isLongOver = endedAt !== null && now - endedAt > 30;
    if (now < shakyUntil(paper)) paper.shaky.push(now);
    paper.turns.push({ at: now, isTrue: true });
    paper.endedAt = null;
    paper.since = began;
    if (isLongOver) {
      paper.severity = severity;
      paper.looked = false;
    }
    if (paper.severity === severity) paper.raised = saidAt - 1;
    if (endedAt !== null) paper.handsOver += 1;
    const ranOut = hand !== null && now >= hand.until;
    if (endedAt === null && ranOut) paper.handsOver += 1;
    if (isLongOver || ranOut) {
      paper.hand = null;
      paper.rounds += 1;
      alarm(paper, now, 'fire');
    } else if (hand === null && paper.alarmAt === null && paper.severity < 3)
      alarm(paper, now, 'fire');
  }

  function end(paper: Paper, now: number): void {
    paper.endedAt = now;
    paper.handsOver += 1;
    paper.looked ||= paper.hand !== null;
    tell(paper, 'end');
  }

  function raise(paper: Paper, now: number, severity: number): void {
    paper.severity = severity;
    paper.raised = saidAt - 1;
    if (paper.hand !== null) {
      if (severity === 1) backToAll(paper, now, 'raise');
      return;
    }
    if (paper.alarmAt === null) alarm(paper, now, 'raise');
    else tell(paper, 'raise', answering(1));
  }

  function notice(paper: Paper, now: number): void {
    if (now < shakyUntil(paper)) return;
    const trues = paper.turns.filter((turn) => turn.isTrue).map(({ at }) => at);
    const third = trues.at(-3);
    const isFlapping = third !== undefined && now - third <= 60;
    const isFrequent = openings.filter((at) => now - at <= 900).length >= 4;
    if (!isFlapping && !isFrequent) return;
    paper.shaky.push(now);
    if (paper.hand === null) tell(paper, 'unstable');
  }

  function callFurther(paper: Paper, now: number): void {
    if (paper.alarmAt === null || paper.exhausted) return;
    if (seen.kind === 'silent' && paper.severity !== 1) return;
    const gone = elapsed(paper, now);
    const [, loop, level] = STEPS.filter(([after]) => after <= gone).at(-1)!;
    const step = loop * 10 + answering(level);
    if (step > paper.step) {
      paper.step = step;
      tell(paper, 'escalate');
    }
    if (gone >= STEPS_END) paper.exhausted = true;
  }

  let saidAt = clock;
  /** All that follows at this instant. */
  function settle(now: number): void {
    let paper = openOne();
    if (paper === undefined) {
      if (seen.kind !== 'true') return;
      const { began, severity } = seen;
      const last = latest();
      const same = papers.find((each) => each.began === began);
      const goesOn = same ?? (last !== undefined && now - last.endedAt! <= 30 ? last : undefined);
      if (goesOn === undefined) begin(now, began, severity);
      else comeBack(goesOn, now, began, severity);
      paper = openOne()!;
    } else if (seen.kind === 'true' && !isTrue(paper))
      comeBack(paper, now, seen.began, seen.severity);
    else if (seen.kind === 'false' && isTrue(paper)) paper.turns.push({ at: now, isTrue: false });

    if (!isTrue(paper)) {
      if (seen.kind !== 'false') return;
      const isShaky = now < shakyUntil(paper);
      const kept = turnedAt(paper) + (isShaky ? Math.max(keep, 600) : keep);
      const due = paper.hand?.how === 'snoozed' ? paper.hand.until : kept;
      if (now >= due) end(paper, now);
      return;
    }
    if (seen.kind === 'true') {
      if (seen.severity < paper.severity) raise(paper, now, seen.severity);
      else if (seen.severity === paper.severity && seen.began !== paper.since)
        paper.raised = saidAt - 1;
      paper.since = seen.began;
    }
    notice(paper, now);
    if (paper.hand === null) callFurther(paper, now);
    else if (now >= paper.hand.until) backToAll(paper, now, 'fire');
  }

  /** Every instant at which time alone could matter, and some at which it does not. */
  function soonest(now: number, until: number): number | null {
    const paper = openOne();
    if (paper === undefined) return null;
    const at = turnedAt(paper);
    const found = [at + keep, at + 600, shakyUntil(paper), paper.hand?.until ?? until];
    if (isTrue(paper) && paper.alarmAt !== null) {
      const gone = elapsed(paper, now);
      for (const after of [...STEPS.map(([seconds]) => seconds), STEPS_END])
        found.push(now + after - gone);
    }
    const ahead = found.filter((each) => each > now && each <= until);
    return ahead.length === 0 ? null : Math.min(...ahead);
  }
  function pass(until: number): void {
    for (let next = soonest(clock, until); next !== null; next = soonest(clock, until)) {
      clock = next;
      settle(clock);
    }
    clock = until;
    settle(clock);
  }

  function hear(said: Said, now: number): void {
    const paper = latest();
    switch (said.kind) {
      case 'true':
      case 'false':
      case 'silent':
        seen = said;
        saidAt = now;
        return;
      case 'staff':
        staff = said.levels;
        return;
      case 'away':
        clock = said.until;
        return;
      case 'acknowledge':
        if (paper !== undefined)
          take(paper, { how: 'acknowledged', by: said.by, until: now + 900 });
        return;
      case 'snooze':
        if (paper?.endedAt !== null || said.until <= now || said.until > now + 14_400) return;
        take(paper, { how: 'snoozed', by: said.by, until: said.until });
        return;
      case 'release':
        if (paper?.endedAt !== null || paper.hand === null) return;
        if (isTrue(paper)) return backToAll(paper, now, 'fire');
        paper.hand = null;
        paper.handsOver += 1;
        paper.rounds += 1;
        paper.alarmAt = null;
        paper.step = 10;
        paper.exhausted = false;
        return;
      case 'see':
        if (paper !== undefined) paper.looked = true;
        return;
      case 'comment':
      case 'restart':
      case 'time':
        return;
      default:
        said satisfies never;
    }
  }
  function take(paper: Paper, hand: Hand): void {
    paper.looked = true;
    if (paper.endedAt !== null) return;
    if (paper.hand?.by !== hand.by || paper.hand.how !== hand.how) paper.handsOver += 1;
    paper.hand = hand;
  }

  for (const { at, said } of story) {
    pass(at);
    hear(said, at);
    settle(clock);
  }
  return { episodes: papers.map(written), told };

  function written(paper: Paper): string {
    const { began, since, raised, severity, step, rounds, handsOver, hand, exhausted } = paper;
    const parts = [
      `${began} ${stateOf(paper)} P${severity} level ${step % 10} loop ${Math.floor(step / 10)}`,
      `round ${rounds} version ${handsOver} since ${since} raised ${raised}`,
      hand === null ? 'nobody' : `${hand.by} ${hand.how} until ${hand.until}`,
      ...(exhausted ? ['exhausted'] : []),
      ...(paper.looked ? ['seen'] : []),
    ];
    return parts.join(', ');
  }
  function stateOf(paper: Paper): string {
    if (paper.endedAt !== null) return 'resolved';
    if (paper.hand?.how === 'snoozed') return 'snoozed';
    if (!isTrue(paper)) return 'recovering';
    return paper.hand === null ? 'firing' : 'acknowledged';
  }
}

function lastTrue({ turns }: Paper): number {
  return turns.filter(({ isTrue }) => isTrue).at(-1)!.at;
}
