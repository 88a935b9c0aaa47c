import { z } from 'zod';
import { didYouMean } from './nearest.ts';

/**
 * A strict object whose unknown keys are answered with the nearest known one.
 *
 * @param explain Says more of a key that is not unknown, but not allowed here.
 */
export function strict<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  explain: (key: string) => string | undefined = () => undefined,
) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      return issue.keys.map((key) => explain(key) ?? `unknown key "${key}"${didYouMean(key, known)}`).join('; ');
    },
  });
}
