/**
 * Measures several kinds in turn, round after round, so that all of them meet the same machine. Returns the results of each kind in the
 * order of the rounds.
 */
export async function inTurn<Kind extends string, Result>(
  rounds: number,
  kinds: readonly Kind[],
  measure: (kind: Kind) => Promise<Result>,
): Promise<ReadonlyMap<Kind, readonly Result[]>> {
  const results = new Map<Kind, Result[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of kinds) results.get(kind)?.push(await measure(kind));
  }
  return results;
}
