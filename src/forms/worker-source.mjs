// Only when run from sources: gives the worker the TypeScript loader. The build starts worker.js itself.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
