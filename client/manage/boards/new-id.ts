// The address of a new board, made of its name.

/** Small letters, digits and hyphens; where nothing of the name is left, `board`; with a number where `taken` has it. */
export function newId(name: string, taken: readonly string[]): string {
  const plain = name.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
  const words = plain.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const base = words.join('-').slice(0, 60) || 'board';
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken.includes(id)) return id;
  }
}
