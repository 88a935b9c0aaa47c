import { declareKillLoop } from './kill-loop.ts';

declareKillLoop(30, 1);
