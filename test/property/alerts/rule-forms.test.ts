import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formFileText, readFormFile } from '../../../main/engine/alerts/authoring/form-file.ts';
import { checkRules } from '../../../main/engine/rule-tools.ts';
import { anyForm } from '../../helpers/form-arbitrary.ts';

test('every form gives a file that can be used, and is read back from it as it was', () => {
  fc.assert(
    fc.property(anyForm, (form) => {
      const text = formFileText(form);
      const read = checkRules(text);
      expect(read.ok ? [] : [read.problems, text]).toEqual([]);
      expect(readFormFile(text)).toEqual({ form, edited: false });
    }),
    { numRuns: 400 },
  );
});

test('a file that was changed by hand says so, and one without a form has none', () => {
  fc.assert(
    fc.property(anyForm, (form) => {
      const text = formFileText(form);
      expect(readFormFile(`${text}# a thought\n`)).toEqual({ form, edited: true });
      // Line ends of another system are no change.
      expect(readFormFile(text.replaceAll('\n', '\r\n'))).toEqual({ form, edited: false });
      expect(readFormFile(text.slice(text.indexOf('\n') + 1))).toBeNull();
    }),
    { numRuns: 50 },
  );
});
