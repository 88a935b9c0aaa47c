import leven from 'leven';

/** The known name within four tenths of its length in edits, compared without case and punctuation. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of known) {
    const target = plain(candidate);
    const distance = leven(wanted, target);
    const allowed = Math.max(1, Math.round(Math.max(wanted.length, target.length) * 0.4));
    if (distance < bestDistance && distance <= allowed) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `, did you mean "x"?` for the nearest of the known names, or nothing when none is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : `, did you mean "${nearest}"?`;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
