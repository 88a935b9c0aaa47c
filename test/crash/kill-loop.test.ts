import { declareKillLoop } from './kill-loop.ts';

/** Short enough for `npm test`; `npm run test:crash` kills more runs, and `npm run torture` a thousand times. */
declareKillLoop(8, 1);
