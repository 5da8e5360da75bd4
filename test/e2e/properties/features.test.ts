// Each case of the section, as test/conformance/rows has it.

import { declareSection } from '../../conformance/declare.js';
import { sections } from '../../conformance/sections.js';

declareSection(sections.features);
