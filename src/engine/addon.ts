// In the executable the addon's functions are linked in.

import addon from 'sampan:addon';
import { useAddon } from '../native/load.js';

useAddon(addon);
